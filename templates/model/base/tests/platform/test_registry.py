"""Reaching the central registry with its own credential, and what is registered there."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from mloccli.config import Configuration, read_configuration
from mloccli.errors import MlocError, RemoteError, UsageError
from mloccli.registry.connection import open_registry, plan_connection
from mloccli.registry.tags import parse_tags

from .conftest import MakeRepository
from .http_service import Answer, Asked, running_service
from .registry_server import World, running_mlflow

TOKEN = "cmr-0123456789abcdef"

LOADS_ALONE = """
import json, sys
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
sys.path = [path for path in sys.path if path != sys.argv[2]]
import mlflow.pyfunc, pandas as pd
model = mlflow.pyfunc.load_model(sys.argv[1])
scores = model.predict(pd.DataFrame({"left": [21], "word": ["a"]}))
import mloccli
print(json.dumps([int(scores["double"].iloc[0]), mloccli.__file__]))
"""


@pytest.fixture(name="configuration")
def fixture_configuration(make_repository: MakeRepository) -> Configuration:
    """The configuration of a small repository."""
    return read_configuration(make_repository(), {})


@pytest.fixture(name="quickly")
def fixture_quickly(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> Configuration:
    """The same, where nothing is asked twice."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    return configuration


def test_without_an_address_the_variable_is_named(configuration: Configuration) -> None:
    with pytest.raises(UsageError, match="CMR_URI"):
        plan_connection(configuration, {})


@pytest.mark.parametrize(
    ("life_cycle", "environ", "problem"),
    [
        ("stages", {"CMR_URI": "http://registry.example.org"}, "must begin with https://"),
        ("stages", {"CMR_URI": "https://me:hidden@registry.example.org"}, "user or password"),
        ("stages", {"CMR_URI": "databricks"}, "CMR_HOST"),
        ("stages", {"CMR_URI": "databricks", "CMR_HOST": "https://adb"}, "CMR_TOKEN"),
        ("aliases", {"CMR_URI": "databricks"}, "knows stages only"),
        ("stages", {"CMR_URI": "databricks-uc"}, "knows aliases only"),
        ("aliases", {"CMR_URI": "databricks-uc"}, "CMR_SCHEMA"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_asked(
    configuration: Configuration, life_cycle: Any, environ: Mapping[str, str], problem: str
) -> None:
    with pytest.raises(UsageError) as raised:
        plan_connection(_with(configuration, life_cycle), environ)

    assert problem in f"{raised.value.message} {raised.value.hint}"
    assert "hidden" not in f"{raised.value.message} {raised.value.hint}"


def test_inside_databricks_the_secrets_of_the_scope_are_used(configuration: Configuration) -> None:
    base = replace(configuration.base, cmr_scope="cmr", cmr_prefix="tst")
    inside = replace(configuration, base=base)

    found = plan_connection(inside, {"DATABRICKS_RUNTIME_VERSION": "17.3"})

    assert found.tracking_uri == found.registry_uri == "databricks://cmr:tst"


def test_on_an_agent_databricks_is_reached_by_a_profile_that_is_new_each_time(
    configuration: Configuration,
) -> None:
    environ = {"CMR_URI": "databricks", "CMR_HOST": "https://adb-1", "CMR_TOKEN": TOKEN}

    first, second = (plan_connection(configuration, environ) for _ in range(2))

    assert first.registry_uri.startswith("databricks://cmr-")
    assert first.registry_uri != second.registry_uri
    assert TOKEN not in repr(first)


def test_unity_catalog_has_its_tracking_in_the_same_workspace(configuration: Configuration) -> None:
    environ = {"CMR_URI": "databricks-uc", "CMR_HOST": "https://adb-1", "CMR_TOKEN": TOKEN}

    found = plan_connection(
        _with(configuration, "aliases"), {**environ, "CMR_SCHEMA": "models.prod"}
    )

    assert found.registry_uri.startswith("databricks-uc://cmr-")
    assert found.tracking_uri == found.registry_uri.replace("databricks-uc", "databricks")
    assert found.schema == "models.prod"


def test_the_credential_of_the_registry_is_used_and_that_of_tracking_comes_back(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"MLFLOW_TRACKING_URI": "http://tracking", "MLFLOW_TRACKING_USERNAME": "me"}
    before |= {"MLFLOW_TRACKING_PASSWORD": "tracking-password"}
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings = dict(os.environ)

    with running_service(lambda _: Answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST"})) as cmr:
        environ = {"CMR_URI": cmr.url, "CMR_TOKEN": TOKEN}
        with open_registry(configuration, environ) as registry:
            assert registry.versions() == []
        with pytest.raises(RuntimeError), open_registry(configuration, environ):
            raise RuntimeError("in the middle")

    assert {asked.headers["authorization"] for asked in cmr.asked} == {f"Bearer {TOKEN}"}
    assert dict(os.environ) == settings


@pytest.mark.parametrize("page", [None, f"<html>{TOKEN}</html>".encode()])
@pytest.mark.parametrize(
    ("status", "error_code", "expected"),
    [
        (401, "UNAUTHENTICATED", "did not accept the credential"),
        (403, "PERMISSION_DENIED", "lacks the permission"),
        (409, "RESOURCE_CONFLICT", "failed: "),
        (500, "INTERNAL_ERROR", "failed on its own side"),
    ],
)
def test_refusals_are_told_apart_and_show_no_token(
    quickly: Configuration, status: int, error_code: str, expected: str, page: bytes | None
) -> None:
    body = {"error_code": error_code, "message": f"token {TOKEN} is bad"}
    answer = Answer(status, page or body)

    with running_service(lambda _: answer) as cmr:
        environ = {"CMR_URI": cmr.url, "CMR_TOKEN": TOKEN}
        with open_registry(quickly, environ) as registry, pytest.raises(RemoteError) as raised:
            registry.versions()

    assert expected in raised.value.message
    assert TOKEN not in f"{raised.value.message} {raised.value.hint} {raised.value.__cause__}"


@pytest.mark.parametrize("kind", ["server", "databricks"])
def test_a_registry_that_is_away_is_said_within_seconds(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_service(lambda _: Answer()) as gone:
        environ = {"CMR_URI": gone.url if kind == "server" else kind}
        environ |= {"CMR_HOST": gone.url, "CMR_TOKEN": TOKEN}
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    with (
        pytest.raises(RemoteError, match="cannot be reached"),
        open_registry(configuration, environ) as registry,
    ):
        registry.versions()

    assert sum(pauses) < 20  # A machine that is busy takes longer, and that says nothing.


def test_commands_end_with_3_when_the_registry_is_away_or_the_token_is_old(
    one_world: World,
) -> None:
    one_world.evaluated(0.7)
    one_world.set(MLFLOW_HTTP_REQUEST_MAX_RETRIES="0", CMR_TOKEN=TOKEN)
    commands = (("model", "gate"), ("registry", "promote"))
    answer = Answer(401, {"error_code": "UNAUTHENTICATED", "message": f"expired: {TOKEN}"})

    with running_service(lambda _: answer) as cmr:
        one_world.set(CMR_URI=cmr.url)
        expired = [one_world.run(*command) for command in commands]
    away = [one_world.run(*command) for command in commands]

    assert [code for code, _ in expired + away] == [3, 3, 3, 3]
    assert all("did not accept the credential" in text for _, text in expired)
    assert all("cannot be reached" in text for _, text in away)
    assert all(TOKEN not in text for _, text in expired + away)
    assert not Path("outputs/candidate/gate.json").exists()


def test_a_databricks_workspace_is_asked_with_the_token_of_a_file_that_is_gone_afterwards(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("DATABRICKS_HOST", "https://127.0.0.1:9")
    monkeypatch.setenv("DATABRICKS_TOKEN", "another-token")
    answer = Answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"})

    with running_service(lambda _: answer) as cmr:
        environ = {"CMR_URI": "databricks", "CMR_HOST": cmr.url, "CMR_TOKEN": TOKEN}
        with open_registry(configuration, environ) as registry:
            file = Path(os.environ["DATABRICKS_CONFIG_FILE"])
            mode = stat.S_IMODE(file.stat().st_mode)
            assert registry.versions() == []

    asked = [item for item in cmr.asked if "registered-models" in item.path]
    assert asked
    assert {item.headers["authorization"] for item in asked} == {f"Bearer {TOKEN}"}
    assert (mode, file.exists()) == (0o600, False)
    assert os.environ["DATABRICKS_TOKEN"] == "another-token"


def test_unity_catalog_is_asked_for_the_tags_of_each_version(quickly: Configuration) -> None:
    number = {"name": "models.prod.sums", "creation_timestamp": 1, "status": "READY"}
    tags = [{"key": "previous_version", "value": "1"}]
    aliases = [{"alias": "champion", "version": "2"}]
    versions = [{**number, "version": "1"}, {**number, "version": "2"}]
    answers: dict[str, Any] = {
        "registered-models/get": {"registered_model": {**number, "aliases": aliases}},
        "model-versions/search": {"model_versions": versions},
        "model-versions/get?version=1": {"model_version": versions[0]},
        "model-versions/get?version=2": {"model_version": {**versions[1], "tags": tags}},
    }

    def answer(asked: Asked) -> Answer:
        query = json.loads(asked.body or b"{}") | dict(parse_qsl(urlsplit(asked.path).query))
        name = urlsplit(asked.path).path.rpartition("unity-catalog/")[2]
        version = f"?version={query['version']}" if "version" in query else ""
        found = answers.get(f"{name}{version}")
        return Answer(200, found) if found else Answer(404, {"error_code": "NOT_FOUND"})

    with running_service(answer) as cmr:
        environ = {"CMR_URI": "databricks-uc", "CMR_HOST": cmr.url, "CMR_TOKEN": TOKEN}
        environ["CMR_SCHEMA"] = "models.prod"
        with open_registry(_with(quickly, "aliases"), environ) as registry:
            found = registry.versions()
            previous = registry.find("previous")

    roles = [("2", "production"), ("1", "previous")]
    assert [(item.number, item.role) for item in found] == roles
    assert previous.number == "1"


def test_a_registered_version_loads_without_this_repository_and_without_the_tracking_server(
    one_world: World, tmp_path: Path
) -> None:
    with running_mlflow(tmp_path / "tracking") as tracking:
        one_world.set(MLFLOW_TRACKING_URI=tracking)
        one_world.registered(0.7)
        assert os.environ["MLFLOW_TRACKING_URI"] == tracking
    source = str(Path(sys.modules["mloccli"].__file__ or "").parent.parent)

    with open_registry(one_world.configuration, os.environ) as registry:
        folder = registry.download(registry.find("1"), tmp_path / "downloaded")
    by_name = _loaded_alone(one_world, f"models:/{one_world.name}/1", source)
    one_world.set(MLFLOW_TRACKING_URI=tracking)
    from_folder = _loaded_alone(one_world, str(folder), source, tracking)

    assert (by_name[0], from_folder[0]) == (42, 42)
    assert str(folder) in from_folder[1]
    assert "/code/mloccli" in by_name[1]


def test_two_versions_in_one_process_keep_their_code_apart(
    one_world: World, tmp_path: Path
) -> None:
    import mlflow.pyfunc
    import pandas as pd

    late = """
        import pandas as pd

        def score(model, data):
            from . import late
            late.CALLS.append(1)
            result = {"double": late.FACTOR * data["left"], "calls": len(late.CALLS)}
            return pd.DataFrame(result, index=data.index)

        def evaluate(model, data):
            return {"accuracy": float(model["accuracy"])}
        """
    before = sys.modules.get("model_modules")
    models = []
    for factor, accuracy in ((2, 0.6), (5, 0.7)):
        one_world.write(scoring=late)
        late_module = Path("the_model/model_modules/late.py")
        late_module.write_text(f"CALLS = []\nFACTOR = {factor}\n", encoding="utf-8")
        number = one_world.registered(accuracy)
        with open_registry(one_world.configuration, os.environ) as registry:
            folder = registry.download(registry.find(number), tmp_path / number)
            if factor == 2:
                registry.promote(registry.find(number))
        models.append(mlflow.pyfunc.load_model(str(folder)))
    data = pd.DataFrame({"left": [10], "word": ["a"]})

    scores = [model.predict(data).iloc[0].tolist() for model in (*models, *models)]

    assert scores == [[20, 1], [50, 1], [20, 2], [50, 2]]
    assert sys.modules.get("model_modules") is before


def test_the_same_package_is_the_same_version(one_world: World) -> None:
    first = one_world.registered(0.7)

    again = one_world.run("registry", "register")
    assert one_world.run("model", "package")[0] == 0
    packaged_again = one_world.run("registry", "register")

    assert f"Registered as version {first} " in again[1]
    assert f"Registered as version {first} " in packaged_again[1]
    assert one_world.roles() == one_world.expected(v1="candidate")


def test_registering_what_is_in_production_leaves_it_there(world: World) -> None:
    world.promoted(0.7)

    code, text = world.run("registry", "register")

    assert (code, "version 1" in text) == (0, True)
    assert world.roles() == world.expected(v1="production")


def test_a_registration_that_was_never_finished_is_no_candidate(
    one_world: World, registry_folder: Path
) -> None:
    one_world.registered(0.7)
    with sqlite3.connect(registry_folder / "mlflow.db", timeout=30) as connection:
        changed = connection.execute(
            "UPDATE model_versions SET status = 'FAILED_REGISTRATION' WHERE name = ?",
            (one_world.name,),
        )
    assert changed.rowcount == 1

    code, text = one_world.run("registry", "register")

    assert (code, "version 2" in text) == (0, True)
    assert one_world.roles() == one_world.expected(v2="candidate")


def test_a_model_that_need_not_be_registered_is_not(one_world: World) -> None:
    one_world.set(REGISTER_MODEL="false")

    code, text = one_world.run("registry", "register")

    assert (code, "REGISTER_MODEL is false" in text) == (0, True)


def test_a_plan_of_a_registration_shows_the_evidence_and_changes_nothing(one_world: World) -> None:
    one_world.gated(0.7)
    one_world.run("model", "package")

    code, text = one_world.run("registry", "register", "--dry-run")

    assert code == 0
    assert json.loads(text)["tags"]["metric.accuracy"] == "0.7"
    assert one_world.client().search_registered_models(f"name='{one_world.name}'") == []


def test_the_versions_are_listed_with_their_roles(one_world: World) -> None:
    empty = one_world.run("registry", "list")
    one_world.promoted(0.6)
    one_world.promoted(0.7)

    code, text = one_world.run("registry", "list")

    assert "has no version" in empty[1]
    assert code == 0
    lines = [line.split()[:2] for line in text.splitlines()]
    assert ["2", "production"] in lines
    assert ["1", "previous"] in lines


def test_a_person_can_tag_but_not_forge_evidence(one_world: World) -> None:
    one_world.registered(0.7)

    code, _ = one_world.run("registry", "tag", "--version", "1", "ticket=MODEL-7")
    forged = one_world.run("registry", "tag", "--version", "1", "gate.verdict=promote")
    missing = one_world.run("registry", "tag", "--version", "9", "ticket=MODEL-7")

    assert (code, forged[0], missing[0]) == (0, 2, 1)
    assert one_world.tags("1")["ticket"] == "MODEL-7"


@pytest.mark.parametrize("text", ["test_status=passed", "metric.accuracy=1", "a", "=b", "a="])
def test_what_is_no_tag_or_evidence_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_tags([text])


def test_a_retired_version_has_no_role(world: World) -> None:
    world.promoted(0.6)
    world.registered(0.7)

    for number in ("1", "2"):
        assert world.run("registry", "retire", "--version", number)[0] == 0

    assert world.roles() == world.expected(v1="archived", v2="archived")
    assert world.gated(0.55)[1].count("first version") == 1


def test_a_version_that_somebody_else_registered_is_not_taken_for_ours(
    one_world: World, tmp_path: Path
) -> None:
    one_world.registered(0.6)
    (tmp_path / "MLmodel").write_text("flavors: {python_function: {loader_module: x}}\n")
    with open_registry(one_world.configuration, os.environ) as registry:
        with pytest.raises(MlocError, match="was not registered by this platform"):
            registry.package_of(tmp_path)


def _loaded_alone(world: World, uri: str, source: str, tracking: str = "") -> list[Any]:
    """Load and score in a process that does not know this repository."""
    environ = {name: value for name, value in os.environ.items() if "MLFLOW" not in name}
    environ |= {"MLFLOW_TRACKING_URI": tracking or world.url, "MLFLOW_DISABLE_TELEMETRY": "true"}
    completed = subprocess.run(
        [sys.executable, "-c", LOADS_ALONE, uri, source],
        env=environ,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    found: list[Any] = json.loads(completed.stdout.splitlines()[-1])
    return found


def _with(configuration: Configuration, life_cycle: Any) -> Configuration:
    return replace(
        configuration, base=replace(configuration.base, registry_lifecycle=life_cycle)
    )
