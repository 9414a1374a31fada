"""Uploading the packaged model to Artifactory."""
