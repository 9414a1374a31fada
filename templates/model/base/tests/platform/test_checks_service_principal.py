"""The check of the service principals."""

from __future__ import annotations

import pytest
from mloccli.checks.result import Finding
from mloccli.cli import main
from mloccli.errors import UsageError

from .checking import findings, run_check
from .conftest import MakeRepository

NOTHING = ("0" * 8, "0000", "0000", "0000", "0" * 12)
ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


def missing(make_repository: MakeRepository, environ: dict[str, str]) -> Finding:
    repository = make_repository(variables={"FINANCIAL_ID": "F-100"})
    (found,) = findings(repository, "service-principal", environ)
    return found


def test_each_environment_may_have_one(make_repository: MakeRepository) -> None:
    environ = {"SPN_TST": ID, "SPN_QA": ID.upper(), "SPN_PROD": f" {ID} "}

    result = run_check(make_repository(), "service-principal", environ)

    assert not result.findings
    assert result.note == "3 of 3 known"


def test_a_missing_one_is_a_warning_with_instructions(make_repository: MakeRepository) -> None:
    found = missing(make_repository, {"SPN_QA": ID, "SPN_PROD": "$(SPN_PROD)"})

    assert found.severity == "warning"
    assert found.message == "No service principal is known for tst and prod."
    assert "1. Ask the platform team" in found.hint
    assert "the financial id: F-100" in found.hint
    assert "the variable group sums-tst and sums-prod" in found.hint
    assert "SPN_TST and SPN_PROD" in found.hint


def test_it_is_an_error_where_something_is_deployed(make_repository: MakeRepository) -> None:
    found = missing(make_repository, {"ENVIRONMENT": "qa", "SPN_TST": ID})

    assert (found.severity, found.message) == ("error", "No service principal is known for qa.")


@pytest.mark.parametrize("name", ["SERVICE_PRINCIPAL_ID", "SPN_QA"])
def test_the_environment_knows_its_own(make_repository: MakeRepository, name: str) -> None:
    assert not findings(make_repository(), "service-principal", {"ENVIRONMENT": "QA", name: ID})


def test_the_own_variable_says_nothing_of_other_environments(
    make_repository: MakeRepository,
) -> None:
    found = missing(make_repository, {"SERVICE_PRINCIPAL_ID": ID})

    assert found.message == "No service principal is known for tst, qa and prod."


@pytest.mark.parametrize("value", ["todo", "iris-spn", ID[:-1], f"{ID}0", "-".join(NOTHING)])
def test_what_is_no_application_id_is_found(make_repository: MakeRepository, value: str) -> None:
    environ = {"SPN_TST": value, "SPN_QA": ID, "SPN_PROD": ID}

    found = findings(make_repository(), "service-principal", environ)

    assert [one.message for one in found] == [
        "SPN_TST is not the application id of a service principal."
    ]


def test_the_command_requires_the_environment_it_is_given(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(make_repository().root)
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    command = ["check", "service-principal"]

    assert main(command) == 0
    assert main([*command, "--environment", "tst"]) == 1
    assert main([*command, "--environment", "moon"]) == 2
    assert "There is no environment 'moon'." in capsys.readouterr().err
    monkeypatch.setenv("SERVICE_PRINCIPAL_ID", ID)
    assert main([*command, "--environment", "tst"]) == 0


def test_an_unknown_environment_is_wrong_use(make_repository: MakeRepository) -> None:
    with pytest.raises(UsageError, match="moon"):
        run_check(make_repository(), "service-principal", {"ENVIRONMENT": "moon"})
