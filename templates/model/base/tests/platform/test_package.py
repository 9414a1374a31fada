"""From evaluation to smoke test: only an accepted, complete and unchanged model gets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mloccli.config import Repository, read_model_variables
from mloccli.errors import DataError, FindingError, UsageError
from mloccli.model.candidate import read_candidate
from mloccli.model.files import replaced_folder, sha256_of
from mloccli.model.package import make_package, open_package, verify_package
from mloccli.model.smoke_test import smoke_test
from mloccli.model.tasks import evaluate_model, score_model, train_model

from .conftest import FILES, MakeRepository
from .test_checks import SUPERVISED, WITH_TRAINING


def evaluated(repository: Repository) -> Path:
    folder: Path = repository.root / "outputs" / "candidate"
    evaluate_model(repository, read_model_variables(repository), folder)
    return folder


def packaged(repository: Repository) -> Path:
    folder: Path = repository.root / "outputs" / "package"
    candidate = read_candidate(evaluated(repository))
    make_package(repository, read_model_variables(repository), candidate, folder)
    return folder


def changed_json(path: Path, **changes: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")


def test_an_accepted_model_is_packaged_with_everything_it_needs(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository()

    folder = packaged(repository)

    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["model_name"] == "sums"
    assert metadata["metrics"] == {"accuracy": pytest.approx(2 / 3)}
    assert metadata["parameters"] == {"factor": 2}
    assert metadata["packages"] == {"pandas": pd.__version__}
    assert [column["name"] for column in metadata["input_schema"]] == ["left", "word"]
    assert "model_modules/scoring.py" in metadata["files"]
    assert all(len(digest) == 64 for digest in metadata["files"].values())
    assert smoke_test(folder, read_model_variables(repository)).rows == 3


def test_a_package_scores_without_the_repository(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    folder = packaged(make_repository()).rename(tmp_path / "moved")

    with open_package(folder) as model:
        scores = model.score(pd.DataFrame({"more": [0], "word": ["x"], "left": [21]}))

    assert list(scores["double"]) == [42]


def test_a_trained_model_goes_the_same_way(make_repository: MakeRepository) -> None:
    pytest.importorskip("joblib")
    repository = make_repository(WITH_TRAINING, SUPERVISED)
    variables = read_model_variables(repository)
    train_model(repository, variables, repository.root / "outputs" / "candidate")

    folder = packaged(repository)

    assert (folder / "model.joblib").is_file()
    assert smoke_test(folder, variables).columns == ("double",)


def test_a_model_that_cannot_be_saved_is_explained(make_repository: MakeRepository) -> None:
    pytest.importorskip("joblib")
    training = {"the_model/model_modules/training.py": "def train(a, b): return lambda: 0\n"}
    repository = make_repository({**WITH_TRAINING, **training}, SUPERVISED)
    folder = repository.root / "outputs" / "candidate"

    with pytest.raises(FindingError, match="The model cannot be saved: PicklingError"):
        train_model(repository, read_model_variables(repository), folder)
    assert not folder.exists()


def test_scoring_needs_no_evaluation(make_repository: MakeRepository, tmp_path: Path) -> None:
    repository = make_repository()

    scores = score_model(repository, read_model_variables(repository), tmp_path / "candidate")

    assert scores["double"].to_dict() == {7: 2, 5: 4, 6: 6}


def test_a_rule_based_model_is_not_trained(make_repository: MakeRepository, tmp_path: Path) -> None:
    repository = make_repository()

    with pytest.raises(UsageError, match="nothing to train"):
        train_model(repository, read_model_variables(repository), tmp_path / "candidate")


def test_a_model_that_was_never_trained_is_not_evaluated(make_repository: MakeRepository) -> None:
    with pytest.raises(FindingError, match="holds no trained model"):
        evaluated(make_repository(WITH_TRAINING, SUPERVISED))


@pytest.mark.parametrize(
    "thresholds",
    ["accuracy: { minimum: 0.9 }\n", "accuracy: { maximum: 0.1 }\n", "f1: { minimum: 0 }\n"],
)
def test_a_model_that_is_not_accepted_is_not_packaged(
    make_repository: MakeRepository, thresholds: str
) -> None:
    repository = make_repository({"the_model/evaluation_thresholds.yml": thresholds})

    with pytest.raises(FindingError, match="did not accept the model"):
        packaged(repository)
    assert not (repository.root / "outputs" / "package").exists()


def test_a_metric_that_is_nan_fails_and_is_recorded(make_repository: MakeRepository) -> None:
    name = "the_model/model_modules/scoring.py"
    text = FILES[name].replace('{"accuracy":', '{"accuracy": float("nan"), "old":')

    folder = evaluated(make_repository({name: text}))

    record = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert record["accepted"] is False
    assert record["metrics"]["accuracy"] is None
    assert record["failed"] == ["accuracy"]


def test_an_evaluation_of_another_model_does_not_count(make_repository: MakeRepository) -> None:
    repository = make_repository()
    folder = evaluated(repository)
    changed_json(folder / "evaluation.json", model_sha256="0" * 64)

    with pytest.raises(FindingError, match="of another model"):
        make_package(
            repository,
            read_model_variables(repository),
            read_candidate(folder),
            repository.root / "package",
        )


def test_a_changed_candidate_is_refused(make_repository: MakeRepository) -> None:
    folder = evaluated(make_repository())
    (folder / "model.json").write_text('{"factor": 3}', encoding="utf-8")

    with pytest.raises(FindingError, match="not the file that was trained"):
        read_candidate(folder)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("model.json", '{"factor": 3}', "model.json was changed"),
        ("model_modules/scoring.py", "", "model_modules/scoring.py was changed"),
        ("model_modules/pandas.py", "raise SystemExit", "pandas.py is not part of it"),
        ("example_output.json", None, "example_output.json is missing"),
        ("metadata.json", "[]", "does not hold a JSON object"),
        ("metadata.json", '{"format": 2}', "another format"),
        ("metadata.json", None, "is not a model package"),
    ],
)
def test_a_package_that_is_not_as_it_was_made_is_refused(
    make_repository: MakeRepository, name: str, content: str | None, expected: str
) -> None:
    folder = packaged(make_repository())
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content, encoding="utf-8")

    with pytest.raises(FindingError, match=expected):
        verify_package(folder)


def test_a_package_of_another_model_is_refused(make_repository: MakeRepository) -> None:
    folder = packaged(make_repository())
    other = make_repository(variables={"MODEL_NAME": "products"})

    with pytest.raises(FindingError, match="model_name is 'sums'; this repository's is 'products'"):
        smoke_test(folder, read_model_variables(other))


@pytest.mark.parametrize(
    ("expected_output", "message"),
    [
        ({"columns": ["double"], "data": [[2], [4], [7]]}, "double, row 2: 6, expected 7"),
        ({"columns": ["double"], "data": [[2], [4]]}, "3 rows, expected 2"),
        ({"columns": ["triple"], "data": [[2], [4], [6]]}, "columns are"),
    ],
)
def test_other_scores_than_at_packaging_fail_the_smoke_test(
    make_repository: MakeRepository, expected_output: dict[str, Any], message: str
) -> None:
    repository = make_repository()
    folder = packaged(repository)
    (folder / "example_output.json").write_text(json.dumps(expected_output), encoding="utf-8")
    files = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["files"]
    digest = sha256_of(folder / "example_output.json")
    changed_json(folder / "metadata.json", files={**files, "example_output.json": digest})

    with pytest.raises(FindingError, match=message):
        smoke_test(folder, read_model_variables(repository))


@pytest.mark.parametrize(
    ("data", "expected"),
    [({"left": [1]}, "has no column word"), ({"left": ["one"], "word": ["a"]}, "left is not int")],
)
def test_data_that_the_model_cannot_take_is_explained(
    make_repository: MakeRepository, data: dict[str, list[Any]], expected: str
) -> None:
    with (
        open_package(packaged(make_repository())) as model,
        pytest.raises(DataError, match=expected),
    ):
        model.score(pd.DataFrame(data))


def test_packaging_again_replaces_the_package(make_repository: MakeRepository) -> None:
    first = packaged(make_repository())
    repository = make_repository({"the_model/model_parameters.yml": "factor: 2\nnew: 1\n"})

    second = packaged(repository)

    assert second == first
    assert verify_package(second)["parameters"] == {"factor": 2, "new": 1}


def test_a_folder_of_somebody_else_is_never_replaced(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository()
    candidate = read_candidate(evaluated(repository))

    with pytest.raises(UsageError, match="did not make"):
        make_package(
            repository, read_model_variables(repository), candidate, repository.root / "docs"
        )
    assert (repository.root / "docs" / "getting_started.md").is_file()


def test_a_failure_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "marker").write_text("old", encoding="utf-8")

    with pytest.raises(RuntimeError), replaced_folder(folder, "marker") as new:
        (new / "marker").write_text("new", encoding="utf-8")
        raise RuntimeError("in the middle")

    assert (folder / "marker").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [folder]
