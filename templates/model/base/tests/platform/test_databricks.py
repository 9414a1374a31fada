"""The workspace client: whose workspace, with which credential, and what each error says."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mloccli.config import Configuration, find_repository, read_configuration
from mloccli.errors import MlocError, RemoteError, UsageError
from mloccli.utils.databricks import (
    SEND_ONCE,
    UnansweredError,
    choose_environment,
    remote_errors,
    workspace_client,
    workspace_url,
)

from .conftest import MakeRepository
from .http_service import Answer, Asked, running_service

TOKEN = "dapi0123456789abcdef0123456789abcdef"
CREDENTIALS = ("DATABRICKS_TOKEN", "DATABRICKS_AUTH_TYPE", "DATABRICKS_HOST", "ENVIRONMENT")


@pytest.fixture(name="configuration")
def fixture_configuration(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Configuration:
    """The configuration of a repository; this machine's own credentials are out of sight."""
    for name in CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return read_configuration(make_repository(), {})


def asked(configuration: Configuration, answer: Answer, **environ: str) -> str:
    """What an attempt says that the workspace answers so, its hint included."""

    def handle(request: Asked) -> Answer:
        return Answer(404) if request.path.startswith("/.well-known") else answer

    with running_service(handle) as service:
        variables = {"DATABRICKS_HOST": service.url, "DATABRICKS_TOKEN": TOKEN, **environ}
        return attempt(configuration, variables)


def attempt(configuration: Configuration, environ: Mapping[str, str]) -> str:
    client = workspace_client(configuration, "tst", environ, retry_seconds=SEND_ONCE)
    with pytest.raises(RemoteError) as raised, remote_errors("find the cluster x"):
        client.clusters.get("x")
    assert raised.value.message.startswith("Could not find the cluster x: ")
    assert TOKEN not in raised.value.message + raised.value.hint
    return f"{raised.value.message} {raised.value.hint}"


def error(status: int, code: object, message: str) -> Answer:
    return Answer(status, {"error_code": code, "message": message})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (error(403, 403, "Invalid access token."), "did not accept the token"),
        (error(401, "UNAUTHENTICATED", "Who?"), "did not accept the token"),
        (error(403, "PERMISSION_DENIED", "Token is expired"), "did not accept the token"),
        (error(403, "PERMISSION_DENIED", "No CAN_USE."), "lacks the permission: No CAN_USE."),
        (error(404, "RESOURCE_DOES_NOT_EXIST", "No x."), "it was not found: No x."),
        (error(400, "QUOTA_EXCEEDED", "The quota is reached"), "a limit or quota of the workspace"),
        (error(429, "REQUEST_LIMIT_EXCEEDED", "Slow."), "a limit or quota of the workspace"),
        (error(500, "INTERNAL_ERROR", "Oh."), "Databricks failed on its own side: Oh."),
        (error(400, "INVALID_STATE", "Not now."), "Databricks refused: Not now."),
        (Answer(200, b"<html>Sign in</html>"), "the answer is not that of a Databricks workspace"),
        (Answer(drop=True), "cannot be reached, or the connection was dropped"),
    ],
)
def test_each_cause_has_its_own_words(
    configuration: Configuration, answer: Answer, says: str
) -> None:
    assert says in asked(configuration, answer)


def test_a_service_that_echoes_credentials_does_not_show_them(configuration: Configuration) -> None:
    echo = f"No for Bearer {TOKEN} and eyJhbGciOiJ.payload.signature and ?sv=1&sig=abc%2F end."

    words = asked(configuration, error(400, "BAD_REQUEST", echo))

    assert "No for *** and *** and ?sv=1&*** end." in words


def test_an_address_where_nobody_is_cannot_be_reached(configuration: Configuration) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{unused.getsockname()[1]}"

        environ = {"DATABRICKS_HOST": host, "DATABRICKS_TOKEN": TOKEN}
        with pytest.raises(RemoteError, match="the workspace cannot be reached") as raised:
            workspace_client(configuration, "tst", environ, retry_seconds=SEND_ONCE)

    assert raised.value.message.startswith(f"Could not reach the Databricks workspace {host}: ")


def test_a_lost_answer_is_told_from_a_refusal(configuration: Configuration) -> None:
    answers = [error(400, "X", "No"), Answer(drop=True)]
    with running_service(lambda _: answers[0]) as service:
        environ = {"DATABRICKS_HOST": service.url, "DATABRICKS_TOKEN": TOKEN}
        client = workspace_client(configuration, "tst", environ, retry_seconds=SEND_ONCE)
        with pytest.raises(RemoteError) as refused, remote_errors("ask"):
            client.clusters.get("x")
        del answers[0]
        before = len(service.asked)
        with pytest.raises(UnansweredError), remote_errors("ask"):
            client.clusters.get("x")

        assert len(service.asked) == before + 1
    assert not isinstance(refused.value, UnansweredError)


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), remote_errors("ask"):
        raise KeyError("x")
    with pytest.raises(UsageError, match="own"), remote_errors("ask"):
        raise UsageError("own")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, "No credential for http://127.0.0.1"),
        ({"DATABRICKS_TOKEN": "$(DATABRICKS_TOKEN)"}, "No credential for"),
        (
            {
                "DATABRICKS_TOKEN": TOKEN,
                "DATABRICKS_CLIENT_ID": "a",
                "DATABRICKS_CLIENT_SECRET": "b",
            },
            "Several kinds of credentials",
        ),
        ({"DATABRICKS_AUTH_TYPE": "oauth-m2m"}, "The credential for http://127.0.0.1"),
        ({"DATABRICKS_AUTH_TYPE": "pat"}, "The credential for http://127.0.0.1"),
    ],
)
def test_a_missing_credential_is_wrong_use(
    configuration: Configuration, environ: dict[str, str], says: str
) -> None:
    with running_service(lambda _: Answer(404)) as service, pytest.raises(UsageError) as raised:
        host = {"DATABRICKS_HOST": service.url}
        workspace_client(configuration, "tst", {**environ, **host}, retry_seconds=SEND_ONCE)
    assert raised.value.message.startswith(says)
    assert "DATABRICKS_TOKEN" in raised.value.hint or "pat" in raised.value.hint
    assert TOKEN not in raised.value.message


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "https://adb-1.1.azuredatabricks.net"),
        ({"DATABRICKS_HOST": "adb-2.azuredatabricks.net/"}, "https://adb-2.azuredatabricks.net"),
        ({"DATABRICKS_HOST": "https://x.net/?o=12#job"}, "https://x.net"),
        ({"DATABRICKS_HOST": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ({"DATABRICKS_HOST": "$(DATABRICKS_HOST)"}, "https://adb-1.1.azuredatabricks.net"),
    ],
)
def test_the_workspace_is_that_of_the_environment(
    configuration: Configuration, environ: dict[str, str], url: str
) -> None:
    assert workspace_url(configuration.environment("tst"), environ) == url


@pytest.mark.parametrize(
    "host", ["http://adb-1.net", "https://user:secret@adb-1.net", "ftp://adb-1.net", "https://"]
)
def test_an_address_that_is_not_protected_is_refused(
    configuration: Configuration, host: str
) -> None:
    with pytest.raises(UsageError, match="must have the form https://host") as raised:
        workspace_url(configuration.environment("tst"), {"DATABRICKS_HOST": host})
    assert "secret" not in raised.value.message


def test_a_workspace_that_is_not_known_names_its_variable(configuration: Configuration) -> None:
    with pytest.raises(UsageError) as raised:
        workspace_url(configuration.environment("qa"), {})
    assert "WORKSPACE_URL_QA" in raised.value.hint


def test_the_environment_is_the_given_one_else_the_variable_else_the_first(
    configuration: Configuration,
) -> None:
    assert choose_environment(configuration, "prod", {"ENVIRONMENT": "qa"}).name == "prod"
    assert choose_environment(configuration, None, {"ENVIRONMENT": "qa"}).name == "qa"
    assert choose_environment(configuration, None, {}).name == "tst"
    with pytest.raises(MlocError, match="no environment 'x'"):
        choose_environment(configuration, "x", {})


def test_the_script_finds_the_packages_that_files_beside_it_would_hide(
    configuration: Configuration, request: pytest.FixtureRequest
) -> None:
    """Beside it lie http.py and databricks.py."""
    script = find_repository(request.config.rootpath).root / "src" / "utils" / "get_cluster_id.py"

    def handle(_: Asked) -> Answer:
        return Answer(200, {"clusters": [{"cluster_id": "0101-a", "cluster_name": "sums-tst"}]})

    with running_service(handle) as service:
        finished = subprocess.run(
            [sys.executable, str(script)],
            cwd=configuration.repository.root,
            env={"DATABRICKS_HOST": service.url, "DATABRICKS_TOKEN": TOKEN, "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (finished.stdout, finished.stderr) == ("0101-a\n", "")
    assert finished.returncode == 0
