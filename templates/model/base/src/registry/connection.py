"""Reaching the central model registry (CMR) with the environment's own credential.

The tracking server and the CMR may be different servers with different credentials, yet MLflow
reads credentials from the process environment only. They are put there while a registry is open
and taken out again, whatever happens; everything asked in between goes to the CMR.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..config import Configuration
from ..errors import UsageError
from ..utils.addresses import is_protected
from ..utils.http import Request, send
from ..utils.process_environment import process_environment
from ..utils.variables import Secret, require, secret, variable
from .client import SERVICE, connect
from .life_cycle import life_cycle_of
from .model_registry import Registry


# What MLflow and the Databricks SDK would use in place of the CMR's credential.
_TRACKING_VARIABLES = (
    "MLFLOW_TRACKING_URI",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_USERNAME",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_AUTH",
    "MLFLOW_TRACKING_AWS_SIGV4",
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    "MLFLOW_WORKSPACE",
)
_DATABRICKS_PREFIXES = ("DATABRICKS_", "ARM_")
_RUNTIME = "DATABRICKS_RUNTIME_VERSION"

# A task waits seconds for a registry that is away, not MLflow's own minutes, and has its own words.
_PATIENCE = {
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "60",
    "MLFLOW_DATABRICKS_ENDPOINT_HTTP_RETRY_TIMEOUT": "20",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


@dataclass(frozen=True)
class Connection:
    """Where the CMR is and what its client needs, decided before anything is touched."""

    tracking_uri: str
    registry_uri: str
    credentials: Mapping[str, Secret]
    profile: Mapping[str, str | Secret] | None = None
    schema: str = ""


def is_configured(environ: Mapping[str, str]) -> bool:
    """Whether a central model registry was named."""
    return variable(environ, "CMR_URI") is not None


@contextmanager
def open_registry(configuration: Configuration, environ: Mapping[str, str]) -> Iterator[Registry]:
    """The CMR; the tracking server's settings are back in place when the block ends."""
    connection = plan_connection(configuration, environ)
    base = configuration.base
    with ExitStack() as stack:
        variables = _variables(connection)
        if connection.profile is not None:
            _require_reachable(str(connection.profile["host"]))
            variables |= stack.enter_context(_profile_file(connection.profile))
        stack.enter_context(process_environment(variables))
        known = (*connection.credentials.values(), *_secrets_of(connection.profile or {}))
        client = connect(connection.tracking_uri, connection.registry_uri, known)
        parts = (connection.schema, configuration.model.model_name)
        name = ".".join(part for part in parts if part)
        life_cycle = life_cycle_of(base.registry_lifecycle, base.archive_existing_versions)
        yield Registry(client, name, life_cycle)


def plan_connection(configuration: Configuration, environ: Mapping[str, str]) -> Connection:
    """How to reach the CMR from here; UsageError names what is missing or cannot work."""
    in_runtime = variable(environ, _RUNTIME) is not None
    address = variable(environ, "CMR_URI") or ("databricks" if in_runtime else "")
    if not address:
        what = "the central model registry: https://…, databricks or databricks-uc"
        require(environ, {"CMR_URI": what})
    if address == "databricks-uc":
        return _unity_catalog(configuration, environ, in_runtime)
    if address == "databricks":
        return _workspace(configuration, environ, in_runtime)
    return _server(address, environ)


def _server(address: str, environ: Mapping[str, str]) -> Connection:
    """An MLflow server of its own."""
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise UsageError("CMR_URI must not hold a user or password.", "Set CMR_TOKEN instead.")
    if not is_protected(address) or not parts.hostname:
        raise UsageError(
            "CMR_URI must begin with https://, or be databricks or databricks-uc.",
            "http:// is allowed for a registry on this machine only.",
        )
    token, user, password = (
        secret(environ, name) for name in ("CMR_TOKEN", "CMR_USERNAME", "CMR_PASSWORD")
    )
    if user and password and not token:
        found = {"MLFLOW_TRACKING_USERNAME": user, "MLFLOW_TRACKING_PASSWORD": password}
        return Connection(address, address, found)
    if (Path.home() / ".mlflow" / "credentials").exists():
        raise UsageError(
            "MLflow would send what is in ~/.mlflow/credentials to the central model registry.",
            "Move that file away, or set CMR_USERNAME and CMR_PASSWORD.",
        )
    return Connection(address, address, {"MLFLOW_TRACKING_TOKEN": token} if token else {})


def _workspace(
    configuration: Configuration, environ: Mapping[str, str], in_runtime: bool
) -> Connection:
    """The registry of a Databricks workspace, which may be another one than this."""
    base = configuration.base
    if base.registry_lifecycle != "stages":
        raise UsageError(
            "The registry of a Databricks workspace knows stages only, no aliases.",
            "Set REGISTRY_LIFECYCLE: stages in pipelines/base_variables.yml.",
        )
    if in_runtime:
        # Only here can MLflow read the secrets <prefix>-host and <prefix>-token of the scope.
        uri = f"databricks://{base.cmr_scope}:{base.cmr_prefix}"
        return Connection(uri, uri, {})
    name, profile = _profile(environ)
    return Connection(f"databricks://{name}", f"databricks://{name}", {}, profile)


def _unity_catalog(
    configuration: Configuration, environ: Mapping[str, str], in_runtime: bool
) -> Connection:
    """Unity Catalog, whose models have a name in three parts."""
    if configuration.base.registry_lifecycle != "aliases":
        raise UsageError(
            "Unity Catalog knows aliases only, no stages.",
            "Set REGISTRY_LIFECYCLE: aliases in pipelines/base_variables.yml.",
        )
    schema = require(environ, {"CMR_SCHEMA": "catalog and schema of the model, as catalog.schema"})
    if in_runtime:
        return Connection("databricks", "databricks-uc", {}, schema=schema["CMR_SCHEMA"])
    name, profile = _profile(environ)
    return Connection(
        f"databricks://{name}", f"databricks-uc://{name}", {}, profile, schema["CMR_SCHEMA"]
    )


def _profile(environ: Mapping[str, str]) -> tuple[str, dict[str, str | Secret]]:
    """A profile for the Databricks SDK. MLflow keeps clients by name, so each has a new one."""
    found = require(
        environ,
        {
            "CMR_HOST": "the Databricks workspace of the central model registry, https://…",
            "CMR_TOKEN": "the environment's own token for it",
        },
    )
    name = f"cmr-{secrets.token_hex(4)}"
    for value in found.values():
        if not value.isprintable():
            raise UsageError("CMR_HOST and CMR_TOKEN must be a single line each.")
    host, token = found["CMR_HOST"], Secret(found["CMR_TOKEN"])
    return name, {"profile": name, "host": host, "token": token}


def _require_reachable(host: str) -> None:
    """The Databricks SDK would try for minutes; one request tells whether anybody is there."""
    anything = frozenset(range(300, 500))
    url = f"{host.rstrip('/')}/.well-known/databricks-config"
    send(Request("GET", url, SERVICE, accepted=anything, repeatable=False))


def _variables(connection: Connection) -> dict[str, str | None]:
    """What the process environment must say, and with ``None`` what it must not."""
    variables: dict[str, str | None] = dict.fromkeys(_TRACKING_VARIABLES)
    if connection.profile is not None:
        hidden = [name for name in os.environ if name.startswith(_DATABRICKS_PREFIXES)]
        variables |= dict.fromkeys(name for name in hidden if name != _RUNTIME)
    variables |= {name: os.environ.get(name, value) for name, value in _PATIENCE.items()}
    variables |= {name: value.reveal() for name, value in connection.credentials.items()}
    variables["MLFLOW_TRACKING_URI"] = connection.tracking_uri
    variables["MLFLOW_REGISTRY_URI"] = connection.registry_uri
    return variables


@contextmanager
def _profile_file(profile: Mapping[str, str | Secret]) -> Iterator[dict[str, str | None]]:
    """The profile in a file that only this user can read and that is gone afterwards."""
    lines = [f"[{profile['profile']}]", "retry_timeout_seconds = 20"]
    for name, value in profile.items():
        if name != "profile":
            lines.append(f"{name} = {value.reveal() if isinstance(value, Secret) else value}")
    descriptor, name = tempfile.mkstemp(prefix="databrickscfg-")  # Made with mode 0600.
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
        yield {"DATABRICKS_CONFIG_FILE": name}
    finally:
        os.unlink(name)


def _secrets_of(profile: Mapping[str, str | Secret]) -> list[Secret]:
    return [value for value in profile.values() if isinstance(value, Secret)]
