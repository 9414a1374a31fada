"""The smoke test of a package: it loads here, and scores its example as it did when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..config import ModelVariables
from ..errors import FindingError, ProblemsError
from .files import read_json_object
from .frames import frame_from_json, score_differences
from .package import EXPECTED_FILE, open_package, verify_package
from .serving import load_serving


@dataclass(frozen=True)
class SmokeTest:
    """What was proven."""

    model_name: str
    version: str
    serving: str
    rows: int
    columns: tuple[str, ...]


def smoke_test(folder: Path, variables: ModelVariables) -> SmokeTest:
    """Score the package's example through its own serving; every difference is reported."""
    serving_kind = _serving_kind(folder, variables)
    serving = load_serving(serving_kind)
    expected = frame_from_json(read_json_object(folder / EXPECTED_FILE))
    with open_package(folder) as model:
        actual = serving.score_example(folder / serving.EXAMPLE_FILE, model.score)
    differences = score_differences(expected, actual)
    if differences:
        raise ProblemsError(
            "The package does not score its example as it did when it was made:",
            differences[:10],
            "Compare the package versions in metadata.json with those installed here.",
        )
    return SmokeTest(
        model.name, model.version, serving_kind, len(actual), tuple(map(str, actual.columns))
    )


def _serving_kind(folder: Path, variables: ModelVariables) -> str:
    """The serving of the package, which must be a package of this repository's model."""
    content = verify_package(folder)
    for key, wanted in (("model_name", variables.model_name), ("serving", variables.serving)):
        if content.get(key) != wanted:
            raise FindingError(
                f"The package's {key} is {content.get(key)!r}; this repository's is {wanted!r}."
            )
    return variables.serving
