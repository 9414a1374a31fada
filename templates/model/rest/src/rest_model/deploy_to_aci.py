"""``mloccli azureml deploy-to-aci``: serve a version of the model in Azure Container Instances."""

from __future__ import annotations

import os

import click

from mloccli.cli import run_script
from mloccli.errors import ExitCode
from mloccli.rest_model.options import (
    dry_run_option,
    environment_option,
    rebuild_option,
    size_options,
    version_option,
)


@click.command("deploy-to-aci")
@version_option
@environment_option
@size_options
@rebuild_option
@dry_run_option
def deploy_to_aci(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    version: str | None,
    environment: str | None,
    cpu: float,
    memory: float,
    timeout: float,
    rebuild: bool,
    dry_run: bool,
) -> int:
    """Serve a version of the model in Azure Container Instances.

    Each version is its own instance. Its address goes into the registry's tag
    scoring_uri.<environment> once the instance scored the example of the package as it should.
    Container Instances has no TLS: use it in a virtual network or with harmless data.
    """
    from mloccli.rest_model.instance import Size
    from mloccli.rest_model.session import Order, choose_image, deploy, open_session

    session = open_session("aci", environment, os.environ)
    chosen = session.choose(version)
    image = choose_image(session, chosen, rebuild=rebuild)
    deploy(session, chosen, image, Order("aci", Size(cpu, memory), timeout, dry_run))
    return ExitCode.OK


if __name__ == "__main__":
    run_script(deploy_to_aci)
