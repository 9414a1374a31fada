"""Drift of the model's own data: none as it is now, and clear drift once it has moved."""

from __future__ import annotations

import pandas as pd
import pytest
from mloccli.config import find_repository
from mloccli.monitoring.decide import judge_columns
from mloccli.monitoring.drift import measure_drift
from mloccli.monitoring.reference import build_reference
from mloccli.monitoring.settings import read_settings
from mloccli.testing import ModelUnderTest
from model_modules.data import load_evaluation_data, load_scoring_data


def drifted_columns(
    model: ModelUnderTest, data: pd.DataFrame, request: pytest.FixtureRequest
) -> set[str]:
    """The columns of the data and the scores that monitoring.yml counts as drifted."""
    settings = read_settings(find_repository(request.config.rootpath).model_folder)
    known = load_evaluation_data()[list(load_scoring_data().columns)]
    reference = build_reference(known, model.score(known))
    report = measure_drift(reference, data, model.score(data))
    return {verdict.found.column for verdict in judge_columns(settings, report) if verdict.drifted}


def test_current_data_has_not_drifted(
    model_under_test: ModelUnderTest, request: pytest.FixtureRequest
) -> None:
    assert not drifted_columns(model_under_test, load_scoring_data(), request)


@pytest.mark.parametrize("factor", [0.25, 4])
def test_data_that_moved_has_drifted(
    model_under_test: ModelUnderTest, request: pytest.FixtureRequest, factor: float
) -> None:
    data = load_scoring_data()
    numbers = list(data.select_dtypes("number").columns)
    data[numbers] = data[numbers] * factor

    assert set(numbers) <= drifted_columns(model_under_test, data, request)
