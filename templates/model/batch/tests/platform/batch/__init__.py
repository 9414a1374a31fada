"""The tasks of a model that scores in batches, against a Databricks workspace on this machine."""
