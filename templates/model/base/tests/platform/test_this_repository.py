"""The repository itself keeps the rules that the pipelines check."""

from __future__ import annotations

import pytest
from mloccli.checks.commands import run_checks
from mloccli.checks.report import format_results
from mloccli.config import find_repository


@pytest.mark.parametrize("check", ["structure", "functions", "config", "requirements"])
def test_the_repository_passes(check: str, request: pytest.FixtureRequest) -> None:
    results = run_checks(find_repository(request.config.rootpath), [check])

    assert [result.name for result in results] == [check]
    assert all(result.passed for result in results), format_results(results)
