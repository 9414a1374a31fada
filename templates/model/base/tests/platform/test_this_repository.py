"""The repository itself keeps the rules that the pipelines check."""

from __future__ import annotations

import pytest
from mloccli.checks.report import format_results
from mloccli.checks.runner import CHECKS, CheckInputs, run_checks
from mloccli.config import find_repository


@pytest.mark.parametrize("check", [name for name in CHECKS if name != "lint"])
def test_the_repository_passes(check: str, request: pytest.FixtureRequest) -> None:
    results = run_checks(CheckInputs(find_repository(request.config.rootpath), {}), [check])

    assert [result.name for result in results] == [check]
    assert all(result.passed for result in results), format_results(results)
