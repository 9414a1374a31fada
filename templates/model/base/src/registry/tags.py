"""Tags that a person sets by hand."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError
from .gate_run import DATA_TAG, METRIC_TAG
from .life_cycle import CANDIDATE, PREVIOUS_VERSION, PROMOTED_AT, RETIRED, ROLLED_BACK_FROM
from .model_registry import PACKAGE_HASH
from .promotion import TESTED_COMMIT
from .versions import TEST_STATUS

_EVIDENCE = frozenset(
    {
        CANDIDATE,
        DATA_TAG,
        PACKAGE_HASH,
        PREVIOUS_VERSION,
        PROMOTED_AT,
        RETIRED,
        ROLLED_BACK_FROM,
        TESTED_COMMIT,
        TEST_STATUS,
        "model_sha256",
        "promoted_by",
    }
)
_EVIDENCE_PREFIXES = ("gate.", METRIC_TAG)


def parse_tags(given: Sequence[str]) -> dict[str, str]:
    """The values by name of ``NAME=VALUE``; what the platform itself decides by is refused."""
    tags: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isprintable() or not name.strip() or not value or name in tags:
            raise UsageError(f"{text!r} is not one NAME=VALUE, with each name once.")
        if name in _EVIDENCE or name.startswith(_EVIDENCE_PREFIXES):
            raise UsageError(
                f"The tag {name} is evidence that the platform records itself.",
                "Run the command that it belongs to: gate, register, promote or rollback.",
            )
        tags[name] = value
    return tags
