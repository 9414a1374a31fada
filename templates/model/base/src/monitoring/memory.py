"""Where monitoring keeps its history: a file, and the tags of the versions it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..config import Configuration
from .history import (
    History,
    Trigger,
    Window,
    history_of_tags,
    read_history,
    tag_of,
    write_history,
)


@dataclass(frozen=True)
class Memory:
    """The history of one model; with ``in_registry`` its tags are read and written as well.

    Agents are thrown away with their files, so that the tags are what lasts.
    """

    configuration: Configuration
    environ: Mapping[str, str]
    file: Path
    in_registry: bool

    def read(self) -> History:
        """Everything that is remembered of the model, of all its versions."""
        history = read_history(self.file, self.configuration.model.model_name)
        if self.in_registry:
            from ..registry.connection import open_registry

            with open_registry(self.configuration, self.environ) as registry:
                for version in registry.versions():
                    history = history.merged(history_of_tags(version.number, version.tags))
        return history

    def remember(self, record: Window | Trigger) -> None:
        """Add a record, the tag first: a file alone would be lost with the agent."""
        if self.in_registry:
            from ..registry.connection import open_registry

            with open_registry(self.configuration, self.environ) as registry:
                registry.tag(registry.find(record.version), dict([tag_of(record)]))
        name = self.configuration.model.model_name
        history = read_history(self.file, name)
        new = (
            history.with_window(record)
            if isinstance(record, Window)
            else history.with_trigger(record)
        )
        write_history(self.file, name, new)
