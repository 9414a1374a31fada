"""Reading the YAML files of the repository: strict, safe, and with errors that name the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..errors import FindingError

_LARGEST_FILE_BYTES = 1_000_000


class _StrictLoader(yaml.SafeLoader):  # pylint: disable=too-many-ancestors
    """A safe loader that refuses a key written twice instead of dropping the first value."""


def _construct_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (list, dict)) or key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands here twice", key_node.start_mark
            )
        seen.add(key)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def read_yaml_mapping(path: Path) -> dict[str, object]:
    """The mapping in a YAML file; anything else is a finding that says where and why."""
    content = _read_text(path)
    try:
        # The loader is a SafeLoader: it builds plain values and runs nothing.
        value = yaml.load(content, Loader=_StrictLoader)  # nosec B506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FindingError(f"{path} is not valid YAML: {_one_line(error)}") from error
    if not isinstance(value, dict):
        raise FindingError(
            f"{path} holds {_kind(value)} where `name: value` lines are expected.",
            "Write one `name: value` pair on each line.",
        )
    return {str(key): entry for key, entry in value.items()}


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FindingError(f"{path} does not exist.") from error
    except OSError as error:
        raise FindingError(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST_FILE_BYTES:
        raise FindingError(f"{path} is larger than {_LARGEST_FILE_BYTES} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FindingError(f"{path} is not UTF-8 text (byte {error.start}).") from error


def _one_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}."
    return " ".join(str(error).split()) or type(error).__name__


def _kind(value: object) -> str:
    return {list: "a list", type(None): "nothing", str: "a text"}.get(type(value), "a single value")
