"""Tests of the platform's task code; they come with the template."""
