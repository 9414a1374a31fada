"""Measuring drift, deciding on it, and triggering the training."""
