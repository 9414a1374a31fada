"""Talking to services: safe retries, errors that say what to do, and no credential in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mloccli.errors import RemoteError, UsageError
from mloccli.utils.http import Request, send
from mloccli.utils.variables import Secret, require, secret

from .http_service import Answer, Asked, Service, running_service

TOKEN = "a-token-that-must-stay-hidden"


@pytest.fixture(name="answers")
def fixture_answers() -> list[Answer]:
    """What the service answers, one after the other; the last one again and again."""
    return []


@pytest.fixture(name="service")
def fixture_service(answers: list[Answer]) -> Iterator[Service]:
    def handle(_: Asked) -> Answer:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    with running_service(handle) as service:
        yield service


def _request(service: Service, method: str = "GET") -> Request:
    return Request(method, f"{service.url}/things/1", "The store", token=Secret(TOKEN))


def _send(request: Request) -> object:
    return send(request, first_wait_seconds=0).json()


def test_sends_the_token_and_nothing_of_a_netrc_file(
    service: Service, answers: list[Answer]
) -> None:
    answers.append(Answer(body={"name": "one"}))

    assert _send(_request(service)) == {"name": "one"}
    assert service.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "did not accept the credential"),
        (400, "refused the request"),
        (401, "did not accept the credential"),
        (403, "lacks the permission"),
        (404, "does not know this address"),
        (409, "in conflict"),
        (413, "too large"),
        (429, "asked too often"),
        (500, "failed on its own side"),
    ],
)
def test_each_refusal_has_its_own_message(
    service: Service, answers: list[Answer], status: int, words: str
) -> None:
    answers.append(Answer(status, {"message": f"no, {TOKEN}"}))

    with pytest.raises(RemoteError, match=f"The store .*{words}.*{status}") as raised:
        _send(_request(service))

    assert raised.value.hint
    assert TOKEN not in f"{raised.value.message}{raised.value.hint}{raised.value.__cause__!r}"


@pytest.mark.parametrize("failure", [Answer(503), Answer(429), Answer(drop=True)])
@pytest.mark.parametrize(("method", "times"), [("GET", 3), ("PUT", 3), ("POST", 1)])
def test_only_what_can_be_repeated_is_sent_again(
    service: Service, answers: list[Answer], failure: Answer, method: str, times: int
) -> None:
    answers.extend([failure, failure, Answer(body={})])

    if times == 1:
        with pytest.raises(RemoteError):
            _send(_request(service, method))
    else:
        assert _send(_request(service, method)) == {}

    assert len(service.asked) == times


def test_a_service_that_is_away_is_named_without_its_path(service: Service) -> None:
    request = Request("POST", "http://127.0.0.1:9/hooks/very-secret", "Slack", secret_path=True)

    with pytest.raises(RemoteError, match=r"Slack at 127\.0\.0\.1:9 cannot be reached") as raised:
        _send(request)

    assert "very-secret" not in raised.value.message
    assert raised.value.__suppress_context__
    assert service.asked == []


def test_a_secret_path_is_in_no_refusal(service: Service, answers: list[Answer]) -> None:
    answers.append(Answer(404, b"no_team"))
    request = Request("POST", f"{service.url}/very-secret", "Slack", secret_path=True)

    with pytest.raises(RemoteError, match="no_team") as raised:
        _send(request)

    assert "very-secret" not in raised.value.message


def test_a_page_in_place_of_json_is_explained(service: Service, answers: list[Answer]) -> None:
    answers.append(Answer(body=b"<html>Sign in</html>"))

    with pytest.raises(RemoteError, match="other than JSON"):
        _send(_request(service))


@pytest.mark.parametrize(
    "url", ["http://store.example.com", "ftp://127.0.0.1", "https://me:word@store.example.com"]
)
def test_an_address_that_would_betray_the_token_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="address of The store"):
        send(Request("GET", url, "The store", token=Secret(TOKEN)))


def test_all_missing_variables_are_named_at_once() -> None:
    wanted = {"ONE": "the first", "TWO": "the second", "THREE": "the third"}

    with pytest.raises(UsageError) as raised:
        require({"ONE": "1", "TWO": "$(TWO)", "THREE": " "}, wanted)

    assert "TWO: the second" in raised.value.message
    assert "THREE: the third" in raised.value.message
    assert "ONE" not in raised.value.message


def test_a_secret_never_shows_itself() -> None:
    hidden = secret({"TOKEN": TOKEN}, "TOKEN")

    assert hidden is not None
    assert hidden.reveal() == TOKEN
    assert TOKEN not in f"{hidden} {hidden!r} {[hidden]}"
    assert secret({"TOKEN": "$(TOKEN)"}, "TOKEN") is None
