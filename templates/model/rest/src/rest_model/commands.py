"""``mloccli azureml …``."""

from __future__ import annotations

from typing import Any

import click

from .deploy_to_aci import deploy_to_aci
from .deploy_to_aks import deploy_to_aks
from .deploy_to_local import deploy_to_local
from .options import AZURE_OPTIONS, KEEP
from .roll_back import roll_back

_TARGETS = {"aci": deploy_to_aci, "aks": deploy_to_aks, "local": deploy_to_local}
_TARGET = click.Option(
    ["--target"],
    type=click.Choice(list(_TARGETS)),
    required=True,
    help="Container Instances, Kubernetes Service or this machine.",
)


@click.group()
def azureml() -> None:
    """Deploy the model as a REST service, or roll it back.

    Each version is an instance of its own, and any registered version can be deployed. The
    registry's tag scoring_uri.<environment> names its address, and only while the last smoke test
    of the instance has passed.
    """


@azureml.command(params=[_TARGET, *AZURE_OPTIONS, KEEP])
@click.pass_context
def deploy(context: click.Context, /, target: str, **options: Any) -> Any:
    """Deploy a version to a target; the same as deploy-to-<target>."""
    command = _TARGETS[target]
    taken = {parameter.name for parameter in command.params}
    for name in sorted(set(options) - taken):
        source = context.get_parameter_source(name)
        if source is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--target {target} takes no --{name.replace('_', '-')}.")
    given = {name: value for name, value in options.items() if name in taken}
    return context.invoke(command, **given)


for _command in (*_TARGETS.values(), roll_back):
    azureml.add_command(_command)
