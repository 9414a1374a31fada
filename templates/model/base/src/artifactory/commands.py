"""``mloccli artifactory …``."""

from __future__ import annotations

import click

from .upload_model import upload_model


@click.group()
def artifactory() -> None:
    """Upload the packaged model to Artifactory."""


artifactory.add_command(upload_model)
