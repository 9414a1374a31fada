"""How a cluster reaches the data lake: by a SAS token, by the caller's own rights, or not."""

from __future__ import annotations

import re

from ..errors import UsageError
from .secret_scope import secret_reference
from .target import Target

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_PROVIDER = "org.apache.hadoop.fs.azurebfs.sas.FixedSASTokenProvider"


def data_access_conf(target: Target) -> dict[str, str]:
    """The Spark configuration for DATA_ACCESS; a token is named, never held."""
    access = target.configuration.base.data_access
    if access == "credential_passthrough":
        return {"spark.databricks.passthrough.enabled": "true"}
    if access == "none":
        return {}
    if "SAS_TOKEN" not in target.secrets:
        raise UsageError(
            "DATA_ACCESS is sas_token, but there is no SAS_TOKEN.",
            "Map the secret SAS_TOKEN of the environment's variable group in the step's env.",
        )
    host = f"{_storage_account(target)}.dfs.core.windows.net"
    return {
        f"spark.hadoop.fs.azure.account.auth.type.{host}": "SAS",
        f"spark.hadoop.fs.azure.sas.token.provider.type.{host}": _PROVIDER,
        f"spark.hadoop.fs.azure.sas.fixed.token.{host}": secret_reference(target, "SAS_TOKEN"),
    }


def _storage_account(target: Target) -> str:
    account = target.storage_account
    if account is None or _ACCOUNT.fullmatch(account) is None:
        raise UsageError(
            "DATA_ACCESS is sas_token, but STORAGE_ACCOUNT is not the name of a storage account.",
            "Set the variable STORAGE_ACCOUNT in the variable group of the environment.",
        )
    return account
