"""Tests of a whole model."""
