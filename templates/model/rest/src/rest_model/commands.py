"""``mloccli azureml …``."""

from __future__ import annotations

import click

from .deploy_to_aci import deploy_to_aci
from .deploy_to_aks import deploy_to_aks
from .deploy_to_local import deploy_to_local
from .options import (
    dry_run_option,
    environment_option,
    rebuild_option,
    size_options,
    version_option,
)
from .roll_back import roll_back


@click.group()
def azureml() -> None:
    """Deploy the model as a REST service, or roll it back.

    Each version is an instance of its own, and any registered version can be deployed. The
    registry's tag scoring_uri.<environment> names its address, and only while the last smoke test
    of the instance has passed.
    """


@azureml.command()
@click.option(
    "--target",
    type=click.Choice(["aci", "aks", "local"]),
    required=True,
    help="Container Instances, Kubernetes Service or this machine.",
)
@version_option
@environment_option
@size_options
@rebuild_option
@dry_run_option
@click.pass_context
def deploy(context: click.Context, target: str, **options: object) -> object:
    """Deploy a version to a target; the same as deploy-to-<target>."""
    commands = {"aci": deploy_to_aci, "aks": deploy_to_aks, "local": deploy_to_local}
    command = commands[target]
    taken = {parameter.name for parameter in command.params}
    given = {name: value for name, value in options.items() if name in taken}
    return context.invoke(command, **given)


for _command in (deploy_to_aci, deploy_to_aks, deploy_to_local, roll_back):
    azureml.add_command(_command)
