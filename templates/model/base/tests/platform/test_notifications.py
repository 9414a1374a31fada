"""Messages to Slack: within its limits, safe to show, and never the reason why a task fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from mloccli.config import Configuration, read_configuration
from mloccli.notifications.slack import Message, notify, payload_of

from .conftest import MakeRepository
from .http_service import Answer, Service, running_service

SECRET = "/services/T000/B000/very-secret"
MESSAGE = Message(
    "iris 3 is in production",
    "Tests passed.",
    {"Commit": "abc123"},
    {"Run": "https://dev.azure.com/org/project/_build/results?buildId=1&view=results"},
)


@pytest.fixture(name="faults")
def fixture_faults() -> list[Answer]:
    """What the next requests get instead of Slack's ok."""
    return []


@pytest.fixture(name="slack")
def fixture_slack(faults: list[Answer]) -> Iterator[Service]:
    with running_service(lambda _: faults.pop(0) if faults else Answer(200, b"ok")) as service:
        yield service


@pytest.fixture(name="configuration")
def fixture_configuration(make_repository: MakeRepository) -> Configuration:
    return read_configuration(make_repository(base_variables={"SLACK_CHANNEL": "'#models'"}), {})


@pytest.fixture(name="in_pipeline")
def fixture_in_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_BUILD", "True")


@pytest.fixture(name="quick", autouse=True)
def fixture_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def texts_of(payload: dict[str, Any]) -> list[str]:
    texts = []
    for block in payload["blocks"]:
        texts += [part["text"] for part in (block.get("text"), *block.get("fields", [])) if part]
    return texts


def test_a_message_reaches_the_channel(
    slack: Service, configuration: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    notify(configuration, MESSAGE, {"SLACK_WEBHOOK_URL": slack.url + SECRET})

    [request] = slack.asked
    payload: dict[str, Any] = json.loads(request.body)
    assert (request.method, request.path) == ("POST", SECRET)
    assert "authorization" not in request.headers
    assert payload["channel"] == "#models"
    assert payload["text"] == "iris 3 is in production"
    assert texts_of(payload) == [
        "iris 3 is in production",
        "Tests passed.",
        "*Commit*\nabc123",
        "<https://dev.azure.com/org/project/_build/results?buildId=1&amp;view=results|Run>",
    ]
    assert "Told Slack, channel #models: iris 3 is in production" in capsys.readouterr().out


def test_names_cannot_become_mentions_links_or_commands() -> None:
    evil = "<!channel> & <https://evil.example|click>\x1b[31m ##vso[task.complete]"

    payload: dict[str, Any] = payload_of(Message(evil, evil, {evil: evil}, {evil: evil}), "#models")

    for text in (payload["text"], *texts_of(payload)):
        assert "<" not in text
        assert ">" not in text
        assert "&lt;!channel&gt; &amp; &lt;https" in text
        assert "\x1b" not in text
        assert "##vso[" not in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "slack://open", "https://a b", "", "x"])
def test_only_web_addresses_become_links(address: str) -> None:
    payload: dict[str, Any] = payload_of(Message("Title", links={"Run": address}), "#models")

    assert texts_of(payload)[-1] == f"Run: {address}"


def test_a_long_message_is_cut_to_the_limits_of_slack() -> None:
    long = "&" * 10_000
    facts = {f"fact {number} {long}": long for number in range(150)}
    links = {f"link {number} {long}": f"https://host/{number}" for number in range(50)}

    payload: dict[str, Any] = payload_of(Message(long, long, facts, links), "#models")

    blocks = payload["blocks"]
    assert len(blocks) <= 50
    assert len(blocks[0]["text"]["text"]) <= 150
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks[1:] if "text" in block)
    fields = [field for block in blocks for field in block.get("fields", [])]
    assert all(len(block.get("fields", [])) <= 10 for block in blocks)
    assert all(len(field["text"]) <= 2000 for field in fields)
    assert fields[-1]["text"] == "… and 51 more"
    assert not any(text.endswith("&am…") for text in texts_of(payload))


def test_empty_texts_make_no_empty_blocks() -> None:
    payload: dict[str, Any] = payload_of(Message(" ", facts={"Commit": ""}), "#models")

    assert texts_of(payload) == ["Message", "*Commit*\n-"]


@pytest.mark.parametrize(
    ("channel", "webhook", "expected"),
    [
        ("''", f"http://127.0.0.1:1{SECRET}", "SLACK_CHANNEL in base_variables.yml is empty"),
        ("'#models'", "", "the secret variable SLACK_WEBHOOK_URL is not set"),
        ("'#models'", "$(SLACK_WEBHOOK_URL)", "the secret variable SLACK_WEBHOOK_URL is not set"),
    ],
)
def test_without_a_channel_or_a_webhook_nothing_is_sent(
    channel: str,
    webhook: str,
    expected: str,
    make_repository: MakeRepository,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository = make_repository(base_variables={"SLACK_CHANNEL": channel})

    notify(read_configuration(repository, {}), MESSAGE, {"SLACK_WEBHOOK_URL": webhook})

    output = capsys.readouterr()
    assert f"No message was sent to Slack: {expected}." in output.out
    assert not output.err


@pytest.mark.usefixtures("in_pipeline")
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Answer(400, b"invalid_payload"), "did not accept the message (HTTP 400, invalid_payload)"),
        (Answer(403, b"action_prohibited"), "may not post there (HTTP 403, action_prohibited)"),
        (Answer(404, b"no_service"), "does not exist (HTTP 404, no_service)"),
        (Answer(410, b"channel_is_archived"), "the channel is archived"),
        (Answer(404, f"Cannot POST {SECRET}".encode()), "does not exist (HTTP 404)"),
        (Answer(418, f"Cannot POST {SECRET}".encode()), "Cannot POST …"),
        (Answer(302, headers={"Location": SECRET}), "302"),
    ],
)
def test_a_refusal_is_a_warning_and_shows_no_address(
    fault: Answer,
    expected: str,
    configuration: Configuration,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running_service(lambda _: fault) as slack:
        notify(configuration, MESSAGE, {"SLACK_WEBHOOK_URL": slack.url + SECRET})

    output = "".join(capsys.readouterr())
    assert len(slack.asked) == 1
    assert "warning: The message 'iris 3 is in production' did not reach Slack" in output
    assert "##vso[task.logissue type=warning]" in output
    assert expected in output
    assert "very-secret" not in output


@pytest.mark.parametrize("fault", [Answer(drop=True), Answer(503), Answer(429)])
def test_a_passing_fault_is_tried_again(
    fault: Answer,
    faults: list[Answer],
    slack: Service,
    configuration: Configuration,
    capsys: pytest.CaptureFixture[str],
) -> None:
    faults.append(fault)

    notify(configuration, MESSAGE, {"SLACK_WEBHOOK_URL": slack.url + SECRET})

    assert len(slack.asked) == 2
    assert "Told Slack" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"http://127.0.0.1:1{SECRET}", "Slack at 127.0.0.1:1 cannot be reached"),
        (f"http://hooks.slack.com{SECRET}", "must begin with https://"),
        (f"https://user:very-secret@hooks.slack.com{SECRET}", "must not hold a user"),
        (f"https://127.0.0.1:port{SECRET}", "did not reach Slack"),
        ("very-secret", "must begin with https://"),
    ],
)
def test_an_address_that_cannot_work_is_a_warning_without_it(
    address: str,
    expected: str,
    configuration: Configuration,
    capsys: pytest.CaptureFixture[str],
) -> None:
    notify(configuration, MESSAGE, {"SLACK_WEBHOOK_URL": address})

    output = "".join(capsys.readouterr())
    assert "did not reach Slack" in output
    assert expected in output
    assert "very-secret" not in output
