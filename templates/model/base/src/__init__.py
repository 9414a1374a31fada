"""The platform's task code of a model repository, importable as ``mloccli``."""
