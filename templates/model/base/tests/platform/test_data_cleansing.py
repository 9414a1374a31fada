"""Cleansing: every row is accounted for, and new data starts the training once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from mloccli.cli import main
from mloccli.config import Repository
from mloccli.data.tasks import data_key

from .azure_pipelines import FINAL_YAML, PROJECT, TOKEN, AzurePipelines
from .conftest import MakeRepository
from .http_service import Answer, Service, running_service

DATA = "the_model/model_modules/data.py"
CLEANSING = "the_model/model_modules/cleansing.py"
RAW = """
import pandas as pd

def load_raw_data():
    return pd.DataFrame({"left": [1, -2, 3, 3]}, index=["a", "b", "c", "d"])
"""
CLEANSE = """
def cleanse(data):
    reasons = ["not positive" if left < 0 else "" for left in data["left"]]
    return data.assign(left=data["left"] * 10, reject_reason=reasons)
"""


@pytest.fixture(name="azure")
def fixture_azure() -> AzurePipelines:
    return AzurePipelines()


@pytest.fixture(name="service")
def fixture_service(azure: AzurePipelines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with running_service(azure.answer) as service:
        monkeypatch.setenv("SYSTEM_COLLECTIONURI", f"{service.url}/org/")
        monkeypatch.setenv("SYSTEM_TEAMPROJECT", PROJECT)
        monkeypatch.setenv("SYSTEM_ACCESSTOKEN", TOKEN)
        yield service


@pytest.fixture(name="repository")
def fixture_repository(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    repository = make_repository({DATA: RAW, CLEANSING: CLEANSE})
    monkeypatch.chdir(repository.root)
    return repository


def change(repository: Repository, name: str, content: str) -> None:
    (repository.root / name).write_text(content, encoding="utf-8")


def outputs(repository: Repository) -> Path:
    folder: Path = repository.root / "outputs" / "data"
    return folder


def test_rows_are_corrected_kept_or_left_out_for_a_reason(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "cleanse"]) == 0

    kept = pd.read_csv(outputs(repository) / "clean.csv", index_col=0)
    assert kept["left"].to_dict() == {"a": 10, "c": 30, "d": 30}
    report = json.loads((outputs(repository) / "cleansing.json").read_text(encoding="utf-8"))
    assert (report["rows_in"], report["rows_out"]) == (4, 3)
    assert report["rejected"] == {"not positive": 1}
    assert "| 1 | left out: not positive |" in (outputs(repository) / "cleansing.md").read_text(
        encoding="utf-8"
    )
    assert "3     kept" in capsys.readouterr().out


def test_the_team_can_write_clean_data_where_the_training_reads_it(
    repository: Repository,
) -> None:
    target = repository.root / "lake.csv"
    save = f"\ndef save_clean_data(data):\n    data.to_csv({str(target)!r})\n"
    change(repository, DATA, f"{RAW}{save}")

    assert main(["data", "cleanse"]) == 0

    assert list(pd.read_csv(target)["left"]) == [10, 30, 30]


def test_a_dry_run_writes_nothing(repository: Repository) -> None:
    save = "\ndef save_clean_data(data):\n    raise AssertionError\n"
    change(repository, DATA, f"{RAW}{save}")

    assert main(["data", "cleanse", "--dry-run"]) == 0

    assert not (repository.root / "outputs").exists()


@pytest.mark.parametrize(
    ("data", "cleansing", "message"),
    [
        (f"{RAW.rstrip()}.head(0)\n", CLEANSE, "load_raw_data returned no rows"),
        (RAW.replace("1, -2, 3, 3", "-1, -2, -3, -3"), CLEANSE, "left none of the 4 rows"),
        (RAW.replace("1, -2, 3, 3", "-1, -2, -3, -3"), CLEANSE, r"\(not positive: 4\)"),
        ("", CLEANSE, "defines no function load_raw_data"),
        (RAW, "", "defines no function cleanse"),
        (RAW, "def cleanse(data): return None\n", "cleanse returned NoneType"),
        (RAW, "def cleanse(data): return data\n", "no column reject_reason"),
        (RAW, CLEANSE.replace("reasons)", "reasons).head(2)"), "2 rows for 4"),
        (RAW, CLEANSE.replace("reasons)", "reasons).iloc[::-1]"), "in another order"),
        (RAW, CLEANSE.replace('else ""', "else None"), "other than text"),
        (RAW, "def cleanse(data): return data['right']\n", "cleanse raised KeyError"),
    ],
)
def test_what_breaks_the_contract_is_explained_and_writes_nothing(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    data: str,
    cleansing: str,
    message: str,
) -> None:
    change(repository, DATA, data)
    change(repository, CLEANSING, cleansing)

    assert main(["data", "cleanse"]) == 1

    assert re.search(message, capsys.readouterr().err)
    assert not (repository.root / "outputs").exists()


def test_an_output_of_another_kind_is_wrong_use(repository: Repository) -> None:
    assert main(["data", "cleanse", "--output", "clean.xlsx"]) == 2
    assert not (repository.root / "outputs").exists()


def test_new_data_starts_the_training_once(
    repository: Repository,
    azure: AzurePipelines,
    service: Service,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["data", "cleanse", "--trigger", "--branch", "main"]) == 0
    assert main(["data", "cleanse", "--trigger"]) == 0
    change(repository, DATA, RAW.replace("3, 3", "3, 4"))
    assert main(["data", "cleanse", "--trigger"]) == 0

    keys = [run["templateParameters"]["trigger_key"] for run in azure.runs]
    assert len(keys) == len(set(keys)) == 2
    assert all(key.startswith("data:sums:") for key in keys)
    assert "The data is that of an earlier run (inProgress)" in capsys.readouterr().out
    assert TOKEN not in "".join(asked.path for asked in service.asked)


@pytest.mark.usefixtures("repository", "service")
def test_a_dry_run_shows_what_would_run(
    azure: AzurePipelines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "cleanse", "--trigger", "--dry-run"]) == 0

    assert FINAL_YAML.strip() in capsys.readouterr().out
    assert not azure.runs


@pytest.mark.usefixtures("service")
def test_a_refused_start_keeps_the_clean_data_and_can_be_repeated(
    repository: Repository, azure: AzurePipelines
) -> None:
    azure.fault = lambda asked: Answer(403, {"message": "TF401027"})

    assert main(["data", "cleanse", "--trigger"]) == 3

    assert (outputs(repository) / "clean.csv").is_file()
    azure.fault = lambda asked: None
    assert main(["data", "cleanse", "--trigger"]) == 0
    assert len(azure.runs) == 1


def test_the_key_names_the_model_and_the_data() -> None:
    assert data_key("iris", "0123456789abcdef" * 4) == "data:iris:0123456789abcdef"
