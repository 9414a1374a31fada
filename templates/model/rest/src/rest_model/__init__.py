"""The tasks of a model that answers requests over REST."""
