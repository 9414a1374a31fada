"""The central model registry: versions of the model and their life cycle."""
