"""The cluster as configured: what is asked of Databricks, decided without asking it."""

from __future__ import annotations

from collections.abc import Mapping

from .data_access import data_access_conf
from .secret_scope import secret_reference
from .target import Target

_SINGLE_NODE = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
_COMPARED = (
    *("spark_version", "node_type_id", "driver_node_type_id", "autotermination_minutes"),
    *("autoscale", "num_workers", "data_security_mode"),
)


def cluster_settings(target: Target) -> dict[str, object]:
    """The settings of a cluster of any kind, as the Clusters API names them."""
    base, model = target.configuration.base, target.configuration.model
    tags = {"model": model.model_name, "team": model.team_name}
    if model.financial_id is not None:
        tags["financial_id"] = model.financial_id
    conf = data_access_conf(target)
    workers = _workers(model.cluster_min_worker_node, model.cluster_max_worker_node)
    if workers == {"num_workers": 0}:
        conf = {**_SINGLE_NODE, **conf}
        tags["ResourceClass"] = "SingleNode"
    passthrough = base.data_access == "credential_passthrough"
    settings: dict[str, object] = {
        "spark_version": base.cluster_spark_version,
        "node_type_id": base.cluster_node_type_id,
        "driver_node_type_id": base.cluster_driver_node_id,
        **workers,
        # Unity Catalog asks for a mode; passthrough works in none of its modes.
        "data_security_mode": "LEGACY_SINGLE_USER" if passthrough else "SINGLE_USER",
        "custom_tags": tags,
        "spark_env_vars": _variables(target),
    }
    if conf:
        settings["spark_conf"] = conf
    if model.image is not None:
        settings["docker_image"] = {"url": model.image}
    return settings


def cluster_request(target: Target) -> dict[str, object]:
    """The request that makes the environment's all-purpose cluster."""
    return {
        "cluster_name": target.environment.cluster_name,
        "autotermination_minutes": target.configuration.base.cluster_autotermination_minutes,
        **cluster_settings(target),
    }


def cluster_differences(
    request: Mapping[str, object], present: Mapping[str, object]
) -> list[str]:
    """How a cluster that exists differs from the configuration, one line for each setting."""
    return [
        f"{name} is {present.get(name)}, the configuration says {request.get(name)}"
        for name in _COMPARED
        if name in request and present.get(name) != request[name]
    ]


def _variables(target: Target) -> dict[str, str]:
    """What notebooks find in their environment; secrets are named, never held."""
    named = {name: secret_reference(target, name) for name in target.secrets - {"SAS_TOKEN"}}
    return {"ENVIRONMENT": target.environment.name, **target.variables, **named}


def _workers(least: int | None, most: int | None) -> dict[str, object]:
    """A range, a fixed number, or a single node that is its own worker."""
    if least is None or most is None:
        return {"num_workers": 0}
    if least == most:
        return {"num_workers": least}
    return {"autoscale": {"min_workers": least, "max_workers": most}}
