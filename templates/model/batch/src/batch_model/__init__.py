"""The tasks of a model that scores tables in batches."""
