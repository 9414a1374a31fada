"""A real MLflow server on this machine, and a model repository whose registry it is."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mloccli.cli import main
from mloccli.config import Configuration, find_repository, read_configuration
from mloccli.registry.connection import open_registry

if TYPE_CHECKING:
    from .conftest import MakeRepository

# Nobody waits for the end of these: a machine that does ten things at once takes its time.
START_SECONDS = 600
STOP_SECONDS = 60
COMMIT = "c" * 40
LIFE_CYCLES = ("stages", "aliases")
SERVER_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # It would start more processes.
}

SCORING = """
    import pandas as pd

    def score(model, data):
        return pd.DataFrame({"double": model["factor"] * data["left"]}, index=data.index)

    def evaluate(model, data):
        return {"accuracy": float(model["accuracy"]) - 0.1 * (len(data) - 3)}
    """

TESTS = """
    import pandas as pd

    def test_it_doubles(model_under_test):
        scores = model_under_test.score(pd.DataFrame({"left": [4], "word": ["a"]}))
        assert list(scores["double"]) == [8]
    """

PYTEST = """
    [tool.pytest.ini_options]
    addopts = ["-p", "mloccli.testing", "--import-mode=importlib"]
    pythonpath = [".", "the_model"]
    """


def is_server_installed() -> bool:
    """Whether the whole of MLflow is here; agents have its client only."""
    try:
        installed.distribution("mlflow")
    except installed.PackageNotFoundError:
        return False
    return True


@contextmanager
def running_mlflow(folder: Path) -> Iterator[str]:
    """The address of a server that keeps everything in the folder, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(3):  # Somebody else may take the free port first.
        url, process = _start(folder)
        try:
            if _is_up(url, process):
                yield url
                return
        finally:
            _stop(process)
    raise RuntimeError((folder / "log").read_text(encoding="utf-8")[-2000:])


def _start(folder: Path) -> tuple[str, subprocess.Popen[bytes]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--workers", "1"]
    command += ["--port", str(port), "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    # The client writes artifacts itself, which is quicker than over HTTP.
    command += ["--no-serve-artifacts", "--default-artifact-root", (folder / "artifacts").as_uri()]
    environ = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # Else seven more processes start.
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command,
            cwd=folder,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return f"http://127.0.0.1:{port}", process


def _is_up(url: str, process: subprocess.Popen[bytes]) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with opener.open(f"{url}/health", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """MLflow hands a request to stop on to its server; who does not follow is killed, with all."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


@pytest.fixture(name="registry_folder", scope="session")
def fixture_registry_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its database and its files."""
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(name="registry_url", scope="session")
def fixture_registry_url(registry_folder: Path) -> Iterator[str]:
    """One server for all tests; each uses a model name of its own."""
    if not is_server_installed():
        pytest.skip("The package mlflow is not installed; mlflow-skinny has no server.")
    with running_mlflow(registry_folder) as url:
        yield url


class World:  # pylint: disable=too-many-instance-attributes
    """A model repository with a central model registry; commands run as on the command line."""

    def __init__(
        self, make: MakeRepository, patch: pytest.MonkeyPatch, url: str, life_cycle: str
    ) -> None:
        self.name = f"sums-{uuid.uuid4().hex[:10]}"
        self.url = url
        self.life_cycle = life_cycle
        self._make = make
        self._patch = patch
        self._captured: pytest.CaptureFixture[str] | None = None
        self._files: dict[str, str | None] = {
            "pyproject.toml": PYTEST,
            "tests/model/test_model.py": TESTS,
            "the_model/model_modules/scoring.py": SCORING,
        }
        self.variables: dict[str, object] = {"MODEL_NAME": self.name}
        self.write()
        for name in ("CMR_TOKEN", "CMR_USERNAME", "CMR_PASSWORD", "SLACK_WEBHOOK_URL", "TF_BUILD"):
            patch.delenv(name, raising=False)
        self.set(CMR_URI=url, REGISTRY_LIFECYCLE=life_cycle, BUILD_SOURCEVERSION=COMMIT)
        self.set(NO_PROXY="127.0.0.1,localhost", ARCHIVE_EXISTING_VERSIONS="true")

    def capture(self, captured: pytest.CaptureFixture[str]) -> World:
        """Keep what commands print."""
        self._captured = captured
        return self

    def set(self, **variables: str) -> None:
        """Set variables of the process environment for this test."""
        for name, value in variables.items():
            self._patch.setenv(name, value)

    def write(self, **files: str | None) -> None:
        """Change files of the repository: parameters, thresholds, scoring, data, tests."""
        paths = {
            "parameters": "the_model/model_parameters.yml",
            "thresholds": "the_model/evaluation_thresholds.yml",
            "scoring": "the_model/model_modules/scoring.py",
            "training": "the_model/model_modules/training.py",
            "data": "the_model/model_modules/data.py",
            "tests": "tests/model/test_model.py",
        }
        self._files |= {paths[name]: text for name, text in files.items()}
        repository = self._make(self._files, self.variables)
        self._patch.chdir(repository.root)

    @property
    def configuration(self) -> Configuration:
        """The configuration as it is now."""
        return read_configuration(find_repository(), os.environ)

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code of a command and everything that it wrote."""
        assert self._captured is not None
        self._captured.readouterr()
        code = main(arguments)
        out, err = self._captured.readouterr()
        return code, out + err

    def evaluated(self, accuracy: object, **files: str | None) -> tuple[int, str]:
        """Evaluate a model of that accuracy."""
        self.write(parameters=f"factor: 2\naccuracy: {json.dumps(accuracy)}\n", **files)
        return self.run("model", "evaluate")

    def gated(self, accuracy: object, **files: str | None) -> tuple[int, str]:
        """Evaluate and gate a model of that accuracy."""
        self.evaluated(accuracy, **files)
        return self.run("model", "gate")

    def registered(self, accuracy: float) -> str:
        """Bring a model of that accuracy to the registry; its number."""
        code, text = self.gated(accuracy)
        assert code == 0, text
        for arguments in (("model", "package"), ("registry", "register")):
            code, text = self.run(*arguments)
            assert code == 0, text
        return text.split("Registered as version ")[1].split()[0]

    def promoted(self, accuracy: float) -> str:
        """Bring a model of that accuracy into production without its tests; its number."""
        number = self.registered(accuracy)
        with open_registry(self.configuration, os.environ) as registry:
            version = registry.find(number)
            registry.tag(version, {"test_status": "passed", "tested_commit": COMMIT})
            registry.promote(version)
        return number

    def gate_record(self) -> dict[str, Any]:
        """What gate.json says."""
        path = Path("outputs/candidate/gate.json")
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content

    def client(self) -> Any:
        """MLflow's own client, to see what is really there."""
        from mlflow import MlflowClient

        return MlflowClient(self.url, self.url)

    def roles(self) -> dict[str, str]:
        """Stage or aliases of each version, read with MLflow's own client."""
        client = self.client()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            versions = client.search_model_versions(f"name='{self.name}'")
            stages = {str(item.version): str(item.current_stage) for item in versions}
        if self.life_cycle == "stages":
            return stages
        roles: dict[str, list[str]] = {number: [] for number in stages}
        for alias, number in client.get_registered_model(self.name).aliases.items():
            roles[str(number)].append(alias)
        return {number: " ".join(sorted(names)) or "-" for number, names in roles.items()}

    def expected(self, **roles: str) -> dict[str, str]:
        """Our words for roles, as this life cycle writes them: ``expected(v1="production")``."""
        words = {
            "stages": {
                "candidate": "Staging",
                "older candidate": "Staging",
                "production": "Production",
                "previous": "Archived",
                "archived": "Archived",
                "none": "None",
            },
            "aliases": {
                "candidate": "challenger",
                "older candidate": "-",
                "production": "champion",
                "previous": "previous_champion",
                "archived": "-",
                "none": "-",
            },
        }[self.life_cycle]
        return {number[1:]: words[role] for number, role in roles.items()}

    def tags(self, number: str) -> dict[str, str]:
        """The tags of a version, read with MLflow's own client."""
        tags: dict[str, str] = dict(self.client().get_model_version(self.name, number).tags)
        return tags


@pytest.fixture(name="world", params=LIFE_CYCLES)
def fixture_world(
    request: pytest.FixtureRequest,
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    registry_url: str,
) -> World:
    """A new model and an empty place in the registry for it, once for each life cycle."""
    world = World(make_repository, monkeypatch, registry_url, str(request.param))
    return world.capture(request.getfixturevalue("capfd"))


@pytest.fixture(name="one_world")
def fixture_one_world(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    registry_url: str,
    capfd: pytest.CaptureFixture[str],
) -> World:
    """The same, for what does not depend on the life cycle."""
    return World(make_repository, monkeypatch, registry_url, "aliases").capture(capfd)
