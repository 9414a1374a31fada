"""How a cluster reaches the data lake: by a SAS token, by the caller's own rights, or not at all.

A SAS token is kept in a secret scope of the workspace. A cluster's settings name the secret and
never hold the token, because everybody who sees the cluster sees its settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..utils.databricks import remote_errors
from ..utils.variables import Secret, require
from .target import Target, safe_segment

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

SAS_KEY = "sas-token"
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_PROVIDER = "org.apache.hadoop.fs.azurebfs.sas.FixedSASTokenProvider"


def secret_scope(target: Target) -> str:
    """The secret scope of the model in its environment."""
    return safe_segment(f"{target.model_name}-{target.environment.name}")


def data_access_conf(target: Target) -> dict[str, str]:
    """The Spark configuration for DATA_ACCESS; a token is named, never held."""
    access = target.configuration.base.data_access
    if access == "credential_passthrough":
        return {"spark.databricks.passthrough.enabled": "true"}
    if access == "none":
        return {}
    host = f"{_storage_account(target)}.dfs.core.windows.net"
    return {
        f"spark.hadoop.fs.azure.account.auth.type.{host}": "SAS",
        f"spark.hadoop.fs.azure.sas.token.provider.type.{host}": _PROVIDER,
        f"spark.hadoop.fs.azure.sas.fixed.token.{host}": (
            f"{{{{secrets/{secret_scope(target)}/{SAS_KEY}}}}}"
        ),
    }


def keep_sas_token(client: WorkspaceClient, target: Target, environ: Mapping[str, str]) -> None:
    """Put the variable SAS_TOKEN into the secret scope; nothing unless DATA_ACCESS asks for it."""
    if target.configuration.base.data_access != "sas_token":
        return
    token = Secret(require(environ, {"SAS_TOKEN": "the token for the data lake"})["SAS_TOKEN"])
    scope = secret_scope(target)
    with remote_errors(f"put the SAS token into the secret scope {scope}"):
        if scope not in {known.name for known in client.secrets.list_scopes()}:
            client.secrets.create_scope(scope)
        client.secrets.put_secret(scope, SAS_KEY, string_value=token.reveal().removeprefix("?"))


def _storage_account(target: Target) -> str:
    account = target.storage_account
    if account is None or _ACCOUNT.fullmatch(account) is None:
        raise UsageError(
            "DATA_ACCESS is sas_token, but STORAGE_ACCOUNT is not the name of a storage account.",
            "Set the variable STORAGE_ACCOUNT in the variable group of the environment.",
        )
    return account
