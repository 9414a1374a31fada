"""Tests: unit_test.py and model/ are the team's, platform/ comes with the template."""
