"""Reading what a task needs from the process environment: variables and secrets."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import UsageError


class Secret:
    """A credential that shows itself only when it is asked to."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The credential itself, for the one header it belongs in."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"


def variable(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable; ``None`` when it is unset, empty or an unresolved ``$(NAME)``."""
    value = environ.get(name, "").strip()
    return None if not value or (value.startswith("$(") and value.endswith(")")) else value


def secret(environ: Mapping[str, str], name: str) -> Secret | None:
    """The same for a credential; Azure Pipelines gives it to a step that maps it in ``env:``."""
    value = variable(environ, name)
    return None if value is None else Secret(value)


def require(environ: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The values of the wanted variables; UsageError names all that are missing."""
    values = {name: variable(environ, name) for name in wanted}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        lines = "".join(f"\n  - {name}: {wanted[name]}" for name in missing)
        raise UsageError(
            f"Variables are missing:{lines}",
            "Set them in the variable group eac-platform or in that of the environment, and map "
            "secrets in the step's env; on your machine set them in the environment.",
        )
    return {name: value for name, value in values.items() if value is not None}
