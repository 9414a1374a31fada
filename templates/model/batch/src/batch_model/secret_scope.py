"""The secrets that clusters need: kept in a secret scope of the workspace, and named elsewhere.

The settings of a cluster or a job only name a secret, because everybody who sees the cluster or
the job sees its settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..utils.databricks import remote_errors
from ..utils.variables import secret
from .target import Target, safe_segment

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

#: The key in the scope, by the name of the pipeline's secret variable.
SECRET_KEYS = {
    "SAS_TOKEN": "sas-token",
    "CMR_TOKEN": "cmr-token",
    "MLFLOW_TRACKING_TOKEN": "mlflow-tracking-token",
}


def scope_name(target: Target) -> str:
    """The secret scope of the model in its environment."""
    return safe_segment(f"{target.model_name}-{target.environment.name}")


def secret_reference(target: Target, name: str) -> str:
    """How settings name the secret of that variable."""
    return f"{{{{secrets/{scope_name(target)}/{SECRET_KEYS[name]}}}}}"


def keep_secrets(client: WorkspaceClient, target: Target, environ: Mapping[str, str]) -> None:
    """Put the secrets that this target names into its scope; nothing when it names none."""
    values = {name: secret(environ, name) for name in target.secrets}
    if not values:
        return
    scope = scope_name(target)
    with remote_errors(f"put secrets into the secret scope {scope}"):
        if scope not in {known.name for known in client.secrets.list_scopes()}:
            client.secrets.create_scope(scope)
        for name, value in sorted(values.items()):
            if value is not None:
                # Azure shows a SAS token with the question mark that begins a query.
                text = value.reveal().removeprefix("?")
                client.secrets.put_secret(scope, SECRET_KEYS[name], string_value=text)
