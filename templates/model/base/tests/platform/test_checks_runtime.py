"""The check of the environment file against the Databricks runtime."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from mloccli.checks.runner import CheckInputs, run_checks
from mloccli.checks.runtime_facts import parse_runtime
from mloccli.cli import main
from mloccli.config import Repository

from .checking import findings, messages, run_check
from .conftest import MakeRepository
from .http_service import Answer, Asked, Service, running_service

MODULES = "the_model/model_modules"
CONSTRAINTS = """
    # The versions of a runtime
    pandas~=1.5.3
    numpy==1.23.5
    databricks-sdk~=0.20
    scikit_learn~=1.3.0
    --option that pip knows
    """


def with_requirements(
    make_repository: MakeRepository, text: str, runtime: str = "15.4.x-scala2.12"
) -> Repository:
    return make_repository(
        {f"{MODULES}/requirements.txt": text, "constraints.txt": CONSTRAINTS},
        {"SERVING": "batch"},
        {"CLUSTER_SPARK_VERSION": runtime},
    )


@pytest.mark.parametrize(
    ("key", "python", "is_ml"),
    [
        ("13.3.x-scala2.12", "3.10", False),
        ("14.3.x-cpu-ml-scala2.12", "3.10", True),
        ("15.4.x-cpu-ml-scala2.12", "3.11", True),
        ("16.4.x-gpu-ml-scala2.13", "3.12", True),
        ("17.3.x-aarch64-scala2.13", "3.12", False),
        ("18.x-photon-scala2.13", "3.12", False),
        ("9.1.x-scala2.12", None, False),
    ],
)
def test_a_key_says_what_the_runtime_is(key: str, python: str | None, is_ml: bool) -> None:
    runtime = parse_runtime(key)

    assert runtime is not None
    assert (runtime.python, runtime.is_for_machine_learning) == (python, is_ml)


@pytest.mark.parametrize("key", ["auto:latest-lts", "custom", "15.4.x", "../15.4.x-scala2.12"])
def test_another_key_is_not_taken_for_a_runtime(key: str) -> None:
    assert parse_runtime(key) is None


@pytest.mark.parametrize(
    ("runtime", "suggested"),
    [
        ("15.4.x-scala2.12", ("15.4.x-cpu-ml-scala2.12", "15.4.x-gpu-ml-scala2.12")),
        ("17.3.x-photon-scala2.13", ("17.3.x-cpu-ml-scala2.13", "17.3.x-gpu-ml-scala2.13")),
    ],
)
def test_packages_of_ml_runtimes_on_another_are_a_warning(
    make_repository: MakeRepository, runtime: str, suggested: tuple[str, str]
) -> None:
    repository = with_requirements(make_repository, "pandas\nXGBoost>=2\ntorch\n", runtime)

    (found,) = findings(repository, "runtime")

    assert found.severity == "warning"
    assert found.message.startswith("Only runtimes for machine learning bring torch, xgboost, and")
    assert all(key in found.hint for key in suggested)


@pytest.mark.parametrize("runtime", ["15.4.x-cpu-ml-scala2.12", "15.4.x-gpu-ml-scala2.12"])
def test_they_are_welcome_on_an_ml_runtime(make_repository: MakeRepository, runtime: str) -> None:
    assert not findings(with_requirements(make_repository, "xgboost\n", runtime), "runtime")


@pytest.mark.parametrize(
    ("python", "expected"),
    [("=3.11", ""), (">=3.10", ""), ("=3.12", "Python ==3.12.*"), ("<3.11", "Python <3.11")],
)
def test_the_python_of_the_environment_file_suits(
    make_repository: MakeRepository, python: str, expected: str
) -> None:
    repository = make_repository(
        {
            f"{MODULES}/requirements.txt": None,
            f"{MODULES}/environment.yml": f"dependencies: ['python{python}', pandas]\n",
        },
        {"SERVING": "batch"},
        {"CLUSTER_SPARK_VERSION": "15.4.x-scala2.12"},
    )

    found = messages(repository, "runtime")

    assert expected in found if expected else not found


@pytest.mark.parametrize(
    ("says", "is_found"), [(">=3.10", False), (">=3.11.2", False), (">=3.12", True), ("?", False)]
)
def test_requires_python_suits(make_repository: MakeRepository, says: str, is_found: bool) -> None:
    text = f'[project]\nrequires-python = "{says}"\n'
    repository = make_repository(
        {"pyproject.toml": text},
        {"SERVING": "batch"},
        {"CLUSTER_SPARK_VERSION": "15.4.x-scala2.12"},
    )

    assert bool(findings(repository, "runtime")) == is_found


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("pandas", False),
        ("pandas>=1,<2", False),
        ("pandas>=1.5.4", False),
        ("Pandas>=2", True),
        ("pandas==1.4.*", True),
        ("numpy<1.23", True),
        ("scikit-learn>=1.4", True),
        ("databricks.sdk>=0.30", False),
        ("databricks-sdk>=1", True),
        ("polars>=99", False),
        ("pandas>=2; sys_platform == 'win32'", False),
        ("pandas>=2; python_version < '3.12'", True),
        ("pandas>=2; python_version >= '3.12'", False),
        ("pandas >== 2", True),
    ],
)
def test_a_range_without_the_version_of_the_runtime_is_found(
    make_repository: MakeRepository, line: str, is_found: bool
) -> None:
    repository = with_requirements(make_repository, line)
    where = str(repository.root / "constraints.txt")

    result = run_check(repository, "runtime", {"DATABRICKS_CONSTRAINTS_URL": where})

    assert [one.severity for one in result.findings] == (["error"] if is_found else [])


def test_a_folder_holds_a_file_for_each_runtime(make_repository: MakeRepository) -> None:
    repository = with_requirements(make_repository, "pandas>=2")
    folder = repository.root / "known" / "python" / "dbr" / "15.4.x-scala2.12"
    folder.mkdir(parents=True)
    (repository.root / "constraints.txt").rename(folder / "constraints.txt")

    (found,) = findings(
        repository, "runtime", {"DATABRICKS_CONSTRAINTS_URL": str(repository.root / "known")}
    )

    assert found.message == (
        f"{MODULES}/requirements.txt asks for pandas>=2, and 15.4.x-scala2.12 has pandas ~=1.5.3."
    )


def test_the_option_names_a_file(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(with_requirements(make_repository, "pandas>=2").root)

    assert main(["check", "runtime"]) == 0
    assert main(["check", "runtime", "--constraints", "constraints.txt"]) == 1
    assert main(["check", "runtime", "--constraints", "missing.txt"]) == 2
    assert "missing.txt does not exist" in capsys.readouterr().err


@pytest.fixture(name="service")
def fixture_service() -> Iterator[Service]:
    def handle(request: Asked) -> Answer:
        if "15.4.x" in request.path:
            return Answer(body=CONSTRAINTS.encode())
        return Answer(body=b"<html>Sign in</html>") if "16.4.x" in request.path else Answer(404)

    with running_service(handle) as service:
        yield service


def test_an_address_is_asked_once_a_day(make_repository: MakeRepository, service: Service) -> None:
    repository = with_requirements(make_repository, "pandas>=2")
    environ = {"DATABRICKS_CONSTRAINTS_URL": f"{service.url}/lists/"}

    assert len(findings(repository, "runtime", environ)) == 1
    assert len(findings(repository, "runtime", environ)) == 1
    assert [one.path for one in service.asked] == [
        "/lists/python/dbr/15.4.x-scala2.12/constraints.txt"
    ]

    (kept,) = (repository.root / "outputs").rglob("*.txt")
    os.utime(kept, (0, 0))
    assert len(findings(repository, "runtime", environ)) == 1
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ("99.9.x-scala2.13", "The list of runtime libraries does not know this address"),
        ("16.4.x-scala2.13", "The list of runtime libraries names no package."),
    ],
)
def test_no_list_of_the_runtime_means_not_run(
    make_repository: MakeRepository, service: Service, runtime: str, expected: str
) -> None:
    repository = with_requirements(make_repository, "pandas>=2", runtime)
    inputs = CheckInputs(repository, {"DATABRICKS_CONSTRAINTS_URL": service.url})

    (result,) = run_checks(inputs, ["runtime"])

    assert result.cannot_run is not None
    assert result.cannot_run.message.startswith(expected)


def test_nothing_is_asked_by_default(make_repository: MakeRepository) -> None:
    repository = with_requirements(make_repository, "pandas>=99")

    assert not findings(repository, "runtime")
    assert not Path(repository.root / "outputs").exists()


@pytest.mark.parametrize(
    ("variables", "base"),
    [({"SERVING": "rest"}, {}), ({"SERVING": "batch"}, {"COMPUTE_MODE": "serverless"})],
)
def test_what_runs_on_no_cluster_is_not_checked(
    make_repository: MakeRepository, variables: dict[str, object], base: dict[str, object]
) -> None:
    repository = make_repository(
        {f"{MODULES}/requirements.txt": "torch\n"},
        variables,
        {"CLUSTER_SPARK_VERSION": "15.4.x-scala2.12", **base},
    )

    result = run_check(repository, "runtime")

    assert result.passed and result.note.startswith("does not apply")
