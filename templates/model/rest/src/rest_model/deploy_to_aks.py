"""``mloccli azureml deploy-to-aks``: serve a version of the model in Azure Kubernetes Service."""

from __future__ import annotations

import os
from typing import Any

import click

from mloccli.cli import run_script
from mloccli.rest_model.options import AZURE_OPTIONS


@click.command("deploy-to-aks", params=list(AZURE_OPTIONS))
def deploy_to_aks(**options: Any) -> int:
    """Serve a version of the model in Azure Kubernetes Service.

    Each version is its own Deployment and Service. Its address goes into the registry's tag
    scoring_uri.<environment> once the instance scored the example of the package as it should.
    kubectl signs in with KUBECONFIG.
    """
    from mloccli.rest_model.session import deploy_version

    return int(deploy_version("aks", options, os.environ))


if __name__ == "__main__":
    run_script(deploy_to_aks)
