"""A served instance: one version of the model in one environment, whatever serves it.

Each version is its own instance, so a new version never takes the place of one that is in use.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

#: The port on which an image answers ``/ping`` and ``/invocations``.
PORT = 8080
PING = "/ping"
INVOCATIONS = "/invocations"

_LONGEST_LABEL = 63


@dataclass(frozen=True)
class Size:
    """What an instance gets: processor cores, and memory in gigabytes."""

    cpu: float
    memory_gb: float


@dataclass(frozen=True)
class Instance:
    """What is served where; ``image`` is a full name, pinned to its digest where it can be."""

    model: str
    version: str
    environment: str
    image: str
    size: Size
    git_commit: str

    @property
    def name(self) -> str:
        """The name of the instance, a legal DNS label; no other version or environment has it."""
        return instance_name(self.model, self.version, self.environment)

    @property
    def title(self) -> str:
        """How a message names the instance."""
        return f"{self.model} {self.version} in {self.environment}"

    @property
    def is_pinned(self) -> bool:
        """Whether the image is named by its digest, so that it is the same for ever."""
        return "@sha256:" in self.image


def instance_name(model: str, version: str, environment: str) -> str:
    """``iris-v3-qa``: letters, digits and hyphens, first a letter, at most 63 characters."""
    end = f"-v{dns_label(version)}-{dns_label(environment)}"
    start = dns_label(model)
    name = start + end if start[:1].isalpha() else f"m-{start}{end}"
    if len(name) <= _LONGEST_LABEL:
        return name
    digest = hashlib.sha256(f"{model}\n{version}\n{environment}".encode()).hexdigest()[:8]
    room = _LONGEST_LABEL - len(digest) - len(end) - 1
    if room > 0:
        return f"{name[:room].strip('-')}-{digest}{end}"
    return f"{name[: _LONGEST_LABEL - len(digest) - 1].strip('-')}-{digest}"


def dns_label(text: str) -> str:
    """The text in lower-case letters, digits and single hyphens, none of them at an end."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
