"""Code that is there twice, in one repository or in several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..config import VARIABLES_FILE, Repository
from ..errors import UsageError
from .clones import Clone, Source, find_clones
from .code_lines import code_lines
from .files import is_platform_owned, read_bytes, repository_files
from .result import CheckCase, CheckResult, Finding

MINIMUM_LINES = 12


def check_duplicates(repository: Repository, minimum_lines: int = MINIMUM_LINES) -> CheckResult:
    """No run of so many equal lines stands in two places of the repository."""
    sources = [
        Source(repository.relative(path), code_lines(read_bytes(path)))
        for path in repository_files(repository.root)
        if path.suffix == ".py"
    ]
    hint = "Move what they share into one function."
    return _result(sources, minimum_lines, hint)


def check_duplicates_across(folder: Path, minimum_lines: int) -> CheckResult:
    """No such run stands in two repositories of the folder; what the platform owns aside."""
    roots = sorted(path for path in folder.iterdir() if _is_repository(path))
    if len(roots) < 2:
        raise UsageError(
            f"{folder} holds {len(roots)} model repositories, and two are needed to compare.",
            "Give the folder that the repositories were cloned into.",
        )
    sources = [
        Source(f"{root.name}/{name}", code_lines(read_bytes(path)), root.name)
        for root in roots
        for path in repository_files(root)
        if path.suffix == ".py"
        and not is_platform_owned(name := path.relative_to(root).as_posix())
    ]
    hint = "Agree which team owns it, and make it a package that both install."
    return _result(sources, minimum_lines, hint)


def _is_repository(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and any(path.glob(f"*/{VARIABLES_FILE}"))


def _result(sources: Sequence[Source], minimum_lines: int, hint: str) -> CheckResult:
    clones = find_clones(sources, minimum_lines)
    names = {clone.second.name for clone in clones}
    looked_at = CheckCase(f"{len(sources) - len(names)} files share no code")
    found = [
        CheckCase(
            f"{name} repeats no code",
            tuple(_finding(clone, hint) for clone in clones if clone.second.name == name),
        )
        for name in sorted(names)
    ]
    return CheckResult("duplicates", (looked_at, *found), f"{len(sources)} files")


def _finding(clone: Clone, hint: str) -> Finding:
    return Finding(
        f"{clone.length} lines of code are those of {clone.first.name}:{clone.first_line}.",
        hint,
        clone.second.name,
        clone.second_line,
    )
