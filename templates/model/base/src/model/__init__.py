"""The model's life in this repository: train, evaluate, package, score and smoke-test."""
