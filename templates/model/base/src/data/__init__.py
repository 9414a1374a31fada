"""Cleansing the data and scheduling the model by Data Factory."""
