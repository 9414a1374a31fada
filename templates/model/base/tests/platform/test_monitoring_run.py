"""The commands of monitoring, from a packaged model to the run that trains the next one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pandas as pd
import pytest
from mloccli.cli import main
from mloccli.config import Repository

from .azure_pipelines import FINAL_YAML, PROJECT, TOKEN, AzurePipelines
from .conftest import FILES, MakeRepository
from .http_service import Answer, Service, running_service
from .test_package import packaged

SETTINGS = """
minimum_rows: 20
limits: { psi: 0.25, ks: 0.3, missing: 0.1, unseen: 0.05 }
drifted_columns: 1
windows: { drifted: 2, of: 3 }
cool_down_days: 7
"""
DATA = "the_model/model_modules/data.py"
ROWS = """
import pandas as pd

def load_scoring_data():
    return pd.DataFrame({"left": range(40), "word": ["a", "b"] * 20})

def load_evaluation_data():
    return load_scoring_data().assign(right=[2 * number for number in range(40)])
"""

Change: TypeAlias = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(name="azure")
def fixture_azure() -> AzurePipelines:
    return AzurePipelines()


@pytest.fixture(name="service")
def fixture_service(
    azure: AzurePipelines, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    with running_service(azure.answer) as service:
        monkeypatch.setenv("SYSTEM_COLLECTIONURI", f"{service.url}/org/")
        monkeypatch.setenv("SYSTEM_TEAMPROJECT", PROJECT)
        monkeypatch.setenv("SYSTEM_ACCESSTOKEN", TOKEN)
        for name in ("CMR_URI", "SLACK_WEBHOOK_URL", "TF_BUILD"):
            monkeypatch.delenv(name, raising=False)
        yield service


@pytest.fixture(name="repository")
def fixture_repository(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    repository = make_repository({DATA: ROWS, "the_model/monitoring.yml": SETTINGS})
    packaged(repository)
    monkeypatch.chdir(repository.root)
    return repository


def current(repository: Repository, change: Change) -> str:
    """A file of current rows, changed."""
    rows = pd.DataFrame({"left": range(40), "word": ["a", "b"] * 20})
    path = repository.root / "current.csv"
    change(rows).to_csv(path, index=False)
    return str(path)


def drifted(repository: Repository) -> str:
    return current(repository, lambda rows: rows.assign(left=rows["left"] + 25))


def decision(repository: Repository) -> dict[str, Any]:
    path = repository.root / "outputs" / "monitoring" / "decision.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_the_data_that_the_model_was_made_with_is_stable(
    repository: Repository, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["monitor", "run"]) == 0

    assert decision(repository)["outcome"] == "stable"
    assert "No training is started: stable." in capsys.readouterr().out
    assert not service.asked


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        (lambda rows: rows.assign(left=rows["left"] + 25), {"left", "double"}),
        (lambda rows: rows.assign(left=rows["left"] - 25), {"left", "double"}),
        (lambda rows: rows.assign(word="c"), {"word"}),
        (lambda rows: rows.assign(word=rows["word"].where(rows.index > 8)), {"word"}),
    ],
)
def test_data_that_moved_has_drifted(
    repository: Repository,
    change: Change,
    columns: set[str],
) -> None:
    assert main(["monitor", "drift", "--data", current(repository, change)]) == 0

    found = decision(repository)
    assert found["verdict"] == "drift"
    assert found["outcome"] == "waiting"
    assert {column["column"] for column in found["columns"] if column["exceeded"]} == columns


@pytest.mark.usefixtures("service")
def test_lasting_drift_starts_one_training_and_then_cools_down(
    repository: Repository, azure: AzurePipelines
) -> None:
    data = drifted(repository)
    outcomes = []

    for window in ("first", "second", "second", "third"):
        assert main(["monitor", "run", "--data", data, "--window", window]) == 0
        outcomes.append(decision(repository)["outcome"])

    assert outcomes == ["waiting", "trigger", "already triggered", "cooling down"]
    assert [run["templateParameters"] for run in azure.runs] == [
        {"trigger_key": "drift:sums:local:second"}
    ]


@pytest.mark.usefixtures("service")
def test_a_crash_between_the_start_and_the_memory_starts_no_second_training(
    repository: Repository, azure: AzurePipelines
) -> None:
    data, history = drifted(repository), repository.root / "outputs/monitoring/history.json"
    main(["monitor", "drift", "--data", data, "--window", "first"])
    main(["monitor", "drift", "--data", data, "--window", "second"])
    before = history.read_text(encoding="utf-8")
    assert main(["monitor", "trigger"]) == 0
    history.write_text(before, encoding="utf-8")

    assert main(["monitor", "run", "--data", data, "--window", "second"]) == 0

    assert len(azure.runs) == 1
    assert "https://dev.azure.com/run/1" in history.read_text(encoding="utf-8")


@pytest.mark.usefixtures("service")
def test_a_training_that_could_not_be_started_is_started_by_the_next_call(
    repository: Repository, azure: AzurePipelines
) -> None:
    data = drifted(repository)
    main(["monitor", "drift", "--data", data, "--window", "first"])
    azure.fault = lambda asked: Answer(403, {"message": "TF401027"})
    assert main(["monitor", "run", "--data", data, "--window", "second"]) == 3
    azure.fault = lambda asked: None

    assert main(["monitor", "trigger"]) == 0

    assert len(azure.runs) == 1


@pytest.mark.usefixtures("service")
def test_a_dry_run_shows_what_would_run_and_keeps_nothing(
    repository: Repository, azure: AzurePipelines, capsys: pytest.CaptureFixture[str]
) -> None:
    data = drifted(repository)
    main(["monitor", "drift", "--data", data, "--window", "first"])
    history = repository.root / "outputs/monitoring/history.json"
    before = history.read_text(encoding="utf-8")

    assert main(["monitor", "run", "--data", data, "--window", "second", "--dry-run"]) == 0

    shown = capsys.readouterr().out
    assert '"previewRun": true' in shown
    assert FINAL_YAML.strip() in shown
    assert TOKEN not in shown
    assert not azure.runs
    assert history.read_text(encoding="utf-8") == before
    assert decision(repository)["window"] == "first"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda rows: rows.head(0), "not enough data"),
        (lambda rows: rows.head(19), "not enough data"),
        (lambda rows: rows.drop(columns=["word"]), "broken data"),
        (lambda rows: rows.assign(left=None), "broken data"),
    ],
)
def test_data_that_proves_nothing_is_a_finding_and_starts_nothing(
    repository: Repository,
    service: Service,
    change: Change,
    outcome: str,
) -> None:
    data = drifted(repository)
    main(["monitor", "drift", "--data", data, "--window", "first"])

    data = current(repository, change)
    exit_code = main(["monitor", "run", "--data", data, "--window", "second"])

    assert exit_code == 1
    assert decision(repository)["outcome"] == outcome
    assert not service.asked


def test_a_source_without_rows_is_not_enough_data(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ROWS.replace("* 20})", '* 20}).head(int(os.environ.get("ROWS", "40")))')
    files = {DATA: f"import os\n{source}", "the_model/monitoring.yml": SETTINGS}
    repository = make_repository(files)
    packaged(repository)
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("ROWS", "0")

    assert main(["monitor", "drift"]) == 1
    assert decision(repository)["outcome"] == "not enough data"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["drift", "--window", "a/b"], 2, "cannot name a window"),
        (["drift", "--data", "nowhere.csv"], 2, "nowhere.csv does not exist"),
        (["drift", "--package", "docs"], 2, "is not a model package"),
        (["trigger"], 1, "holds no decision"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_wrong_use_is_explained(
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    exit_code: int,
    message: str,
) -> None:
    assert main(["monitor", *arguments]) == exit_code
    assert message in capsys.readouterr().err


def test_a_package_of_before_monitoring_is_explained(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository.root / "outputs" / "package" / "reference.json").unlink()

    assert main(["monitor", "drift"]) == 1
    assert "has no reference.json" in capsys.readouterr().err


def test_settings_of_a_column_that_the_model_does_not_have_are_found(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = f"{SETTINGS}columns: {{ words: ignore, left: {{ psi: 0.1 }} }}\n"
    (repository.model_folder / "monitoring.yml").write_text(settings, encoding="utf-8")

    assert main(["monitor", "drift"]) == 1
    assert "columns.words: neither the data nor the scores have it." in capsys.readouterr().err


def test_a_decision_on_another_model_starts_nothing(
    repository: Repository, service: Service
) -> None:
    main(["monitor", "drift"])
    path = repository.root / "outputs" / "monitoring" / "decision.json"
    text = path.read_text(encoding="utf-8").replace('"sums"', '"products"')
    path.write_text(text.replace('"stable"', '"trigger"'), encoding="utf-8")

    assert main(["monitor", "trigger"]) == 2
    assert not service.asked


def test_scoring_code_that_raises_is_an_error_and_no_drift(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring = FILES["the_model/model_modules/scoring.py"].replace(
        'data["left"]}', 'data["left"].where(data["left"] < 40).astype(int)}'
    )
    files = {"the_model/model_modules/scoring.py": scoring, DATA: ROWS}
    repository = make_repository({**files, "the_model/monitoring.yml": SETTINGS})
    packaged(repository)
    monkeypatch.chdir(repository.root)

    assert main(["monitor", "drift", "--data", drifted(repository)]) == 1
    assert not (repository.root / "outputs" / "monitoring").exists()
