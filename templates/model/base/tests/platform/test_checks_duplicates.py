"""The check for duplicates: the same code is found wherever it stands, and only code counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mloccli.checks.duplicates import check_duplicates, check_duplicates_across
from mloccli.cli import main
from mloccli.errors import UsageError

from .checking import findings
from .conftest import MakeRepository

LINES = [f"    total_{number} = data['a'] + {number} * factor" for number in range(12)]
FUNCTION = "\n".join(["def {name}(data, factor):", *LINES, "    return data", ""])
SPACED = "\n\n".join(
    ['"""Another docstring."""', "import os", "def other(data, factor):  # a comment", *LINES]
).replace(" + ", "  +  ")


def code(name: str) -> str:
    return FUNCTION.replace("{name}", name)


def test_the_same_code_in_two_files_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository({"the_model/a.py": code("one"), "the_model/b.py": code("two")})

    (found,) = findings(repository, "duplicates")

    assert found.location == "the_model/b.py:2"
    assert found.message == "13 lines of code are those of the_model/a.py:2."


def test_layout_comments_docstrings_and_imports_do_not_count(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository({"the_model/a.py": code("one"), "the_model/b.py": SPACED})

    (found,) = findings(repository, "duplicates")

    assert (found.location, found.message[:13]) == ("the_model/b.py:7", "12 lines of c")


def test_a_repetition_inside_one_file_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository({"the_model/a.py": code("one") + code("two")})

    assert [one.location for one in findings(repository, "duplicates")] == ["the_model/a.py:16"]


@pytest.mark.parametrize("lines", ["import a\n" * 40, "# a comment\n" * 40, "[\n]\n" * 40, '"x"\n'])
def test_what_says_nothing_is_no_duplicate(make_repository: MakeRepository, lines: str) -> None:
    repository = make_repository({"the_model/a.py": lines, "the_model/b.py": lines})

    assert not findings(repository, "duplicates")


def test_fewer_lines_than_the_minimum_are_no_duplicate(make_repository: MakeRepository) -> None:
    repository = make_repository({"the_model/a.py": code("one"), "the_model/b.py": code("two")})

    assert check_duplicates(repository, 14).passed
    assert not check_duplicates(repository, 13).passed


def test_hostile_files_are_compared_as_far_as_they_are_python(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository({"the_model/a.py": code("one")})
    folder = repository.model_folder
    (folder / "binary.py").write_bytes(b"\0\xff" * 5000)
    (folder / "größe.py").write_bytes(f"{code('two')}\n'''never ends\n".encode("latin-1"))
    (folder / "loop.py").symlink_to(folder / "loop.py")
    (folder / "windows.py").write_bytes(code("three").replace("\n", "\r\n").encode())
    (folder / "bracket.py").write_bytes(b"(" * 100_000)

    paths = [finding.path for finding in findings(repository, "duplicates")]

    assert paths == ["the_model/größe.py", "the_model/windows.py"]


@pytest.fixture(name="folder")
def fixture_folder(make_repository: MakeRepository, tmp_path: Path) -> Path:
    """Three repositories side by side; the platform's files in them are the same."""
    files = {"src/task.py": code("task"), "tests/platform/test_a.py": code("a")}
    root = make_repository(files).root
    folder = tmp_path / "all"
    for name in ("cash flow", "iris", "sums"):
        shutil.copytree(root, folder / name)
        for file in (folder / name / "the_model" / "model_modules").glob("*.py"):
            file.write_text(f"NAME = {name!r}\n", encoding="utf-8")
    (folder / "no_repository").mkdir()
    return folder


def test_what_the_platform_owns_is_no_duplicate_across_repositories(folder: Path) -> None:
    assert check_duplicates_across(folder, 12).passed


def test_a_duplicate_across_repositories_names_both_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cash flow", "sums"):
        (folder / name / "the_model" / "rates.py").write_text(code(name[:4]), encoding="utf-8")

    assert main(["check", "duplicates", "--across", str(folder)]) == 1

    output = capsys.readouterr().out
    assert "sums/the_model/rates.py:2: 13 lines of code are those of cash flow/the_model" in output
    assert main(["check", "duplicates", "--across", str(folder), "--minimum-lines", "20"]) == 0


def test_a_duplicate_inside_one_repository_is_left_to_that_repository(folder: Path) -> None:
    for name in ("a.py", "b.py"):
        (folder / "iris" / "the_model" / name).write_text(code(name[0]), encoding="utf-8")

    assert check_duplicates_across(folder, 12).passed


def test_one_repository_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0 model repositories"):
        check_duplicates_across(tmp_path, 12)
