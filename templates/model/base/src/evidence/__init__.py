"""The evidence on a version of the model: its card, and publishing it."""
