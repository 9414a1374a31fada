"""``mloccli azureml`` from the command line: a real registry, real serving and real Dockerfiles.

Azure and the cluster are played: by a small Resource Manager, and by programs that record.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from mloccli.model.package import open_package
from mloccli.registry.mlflow_model import build_mlflow_model
from mloccli.rest_model.instance import Instance, Size
from mloccli.rest_model.local import LocalTarget
from mloccli.rest_model.score_request import score_request
from mloccli.rest_model.smoke import Patience

from .conftest import MakeRepository
from .http_service import Answer, running_service
from .registry_server import SCORING, World, is_server_installed
from .serving_support import DIGEST, Programs, Says, served_model
from .small_arm import ENVIRON, TOKEN, SmallArm
from .test_package import packaged

RIGHT = Answer(body={"predictions": [{"double": 2}, {"double": 4}, {"double": 6}]})
ACR = {"ACR_NAME": "platform"}
AKS = {"AKS_NAMESPACE": "models", "KUBECONFIG": "/nowhere/kubeconfig", **ACR}

FAILS_WHEN_SERVED = SCORING.replace(
    "def score(model, data):",
    """def score(model, data):
        import sys

        if "mlflow.pyfunc.scoring_server" in sys.modules:
            FAULT
""",
)

stages_only = pytest.mark.parametrize("world", ["stages"], indirect=True)
needs_server = pytest.mark.skipif(
    not is_server_installed(), reason="The package mlflow is not installed."
)


@pytest.fixture(name="programs")
def fixture_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """The only programs on the PATH."""
    programs = Programs(tmp_path / "bin")
    monkeypatch.setenv("PATH", programs.environ["PATH"])
    return programs


@contextmanager
def cluster(programs: Programs, answer: Answer = RIGHT) -> Iterator[None]:
    """A cluster and a container registry, as kubectl and az show them."""
    with served_model(answer) as model:
        forwarding = f"Forwarding from 127.0.0.1:{urlsplit(model.url).port} -> 8080\n"
        programs.add("kubectl", Says("port-forward", forwarding, code="stay"))
        programs.add("az", Says("acr repository show", f"{DIGEST}\n"))
        yield


def builds(programs: Programs) -> list[str]:
    return [
        call.arguments[call.arguments.index("--image") + 1]
        for call in programs.calls("az")
        if call.arguments[:2] == ["acr", "build"]
    ]


@stages_only
def test_a_registered_version_is_really_served_and_has_an_address_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.registered(0.9)
    seen = []

    def until_somebody_stops_it(_: LocalTarget) -> None:
        seen.append(world.tags(number)["scoring_uri.local"])
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(LocalTarget, "wait", until_somebody_stops_it)
    code, text = world.run("azureml", "deploy", "--target", "local", "--keep")

    assert code == 0, text
    assert len(seen) == 1
    uri = seen[0]
    assert uri.startswith("http://127.0.0.1:") and uri.endswith("/invocations")
    assert f"scored 3 example rows as it should and is served at {uri}" in text
    assert "scoring_uri.local" not in world.tags(number)
    with pytest.raises(requests.ConnectionError):
        requests.get(uri, timeout=60)


@stages_only
def test_a_server_for_the_smoke_test_only_leaves_no_address(world: World) -> None:
    number = world.registered(0.9)

    code, text = world.run("azureml", "deploy", "--target", "local")

    assert code == 0, text
    assert "it is stopped again" in text
    assert "scoring_uri.local" not in world.tags(number)


@stages_only
@pytest.mark.parametrize(
    ("fault", "code", "expected"),
    [
        ('raise ValueError("no such column")', 1, "HTTP 500|HTTP 400"),
        ("return pd.DataFrame({'double': -data['left']}, index=data.index)", 1, "double, row 0"),
        ("import os; os._exit(7)", 3, "cannot be reached"),
    ],
)
def test_scoring_that_breaks_when_served_leaves_no_address(
    world: World, fault: str, code: int, expected: str
) -> None:
    world.write(scoring=FAILS_WHEN_SERVED.replace("FAULT", fault))
    number = world.registered(0.9)

    found, text = world.run("azureml", "deploy-to-local")

    assert found == code, text
    assert any(part in text for part in expected.split("|")), text
    assert "The registry names no address" in text
    assert not [name for name in world.tags(number) if name.startswith("scoring_uri")]


@needs_server
def test_what_mlflow_serves_answers_as_our_own_code_does(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    package = packaged(make_repository())
    split = {"columns": ["word", "left"], "data": [["a", 5], ["b", 1]]}
    bodies: list[dict[str, Any]] = [
        {"dataframe_split": split},
        {"dataframe_split": {**split, "index": [9, 4]}},
        {"dataframe_records": [{"left": 5, "word": "a"}, {"word": "b", "left": 1}]},
    ]
    with open_package(package) as model:
        expected = [json.loads(score_request(json.dumps(body), model.score)) for body in bodies]
    (tmp_path / "made").mkdir()
    mlflow_model = build_mlflow_model(package, tmp_path / "made")
    instance = Instance("sums", "1", "local", "", Size(1, 1), "")

    with LocalTarget(mlflow_model, os.environ, Patience(600, 0.2)) as target:
        target.start(instance)
        with target.reached(instance) as reachable:
            answers = [
                requests.post(reachable.scoring_uri, json=body, timeout=300).json()
                for body in bodies
            ]

    assert answers == expected
    assert answers[0] == {"predictions": [{"double": 10}, {"double": 2}]}


@stages_only
def test_an_image_is_built_once_and_what_was_tested_moves_on(
    world: World, programs: Programs
) -> None:
    world.set(**AKS)
    number = world.registered(0.9)
    with cluster(programs):
        first, text = world.run("azureml", "deploy-to-aks", "--cpu", "0.5", "--memory", "1")
        second, _ = world.run("azureml", "deploy", "--target", "aks", "--environment", "qa")
        third, _ = world.run("azureml", "rollback", "--version", number, "--environment", "tst")
        fourth, _ = world.run("azureml", "deploy-to-aks", "--rebuild")

    assert (first, second, third, fourth) == (0, 0, 0, 0), text
    image = f"{world.name}:{number}-ccccccc"
    assert builds(programs) == [image, image]  # For the first deployment, and as it was asked.
    tags = world.tags(number)
    pinned = f"platform.azurecr.io/{world.name}@{DIGEST}"
    assert (tags["image.tst"], tags["image.qa"]) == (pinned, pinned)
    name = f"{world.name}-v{number}-qa"
    assert tags["scoring_uri.qa"] == f"http://{name}.models.svc.cluster.local/invocations"
    applied = [
        json.loads(call.entered)["items"][0]["spec"]["template"]["spec"]["containers"][0]
        for call in programs.calls("kubectl")
        if call.arguments[0] == "apply"
    ]
    assert [container["resources"]["limits"]["cpu"] for container in applied] == [
        "500m",
        "1000m",
        "500m",  # A roll-back brings the size back as well.
        "1000m",
    ]


@stages_only
def test_a_dockerfile_of_mlflow_is_what_gets_built(
    world: World, programs: Programs, tmp_path: Path
) -> None:
    world.set(**AKS)
    world.registered(0.9)
    kept = tmp_path / "kept"
    programs.add("kubectl")
    programs.add("az", Says("acr build", code=1))
    recorder = Path(programs.environ["PATH"]) / "az"
    copy = f"import shutil; shutil.copytree(sys.argv[-1], {str(kept)!r})\n"
    text = recorder.read_text(encoding="utf-8")
    recorder.write_text(text.replace("for start,", f"{copy}for start,", 1), encoding="utf-8")

    code, said = world.run("azureml", "deploy-to-aks")

    assert code == 3, said
    dockerfile = (kept / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.startswith("# Build an image that can serve mlflow models.\nFROM python:")
    assert dockerfile.index("\nUSER 10001:10001\n") > dockerfile.index("COPY model_dir/")
    entry = json.loads(dockerfile.rsplit("ENTRYPOINT ", 1)[1])
    assert entry[:4] == ["mlflow", "models", "serve", "--model-uri"]
    assert next(kept.rglob("MLmodel")).parent.name == "model"


@stages_only
def test_a_version_goes_to_container_instances(world: World, programs: Programs) -> None:
    number = world.registered(0.9)
    programs.add("az", Says("acr repository show", f"{DIGEST}\n"))
    with served_model(RIGHT) as model:
        arm = SmallArm(model.url, f"{world.name}-v{number}-qa", states=["Succeeded"])
        with running_service(arm.answer) as service:
            world.set(AZURE_RESOURCE_MANAGER_URL=service.url, AZURE_ACCESS_TOKEN=TOKEN)
            world.set(**ENVIRON, **ACR)
            code, text = world.run("azureml", "deploy", "--target", "aci", "--environment", "qa")

    assert code == 0, text
    assert "Container Instances has no TLS" in text
    assert TOKEN not in text
    assert world.tags(number)["scoring_uri.qa"] == f"{model.url}/invocations"


@stages_only
def test_a_service_that_scores_wrongly_leaves_no_address(
    world: World, programs: Programs
) -> None:
    world.set(**AKS)
    number = world.registered(0.9)

    with cluster(programs, Answer(body={"predictions": [{"double": 0}] * 3})):
        code, text = world.run("azureml", "deploy-to-aks")

    assert code == 1
    assert "double, row 0: 0, expected 2" in text
    assert not {"scoring_uri.tst", "image.tst"} & set(world.tags(number))


def test_production_goes_before_the_candidate(world: World, programs: Programs) -> None:
    world.set(**AKS)
    candidate = world.registered(0.8)
    _, before = world.run("azureml", "deploy-to-aks", "--dry-run")
    world.run("registry", "promote")
    world.registered(0.9)
    _, after = world.run("azureml", "deploy-to-aks", "--dry-run")

    assert f"{world.name}-v{candidate}-tst" in before
    assert f"{world.name}-v{candidate}-tst" in after
    assert not programs.calls("az")


@stages_only
def test_a_dry_run_shows_all_and_changes_nothing(world: World, programs: Programs) -> None:
    number = world.registered(0.9)
    world.set(**ENVIRON, **ACR, AZURE_ACCESS_TOKEN="hush")
    tags = world.tags(number)

    code, text = world.run("azureml", "deploy-to-aci", "--dry-run")

    assert code == 0, text
    planned = json.loads(text)
    assert planned["build"][0][:3] == ["az", "acr", "build"]
    request = planned["request"]
    assert request["path"].endswith(f"/containerGroups/{world.name}-v{number}-tst")
    assert "hush" not in text
    assert (world.tags(number), programs.calls("az")) == (tags, [])


@stages_only
def test_a_given_image_is_used_as_it_is(world: World, programs: Programs) -> None:
    world.set(AKS_NAMESPACE="models", KUBECONFIG="/nowhere")
    world.variables["IMAGE"] = "docker.io/team/sums:1"
    number = world.registered(0.9)

    with cluster(programs):
        code, text = world.run("azureml", "deploy-to-aks")

    assert code == 0, text
    assert world.tags(number)["image.tst"] == "docker.io/team/sums:1"
    assert not programs.calls("az")


@stages_only
@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["deploy-to-aci"], 2, "AZURE_LOCATION: .*ACR_NAME: .*ACI_IDENTITY_ID: "),
        (["deploy-to-aks"], 2, "AKS_NAMESPACE: .*KUBECONFIG: .*ACR_NAME: "),
        (["deploy", "--target", "local", "--cpu", "2"], 2, "--target local takes no --cpu"),
        (["deploy", "--target", "aks", "--keep"], 2, "--target aks takes no --keep"),
        (["deploy-to-local", "--version", "9"], 1, "There is no version '9'"),
        (["deploy-to-local"], 1, "has no candidate"),
        (["rollback"], 1, "No version is in production"),
        (["deploy-to-aks", "--environment", "moon"], 2, "There is no environment 'moon'"),
    ],
)
def test_what_cannot_be_served_is_explained(
    world: World, arguments: list[str], code: int, expected: str
) -> None:
    for name in (*ENVIRON, *AKS):
        world.set(**{name: ""})

    found, text = world.run("azureml", *arguments)

    assert found == code, text
    at = 0
    for part in expected.split(".*"):
        at = text.index(part, at)


@stages_only
def test_a_version_that_was_never_served_cannot_be_rolled_back_to(world: World) -> None:
    number = world.registered(0.9)

    code, text = world.run("azureml", "rollback", "--version", number)

    assert code == 1
    assert f"ersion {number} of {world.name} was never served in tst" in text


@stages_only
def test_a_package_of_another_model_is_refused(world: World) -> None:
    world.registered(0.9)
    client = world.client()
    version = client.get_model_version(world.name, "1")
    other = f"{world.name}-other"
    client.create_registered_model(other)
    client.create_model_version(other, version.source, version.run_id)
    world.variables["MODEL_NAME"] = other
    world.write()

    code, text = world.run("azureml", "deploy-to-local", "--version", "1")

    assert code == 1
    assert f"model_name is '{world.name}', expected '{other}'" in text
