"""What Kubernetes is asked for: the manifests of an instance, and reading what its pods say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from ..utils.variables import require, variable
from .instance import INVOCATIONS, PING, PORT, Instance

CONTAINER = "model"

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_REPLICA_COUNT = re.compile(r"[1-9][0-9]?")
_REPLICAS = "2"  # One answers while the node of the other is renewed.
_LABEL_VALUE = re.compile(r"[^A-Za-z0-9._-]+")
#: What must be set for every instance.
WANTED = {
    "AKS_NAMESPACE": "the namespace of the environment in the cluster",
    "KUBECONFIG": "the file that names the cluster and signs in there",
}


@dataclass(frozen=True)
class AksPlace:
    """Where in Kubernetes the instances are; with a domain each has an address with TLS."""

    namespace: str
    domain: str | None
    ingress_class: str | None
    replicas: int

    def host(self, instance: Instance) -> str | None:
        """The instance's own host name outside the cluster, where there is one."""
        return None if self.domain is None else f"{instance.name}.{self.domain}"

    def scoring_uri(self, instance: Instance) -> str:
        """Where callers send their requests; without a domain, callers inside the cluster."""
        host = self.host(instance)
        if host is not None:
            return f"https://{host}{INVOCATIONS}"
        return f"http://{instance.name}.{self.namespace}.svc.cluster.local{INVOCATIONS}"


def read_place(environ: Mapping[str, str]) -> AksPlace:
    """The place that the variables name; UsageError says what is wrong with them."""
    values = require(environ, WANTED)
    domain = variable(environ, "AKS_INGRESS_DOMAIN")
    ingress_class = variable(environ, "AKS_INGRESS_CLASS")
    replicas = variable(environ, "AKS_REPLICAS") or _REPLICAS
    wrong = [
        name
        for name, value, rule in (
            ("AKS_NAMESPACE", values["AKS_NAMESPACE"], _NAMESPACE),
            ("AKS_INGRESS_DOMAIN", domain, _DOMAIN),
            ("AKS_INGRESS_CLASS", ingress_class, _NAMESPACE),
            ("AKS_REPLICAS", replicas, _REPLICA_COUNT),
        )
        if value is not None and not rule.fullmatch(value)
    ]
    if wrong:
        raise UsageError(
            f"These variables hold what Kubernetes does not take: {', '.join(wrong)}.",
            "Names have lower-case letters, digits and hyphens, a domain has dots too; replicas "
            "are a number from 1 to 99.",
        )
    return AksPlace(values["AKS_NAMESPACE"], domain, ingress_class, int(replicas))


def manifests(instance: Instance, place: AksPlace) -> list[dict[str, Any]]:
    """Deployment, Service and, where there is a domain, Ingress of the instance alone."""
    found = [_deployment(instance, place), _service(instance, place)]
    host = place.host(instance)
    return found if host is None else [*found, _ingress(instance, place, host)]


def pod_problems(pods: Mapping[str, Any]) -> list[str]:
    """Why the containers of the pods do not run, each cause once."""
    return sorted(set(_pod_problems(pods)))


def _deployment(instance: Instance, place: AksPlace) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(instance, place),
        "spec": {
            "replicas": place.replicas,
            "selector": {"matchLabels": _selector(instance)},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            },
            "template": {
                "metadata": {"labels": _labels(instance)},
                "spec": {
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [_container(instance)],
                    "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "512Mi"}}],
                },
            },
        },
    }


def _container(instance: Instance) -> dict[str, Any]:
    memory = f"{round(instance.size.memory_gb * 1024)}Mi"
    cpu = f"{round(instance.size.cpu * 1000)}m"
    return {
        "name": CONTAINER,
        "image": instance.image,
        "imagePullPolicy": "IfNotPresent" if instance.is_pinned else "Always",
        "ports": [{"name": "http", "containerPort": PORT, "protocol": "TCP"}],
        "resources": {
            "requests": {"cpu": cpu, "memory": memory},
            "limits": {"cpu": cpu, "memory": memory},
        },
        "startupProbe": _probe(period_seconds=5, failures=60),
        "readinessProbe": _probe(period_seconds=10, failures=3),
        "livenessProbe": _probe(period_seconds=20, failures=3),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # nosec B108: the container's own
    }


def _probe(*, period_seconds: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": PING, "port": "http"},
        "periodSeconds": period_seconds,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def _service(instance: Instance, place: AksPlace) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(instance, place),
        "spec": {
            "type": "ClusterIP",
            "selector": _selector(instance),
            "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}],
        },
    }


def _ingress(instance: Instance, place: AksPlace, host: str) -> dict[str, Any]:
    backend = {"service": {"name": instance.name, "port": {"name": "http"}}}
    paths = [
        {"path": path, "pathType": "Exact", "backend": backend} for path in (PING, INVOCATIONS)
    ]
    spec: dict[str, Any] = {
        "tls": [{"hosts": [host]}],  # The certificate is the controller's, for the whole domain.
        "rules": [{"host": host, "http": {"paths": paths}}],
    }
    if place.ingress_class is not None:
        spec["ingressClassName"] = place.ingress_class
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": _metadata(instance, place),
        "spec": spec,
    }


def _metadata(instance: Instance, place: AksPlace) -> dict[str, Any]:
    return {
        "name": instance.name,
        "namespace": place.namespace,
        "labels": _labels(instance),
        "annotations": {"mloccli/model": instance.model, "mloccli/git-commit": instance.git_commit},
    }


def _selector(instance: Instance) -> dict[str, str]:
    return {"app.kubernetes.io/instance": instance.name}


def _labels(instance: Instance) -> dict[str, str]:
    return {
        **_selector(instance),
        "app.kubernetes.io/name": _label_value(instance.model),
        "app.kubernetes.io/version": _label_value(instance.version),
        "app.kubernetes.io/managed-by": "mloccli",
        "mloccli/environment": _label_value(instance.environment),
    }


def _label_value(text: str) -> str:
    return _LABEL_VALUE.sub("-", text)[:63].strip("._-")


def _pod_problems(pods: Mapping[str, Any]) -> Iterator[str]:
    for pod in pods.get("items") or []:
        status = pod.get("status") or {}
        for condition in status.get("conditions") or []:
            if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
                yield f"{condition.get('reason')}: {condition.get('message')}"
        for container in status.get("containerStatuses") or []:
            for state in (container.get("state") or {}, container.get("lastState") or {}):
                for kind in ("waiting", "terminated"):
                    detail = state.get(kind) or {}
                    if detail.get("reason") not in (None, "ContainerCreating", "Completed"):
                        yield f"{detail['reason']}: {detail.get('message') or 'no message'}"
