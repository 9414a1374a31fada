"""The contract: what the model's code returns is checked, and what it raises is explained."""

from __future__ import annotations

import sys

import pandas as pd
import pytest
from mloccli.errors import FindingError, ModelCodeError
from mloccli.model.contract import model_code

from .conftest import FILES, MakeRepository

SCORING = "the_model/model_modules/scoring.py"
DATA = "the_model/model_modules/data.py"


def scoring(body: str) -> dict[str, str | None]:
    return {SCORING: f"import pandas as pd\n\ndef score(model, data):\n    {body}\n"}


def score(make_repository: MakeRepository, body: str) -> pd.DataFrame:
    with model_code(make_repository(scoring(body)).model_folder) as code:
        scores: pd.DataFrame = code.score({"factor": 2}, code.load("scoring"))
    return scores


def test_good_scores_are_returned_as_they_are(make_repository: MakeRepository) -> None:
    scores = score(make_repository, "return pd.DataFrame({'a': data['left']}, index=data.index)")

    assert list(scores["a"]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return data['left']", "returned Series, not a DataFrame"),
        ("return None", "returned NoneType"),
        ("return data.head(2)", "returned 2 rows for 3 rows"),
        ("return data.iloc[::-1]", "under another index"),
        ("return data.sort_index()", "under another index"),
        ("return data.reset_index(drop=True)", "under another index"),
        ("return data[[]]", "at least one column"),
        ("return data[['left', 'left']]", "each name once"),
    ],
)
def test_scores_that_do_not_fit_the_data_are_refused(
    make_repository: MakeRepository, body: str, expected: str
) -> None:
    with pytest.raises(FindingError, match=expected):
        score(make_repository, body)


def test_an_error_in_the_code_is_explained_with_its_traceback(
    make_repository: MakeRepository,
) -> None:
    with pytest.raises(ModelCodeError, match="score raised ZeroDivisionError: division") as caught:
        score(make_repository, "return 1 / 0")

    assert "return 1 / 0" in caught.value.details


def test_a_module_that_cannot_be_imported_is_explained(make_repository: MakeRepository) -> None:
    repository = make_repository({SCORING: "import no_such_module_as_this\n"})

    with (
        model_code(repository.model_folder) as code,
        pytest.raises(ModelCodeError, match="scoring.py cannot be imported: ModuleNotFoundError"),
    ):
        code.score({}, pd.DataFrame({"left": [1]}))


def test_empty_data_is_refused(make_repository: MakeRepository) -> None:
    text = FILES[DATA].replace("index=[7, 5, 6])", "index=[7, 5, 6]).head(0)")
    repository = make_repository({DATA: text})

    with (
        model_code(repository.model_folder) as code,
        pytest.raises(FindingError, match="load_scoring_data returned no rows"),
    ):
        code.load("scoring")


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [("{}", "at least one metric"), ("0.5", "a dictionary"), ("{'a': 'high'}", "is no number")],
)
def test_metrics_that_are_none_are_refused(
    make_repository: MakeRepository, metrics: str, expected: str
) -> None:
    repository = make_repository({SCORING: f"def evaluate(model, data):\n    return {metrics}\n"})

    with (
        model_code(repository.model_folder) as code,
        pytest.raises(FindingError, match=expected),
    ):
        code.evaluate({}, code.load("scoring"))


def test_scoring_cannot_change_the_callers_data(make_repository: MakeRepository) -> None:
    repository = make_repository(scoring("data['left'] = 0; return data[['left']]"))

    with model_code(repository.model_folder) as code:
        data = code.load("scoring")
        code.score({}, data)

    assert list(data["left"]) == [1, 2, 3]


def test_imports_are_undone_and_leave_no_bytecode(make_repository: MakeRepository) -> None:
    before = {name: id(module) for name, module in sys.modules.items() if "model_modules" in name}
    repository = make_repository()

    with model_code(repository.model_folder) as code:
        code.load("scoring")

    after = {name: id(module) for name, module in sys.modules.items() if "model_modules" in name}
    assert after == before
    assert str(repository.model_folder) not in sys.path
    assert not list(repository.root.rglob("__pycache__"))
