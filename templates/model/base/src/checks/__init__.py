"""Checks of the repository that need no cloud and never run the model's code."""
