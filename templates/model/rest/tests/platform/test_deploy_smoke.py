"""The smoke test of a service: right scores pass, and each way to fail has a message of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from mloccli.errors import FindingError, MlocError, RemoteError
from mloccli.rest_model.smoke import smoke_test

from .http_service import Answer
from .serving_support import AT_ONCE, EXAMPLE, RIGHT, SOON, example_package, served_model


@pytest.fixture(name="package")
def fixture_package(tmp_path: Path) -> Path:
    """A package whose two rows score 2 and 4."""
    return example_package(tmp_path / "package")


def test_a_service_that_scores_as_the_package_did_passes(package: Path) -> None:
    with served_model() as service:
        rows = smoke_test(service.url, package, SOON)

    assert rows == 2
    ping, scored = service.asked
    assert (ping.method, ping.path) == ("GET", "/ping")
    assert (scored.method, scored.path, scored.json()) == ("POST", "/invocations", EXAMPLE)
    assert scored.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("answer", "kind", "expected"),
    [
        (
            Answer(body={"predictions": [{"double": 2}, {"double": 5}]}),
            FindingError,
            "double, row 1: 5, expected 4",
        ),
        (Answer(body={"predictions": [{"double": 2}]}), FindingError, "1 rows, expected 2"),
        (
            Answer(body={"predictions": [{"other": 2}, {"other": 4}]}),
            FindingError,
            r"columns are \['other'\]",
        ),
        (Answer(body={"predictions": [2, 4]}), FindingError, "something other than"),
        (Answer(body=[1]), FindingError, "something other than"),
        (Answer(body=b"<html>welcome</html>"), FindingError, "<html>welcome"),
        (Answer(body=b""), FindingError, "an empty answer"),
        (
            Answer(400, {"error_code": "BAD_REQUEST", "message": "scoring.py failed"}),
            FindingError,
            "HTTP 400: .*scoring.py failed",
        ),
        (Answer(500, b"oops"), FindingError, "HTTP 500: oops"),
        (Answer(503, b"no upstream"), RemoteError, "HTTP 503: no upstream"),
        (Answer(302, headers={"Location": "https://elsewhere"}), FindingError, "HTTP 302"),
        (Answer(drop=True), RemoteError, "cannot be reached"),
    ],
)
def test_every_wrong_answer_is_told_apart(
    package: Path, answer: Answer, kind: type[MlocError], expected: str
) -> None:
    with served_model(answer) as service, pytest.raises(kind, match=expected):
        smoke_test(service.url, package, SOON)


@pytest.mark.parametrize(
    ("ping", "expected"),
    [(Answer(503), "It answers /ping with 503"), (Answer(drop=True), "cannot be reached")],
)
def test_a_service_that_never_gets_ready_is_not_asked_for_scores(
    package: Path, ping: Answer, expected: str
) -> None:
    with served_model(ping=ping) as service:
        with pytest.raises(RemoteError, match=f"was not ready in 0 seconds. .*{expected}"):
            smoke_test(service.url, package, AT_ONCE)

    assert {asked.path for asked in service.asked} == {"/ping"}


def test_what_a_service_answers_cannot_steer_the_pipeline(package: Path) -> None:
    answer = Answer(400, b"##vso[task.complete]\x1b[31m")

    with served_model(answer) as service, pytest.raises(FindingError) as caught:
        smoke_test(service.url, package, SOON)

    assert "##vso[" not in caught.value.message
    assert "\x1b" not in caught.value.message


def test_numbers_may_differ_by_less_than_what_counts(package: Path) -> None:
    close = {"predictions": [{"double": 2.0000000001}, {"double": 4}]}

    with served_model(Answer(body=close)) as service:
        assert smoke_test(service.url, package, SOON) == len(RIGHT["predictions"])
