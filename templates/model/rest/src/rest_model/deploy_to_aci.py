"""``mloccli azureml deploy-to-aci``: serve a version of the model in Azure Container Instances."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.rest_model.options import AZURE_OPTIONS


@click.command("deploy-to-aci", params=list(AZURE_OPTIONS))
def deploy_to_aci(**options: Any) -> int:
    """Serve a version of the model in Azure Container Instances.

    Each version is its own instance. Its address goes into the registry's tag
    scoring_uri.<environment> once the instance scored the example of the package as it should.
    Container Instances has no TLS: use it in a virtual network or with harmless data.
    """
    from mloccli.rest_model.session import deploy_version

    return int(deploy_version("aci", options, os.environ))


if __name__ == "__main__":
    run_script(deploy_to_aci)
