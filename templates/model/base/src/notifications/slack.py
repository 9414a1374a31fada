"""Messages to a Slack channel, through an incoming webhook.

The webhook's address is itself the credential: it stands in no message, error or log. A message
that cannot be delivered is a warning; no task fails because Slack does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import MlocError
from ..utils.http import Request, send
from ..utils.pipeline_log import log_issue, printable
from ..utils.variables import Secret, secret

if TYPE_CHECKING:
    from ..config import Configuration

WEBHOOK_VARIABLE = "SLACK_WEBHOOK_URL"

# Slack's own limits; it refuses a whole message for one text that is too long.
_TITLE_LENGTH = 150
_TEXT_LENGTH = 3000
_FACT_LENGTH = 2000
_FACTS_IN_SECTION = 10
_SECTIONS = 10

_REASONS = {
    400: "it did not accept the message",
    403: "the webhook may not post there",
    404: "the webhook or the channel does not exist",
    410: "the channel is archived",
}


@dataclass(frozen=True)
class Message:
    """What people are told: plain text, made safe for Slack when it is sent."""

    title: str
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def notify(configuration: Configuration, message: Message, environ: Mapping[str, str]) -> None:
    """Send the message to the model's channel; never fails, and says what became of it."""
    channel = configuration.base.slack_channel
    webhook = secret(environ, WEBHOOK_VARIABLE)
    if not channel:
        print("No message was sent to Slack: SLACK_CHANNEL in base_variables.yml is empty.")
        return
    if webhook is None:
        print(f"No message was sent to Slack: the secret variable {WEBHOOK_VARIABLE} is not set.")
        return
    try:
        problem = _deliver(webhook, payload_of(message, channel))
    except Exception as error:  # pylint: disable=broad-exception-caught
        problem = f"{type(error).__name__} came up"  # Its text may hold the address.
    if problem:
        _warn(f"The message {message.title!r} did not reach Slack: {problem}.")
    else:
        print(printable(f"Told Slack, channel {channel}: {message.title}"))


def payload_of(message: Message, channel: str) -> dict[str, object]:
    """The body of the request; the webhook of a Slack app ignores our channel for its own."""
    title = _escaped(" ".join(message.title.split()) or "Message", _TITLE_LENGTH)
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title}}
    ]
    if message.text.strip():
        blocks.append({"type": "section", "text": _mrkdwn(_escaped(message.text, _TEXT_LENGTH))})
    blocks += _fact_blocks(message.facts)
    if message.links:
        links = (_link(label, address) for label, address in message.links.items())
        blocks.append({"type": "section", "text": _mrkdwn(_joined(links, _TEXT_LENGTH))})
    return {"channel": channel, "text": title, "blocks": blocks}


def _fact_blocks(facts: Mapping[str, str]) -> list[dict[str, object]]:
    fields = [
        _mrkdwn(f"*{_escaped(name, 200)}*\n{_escaped(value or '-', _FACT_LENGTH - 210)}")
        for name, value in facts.items()
    ]
    shown = fields[: _SECTIONS * _FACTS_IN_SECTION]
    if len(fields) > len(shown):
        shown[-1] = _mrkdwn(f"… and {len(fields) - len(shown) + 1} more")
    return [
        {"type": "section", "fields": shown[start : start + _FACTS_IN_SECTION]}
        for start in range(0, len(shown), _FACTS_IN_SECTION)
    ]


def _mrkdwn(text: str) -> dict[str, object]:
    return {"type": "mrkdwn", "text": text}


def _link(label: str, address: str) -> str:
    """A link when the address is one of the web, else its text: nothing starts another program."""
    name = _escaped(label, 200).replace("|", "/")
    if re.fullmatch(r"https?://[^\s<>|]+", address) and len(address) <= _FACT_LENGTH:
        return f"<{_escaped(address, _TEXT_LENGTH)}|{name}>"
    return f"{name}: {_escaped(address, 200)}"


def _joined(parts: Iterable[str], longest: int) -> str:
    """As many whole parts as fit: a link that is cut would show its markup."""
    text = ""
    for part in parts:
        longer = f"{text} · {part}" if text else part
        if len(longer) > longest:
            break
        text = longer
    return text or "-"


def _escaped(text: str, longest: int) -> str:
    """The text with nothing in it that Slack takes for a mention or a link, cut to its limit."""
    pieces: list[str] = []
    length = 0
    for character in printable(text):
        piece = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character)
        length += len(piece)
        if length > longest - 1:  # Room for the ellipsis; no entity is cut in two.
            return f"{''.join(pieces)}…"
        pieces.append(piece)
    return "".join(pieces)


def _deliver(webhook: Secret, payload: Mapping[str, object]) -> str:
    """Post it, again after a failure that may pass; the reason in words when it stays."""
    request = Request(
        "POST",
        webhook.reveal(),
        "Slack",
        json=payload,
        accepted=frozenset(_REASONS),
        repeatable=True,  # A message that comes twice is better than none.
        secret_path=True,
    )
    try:
        answer = send(request)
    except MlocError as error:
        return _without_address(error.message, webhook).rstrip(".")
    if answer.status not in _REASONS:
        return ""
    word = answer.text.strip()  # Slack answers with one word, such as no_service.
    known = f", {word}" if re.fullmatch(r"[a-z_]{3,60}", word) else ""
    return f"{_REASONS[answer.status]} (HTTP {answer.status}{known})"


def _without_address(text: str, webhook: Secret) -> str:
    """The text without what is secret in the address, should a proxy echo the path."""
    path = urlsplit(webhook.reveal()).path
    return text.replace(path, "…") if len(path) > 1 else text


def _warn(text: str) -> None:
    sys.stdout.flush()
    print(f"warning: {printable(text)}", file=sys.stderr)
    log_issue("warning", text)
