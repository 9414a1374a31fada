"""``mloccli data …``."""

from __future__ import annotations

import click

from .adf import adf
from .cleanse import cleanse


@click.group()
def data() -> None:
    """Cleanse the data, and schedule that with Data Factory."""


data.add_command(adf)
data.add_command(cleanse)
