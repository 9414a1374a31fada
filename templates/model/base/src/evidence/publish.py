"""Sending a model card to the information model, the bank's catalogue of models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from ..errors import FindingError
from ..model.files import read_json_object
from ..utils.http import Request, send
from ..utils.variables import Secret
from .card import CARD_FORMAT

_SERVICE = "The information model"


def read_card(path: Path) -> Mapping[str, object]:
    """A card that ``mloccli evidence card`` wrote."""
    if not path.is_file():
        raise FindingError(f"{path} does not exist.", "Run `mloccli evidence card` first.")
    content = read_json_object(path)
    if content.get("card") != {"format": CARD_FORMAT} or "" in _names(content):
        raise FindingError(f"{path} is not a model card of format {CARD_FORMAT}.")
    return content


def address_of(card: Mapping[str, object], base_url: str) -> str:
    """Where the card of this version belongs; the same card has the same place each time."""
    name, version = (quote(part, safe="") for part in _names(card))
    return f"{base_url.rstrip('/')}/models/{name}/versions/{version}"


def publish(card: Mapping[str, object], base_url: str, token: Secret) -> None:
    """Put the card in its place; sending it again changes nothing."""
    send(Request("PUT", address_of(card, base_url), _SERVICE, token=token, json=card))


def _names(card: Mapping[str, object]) -> tuple[str, str]:
    """Name and version; empty where there is none, or one that an address cannot hold."""
    model = card.get("model")
    found = model if isinstance(model, dict) else {}
    name, version = str(found.get("name") or ""), str(found.get("version") or "")
    return ("" if name in (".", "..") else name, "" if version in (".", "..") else version)
