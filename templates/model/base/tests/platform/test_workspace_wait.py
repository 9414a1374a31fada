"""Waiting for a workspace: not silently, not for ever, and not for what will not come."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace

import pytest
import requests
from mloccli.utils import workspace_wait
from mloccli.utils.workspace_wait import wait_for_workspace

from .http_service import Answer, Asked, running_service


@pytest.fixture(name="pauses")
def fixture_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made; every look at the clock takes five seconds, and none is real."""
    pauses: list[float] = []
    seconds = count(0, 5)
    clock = SimpleNamespace(monotonic=lambda: next(seconds), sleep=pauses.append)
    monkeypatch.setattr(workspace_wait, "time", clock)
    return pauses


def test_a_workspace_that_answers_is_not_waited_for(
    pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with running_service(lambda _: Answer(404)) as service:
        wait_for_workspace(service.url, 30)

    assert (len(service.asked), pauses) == (1, [])
    assert "authorization" not in service.asked[0].headers
    assert capsys.readouterr().err == ""


def test_a_workspace_that_comes_late_is_waited_for_and_named_once(
    pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [Answer(drop=True), Answer(drop=True), Answer(200, {})]

    def handle(_: Asked) -> Answer:
        return answers.pop(0)

    with running_service(handle) as service:
        wait_for_workspace(service.url, 30)

    assert len(pauses) == 2
    said = capsys.readouterr().err
    assert said == f"Waiting for the Databricks workspace {service.url}: no connection yet.\n"


def test_a_workspace_that_does_not_come_is_given_up(pauses: list[float]) -> None:
    with running_service(lambda _: Answer(drop=True)) as service:
        with pytest.raises(requests.ConnectionError):
            wait_for_workspace(service.url, 30)

    assert len(pauses) == 5
    assert len(service.asked) == 6


def test_a_certificate_that_is_not_trusted_will_not_become_so(pauses: list[float]) -> None:
    with running_service(lambda _: Answer()) as service:
        with pytest.raises(requests.exceptions.SSLError):
            wait_for_workspace(service.url.replace("http://", "https://"), 30)

    assert pauses == []
