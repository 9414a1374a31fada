"""Kubernetes: the exact manifests, and an instance's life through a kubectl that records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mloccli.errors import ExitCode, MlocError, UsageError
from mloccli.rest_model.aks import AksPlace, manifests, pod_problems, read_place
from mloccli.rest_model.deploy import Deployment
from mloccli.rest_model.kubectl import Kubectl
from mloccli.rest_model.targets import AksTarget

from .http_service import Answer
from .serving_support import (
    INSTANCE,
    PINNED,
    SOON,
    Programs,
    Says,
    Shelf,
    example_package,
    served_model,
)

PLACE = AksPlace("models-qa", None, None, 2)
WITH_INGRESS = AksPlace("models-qa", "models.example.com", "nginx", 2)
URI = "http://sums-v3-qa.models-qa.svc.cluster.local/invocations"

LABELS = {
    "app.kubernetes.io/instance": "sums-v3-qa",
    "app.kubernetes.io/name": "sums",
    "app.kubernetes.io/version": "3",
    "app.kubernetes.io/managed-by": "mloccli",
    "mloccli/environment": "qa",
}
METADATA = {
    "name": "sums-v3-qa",
    "namespace": "models-qa",
    "labels": LABELS,
    "annotations": {"mloccli/model": "sums", "mloccli/git-commit": INSTANCE.git_commit},
}


def probe(period: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": "/ping", "port": "http"},
        "periodSeconds": period,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def test_the_deployment_is_exactly_this() -> None:
    deployment, _ = manifests(INSTANCE, PLACE)

    assert deployment == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": METADATA,
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app.kubernetes.io/instance": "sums-v3-qa"}},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            },
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "model",
                            "image": PINNED,
                            "imagePullPolicy": "IfNotPresent",
                            "ports": [
                                {"name": "http", "containerPort": 8080, "protocol": "TCP"}
                            ],
                            "resources": {
                                "requests": {"cpu": "1500m", "memory": "2048Mi"},
                                "limits": {"cpu": "1500m", "memory": "2048Mi"},
                            },
                            "startupProbe": probe(5, 60),
                            "readinessProbe": probe(10, 3),
                            "livenessProbe": probe(20, 3),
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                        }
                    ],
                    "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "512Mi"}}],
                },
            },
        },
    }


def test_the_service_is_exactly_this() -> None:
    _, service = manifests(INSTANCE, PLACE)

    assert service == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": METADATA,
        "spec": {
            "type": "ClusterIP",
            "selector": {"app.kubernetes.io/instance": "sums-v3-qa"},
            "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}],
        },
    }


def test_with_a_domain_each_version_has_a_host_with_tls() -> None:
    *_, ingress = manifests(INSTANCE, WITH_INGRESS)

    backend = {"service": {"name": "sums-v3-qa", "port": {"name": "http"}}}
    paths = [
        {"path": path, "pathType": "Exact", "backend": backend}
        for path in ("/ping", "/invocations")
    ]
    host = "sums-v3-qa.models.example.com"
    assert ingress == {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": METADATA,
        "spec": {
            "ingressClassName": "nginx",
            "tls": [{"hosts": [host]}],
            "rules": [{"host": host, "http": {"paths": paths}}],
        },
    }
    assert WITH_INGRESS.scoring_uri(INSTANCE) == f"https://{host}/invocations"


def test_an_image_without_a_digest_is_pulled_each_time() -> None:
    deployment, _ = manifests(replace(INSTANCE, image="team/sums:latest"), PLACE)

    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["imagePullPolicy"] == "Always"


@pytest.mark.parametrize("place", [PLACE, WITH_INGRESS])
@pytest.mark.parametrize("model", ["sums", "Customer_Churn", "a model with — odd — letters" * 3])
def test_kubernetes_takes_every_manifest(place: AksPlace, model: str) -> None:
    kubernetes_validate = pytest.importorskip("kubernetes_validate")

    for manifest in manifests(replace(INSTANCE, model=model), place):
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_a_wrong_manifest_would_be_noticed() -> None:
    kubernetes_validate = pytest.importorskip("kubernetes_validate")
    deployment, _ = manifests(INSTANCE, PLACE)
    deployment["spec"]["template"]["spec"]["containers"][0]["port"] = 1

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            deployment, kubernetes_validate.latest_version(), strict=True
        )


def test_variables_that_kubernetes_would_not_take_are_all_named() -> None:
    environ = {"AKS_NAMESPACE": "models-qa", "KUBECONFIG": "/agent/kubeconfig"}
    wrong = {"AKS_NAMESPACE": "--all", "AKS_INGRESS_DOMAIN": "a b", "AKS_REPLICAS": "0"}

    assert read_place(environ) == PLACE
    assert read_place({**environ, "AKS_REPLICAS": "5"}).replicas == 5
    with pytest.raises(UsageError, match="AKS_NAMESPACE, AKS_INGRESS_DOMAIN, AKS_REPLICAS"):
        read_place({**environ, **wrong})
    with pytest.raises(UsageError, match="KUBECONFIG"):
        read_place({"AKS_NAMESPACE": "models-qa"})


def test_what_keeps_pods_from_running_is_said_once() -> None:
    waiting = {"reason": "ImagePullBackOff", "message": "not authorised"}
    pod = {"status": {"containerStatuses": [{"state": {"waiting": waiting}}]}}
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    pending = {"status": {"conditions": [{**condition, "message": "0/3 nodes: no memory"}]}}
    starting = {
        "status": {"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}
    }
    killed = {"state": {"running": {}}, "lastState": {"terminated": {"reason": "OOMKilled"}}}

    problems = pod_problems(
        {"items": [pod, pod, pending, starting, {"status": {"containerStatuses": [killed]}}, {}]}
    )

    assert problems == [
        "ImagePullBackOff: not authorised",
        "OOMKilled: no message",
        "Unschedulable: 0/3 nodes: no memory",
    ]


@dataclass
class World:
    """A deployment through a recording kubectl, whose way in leads to a model server."""

    programs: Programs
    shelf: Shelf
    shown: list[str]
    deployment: Deployment
    package: Path

    def serve(self) -> str:
        """Serve version 3; its address."""
        return str(self.deployment.serve(INSTANCE, self.package).scoring_uri)

    def verbs(self) -> list[str]:
        """What kubectl was asked to do, in order."""
        return [" ".join(call.arguments[:2]) for call in self.programs.calls("kubectl")]


@pytest.fixture(name="model_answer")
def fixture_model_answer() -> Answer | None:
    """What the model answers; by default the right scores."""
    return None


@pytest.fixture(name="world")
def fixture_world(tmp_path: Path, model_answer: Answer | None) -> Iterator[World]:
    """Such a world."""
    with served_model(*([model_answer] if model_answer else [])) as model:
        programs = Programs(tmp_path / "bin")
        port = urlsplit(model.url).port
        forwarding = f"Forwarding from 127.0.0.1:{port} -> 8080\n"
        programs.add("kubectl", Says("port-forward", forwarding, code="stay"))
        shelf, shown = Shelf(), list[str]()
        kubectl = Kubectl({**programs.environ, "CMR_TOKEN": "hush"}, "models-qa")
        target = AksTarget(PLACE, kubectl, SOON, shown.append)
        deployment = Deployment(target, shelf.open, shown.append, SOON)
        yield World(programs, shelf, shown, deployment, example_package(tmp_path / "package"))


def kubectl_says(world: World, *answers: Says) -> None:
    """Answers of kubectl before those it has."""
    path = Path(world.programs.environ["PATH"]) / "kubectl.json"
    known = [Says(*entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    world.programs.add("kubectl", *answers, *known)


def test_a_version_is_applied_tested_and_only_then_has_an_address(world: World) -> None:
    uri = world.serve()

    assert uri == URI
    assert world.verbs() == [
        "get deployment",
        "apply --server-side",
        "rollout status",
        "port-forward service/sums-v3-qa",
    ]
    apply = world.programs.calls("kubectl")[1]
    assert apply.arguments == [
        "apply",
        "--server-side",
        "--field-manager=mloccli",
        "--filename=-",
        "--namespace",
        "models-qa",
    ]
    content = json.loads(apply.entered)
    assert (content["kind"], content["items"]) == ("List", manifests(INSTANCE, PLACE))
    assert world.shelf.tags["scoring_uri.qa"] == URI
    assert world.shelf.tags["image.qa"] == PINNED
    assert "hush" not in str(world.programs.calls("kubectl"))


@pytest.mark.parametrize("model_answer", [Answer(400, {"message": "scoring.py failed"})])
def test_broken_scoring_leaves_no_address_and_no_instance(world: World) -> None:
    kubectl_says(world, Says("logs", "Traceback: scoring.py\n"))

    with pytest.raises(MlocError, match="scoring.py failed") as caught:
        world.serve()

    assert caught.value.exit_code == ExitCode.FINDING
    assert world.shelf.tags == {}
    assert world.verbs()[-1] == "delete deployment,service,ingress"
    assert world.programs.calls("kubectl")[-1].arguments[2:4] == [
        "--selector=app.kubernetes.io/instance=sums-v3-qa",
        "--ignore-not-found",
    ]
    assert any("Traceback: scoring.py" in line for line in world.shown)


@pytest.mark.parametrize("model_answer", [Answer(500, b"broken")])
def test_an_instance_that_was_there_is_kept_without_its_address(world: World) -> None:
    kubectl_says(world, Says("get deployment", "deployment.apps/sums-v3-qa\n"))
    world.shelf.tags = {"image.qa": PINNED, "scoring_uri.qa": URI}

    with pytest.raises(MlocError, match="is kept, untested") as caught:
        world.serve()

    assert "rollback" not in caught.value.message  # It is the very image that worked.
    assert world.shelf.tags == {"image.qa": PINNED}
    assert not any(verb.startswith("delete") for verb in world.verbs())


def test_pods_that_do_not_get_ready_are_explained(world: World) -> None:
    waiting = {"reason": "ImagePullBackOff", "message": "not authorised"}
    pods = {"items": [{"status": {"containerStatuses": [{"state": {"waiting": waiting}}]}}]}
    kubectl_says(
        world,
        Says("rollout status", errors="error: timed out waiting for the condition\n", code=1),
        Says("get pods", json.dumps(pods)),
    )

    with pytest.raises(MlocError, match="timed out waiting") as caught:
        world.serve()

    assert "ImagePullBackOff: not authorised" in caught.value.message
    assert caught.value.exit_code == ExitCode.REMOTE
    assert world.shelf.tags == {}
    assert "port-forward service/sums-v3-qa" not in world.verbs()


def test_a_cluster_that_refuses_is_quoted(world: World) -> None:
    kubectl_says(world, Says("apply", errors="Error from server (Forbidden): no\n", code=1))

    with pytest.raises(MlocError, match="`kubectl apply` failed .*\nError from server"):
        world.serve()

    assert world.shelf.tags == {}


def test_a_way_into_the_cluster_that_does_not_open_is_quoted(world: World) -> None:
    kubectl_says(world, Says("port-forward", "error: lost connection to pod\n", code=1))

    with pytest.raises(MlocError, match="opened no port. error: lost connection"):
        world.serve()
