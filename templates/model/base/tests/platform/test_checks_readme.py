"""The check of README.md."""

from __future__ import annotations

import pytest

from .checking import findings, messages
from .conftest import MakeRepository

SECTIONS = ("Start", "Work on the model", "Pipelines", "Who to ask")
README = "# sums\n\n" + "\n\n".join(f"## {title}\n\n{'word ' * 20}" for title in SECTIONS)


def readme(make_repository: MakeRepository, more: str) -> str:
    return messages(make_repository({"README.md": f"{README}\n\n{more}\n"}), "readme")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[a](docs/getting_started.md#who-owns-what) ![b](/pyproject.toml) [c](https://x.com/y)",
        "[a](mailto:me@example.com) [b](#start) [c](the_model/)",
        "[a](<the_model/notebooks/../model_parameters.yml>)",
        "[ref]: docs/getting_started.md",
        "    mloccli model train <version>  # TODO in code",
        "`<name>` and `TODO`\n\n```\n<name> TODO [a](nowhere.md)\n```\n",
        "A <br> tag, <https://example.com>, <me@example.com>, 1 < 2 > 1, a \\<name>",
        "<!-- TODO in a comment -->",
        "Todoist and the toDo list",
    ],
)
def test_a_good_readme_passes(make_repository: MakeRepository, text: str) -> None:
    assert not readme(make_repository, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TODO", "README.md is not finished: `TODO`."),
        ("The owner is TBD.", "README.md is not finished: `TBD`."),
        ("Lorem ipsum dolor", "README.md is not finished: `Lorem ipsum`."),
        ("Ask <name of the team>.", "README.md is not finished: `<name of the team>`."),
        ("[a](docs/missing.md)", "README.md links to docs/missing.md, which is not in this"),
        ("![a](images/a.png 'title')", "README.md links to images/a.png, which is not in"),
        ("[ref]: docs/missing.md#part", "README.md links to docs/missing.md#part, which is"),
        ("[a](../../../etc/passwd)", "README.md links to ../../../etc/passwd, which is not in"),
        ("[a](%00)", "README.md links to %00, which is not in"),
    ],
)
def test_what_a_reader_stumbles_over_is_found(
    make_repository: MakeRepository, text: str, expected: str
) -> None:
    assert readme(make_repository, text).startswith(expected)


def test_a_finding_names_the_line(make_repository: MakeRepository) -> None:
    repository = make_repository({"README.md": f"TODO\r\n\r\n{README}"})

    assert [one.location for one in findings(repository, "readme")] == ["README.md:1"]


@pytest.mark.parametrize("title", SECTIONS)
def test_a_missing_section_is_found(make_repository: MakeRepository, title: str) -> None:
    text = README.replace(f"## {title}\n", "")

    found = messages(make_repository({"README.md": text}), "readme")

    assert found == f"README.md has no section {title!r}."


def test_too_few_words_are_found(make_repository: MakeRepository) -> None:
    text = README.replace("word ", "", 40) + "\n    " + "code " * 100

    assert "are the least" in messages(make_repository({"README.md": text}), "readme")


def test_a_readme_that_is_no_text_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository({"README.md": "\0"})
    assert messages(repository, "readme") == "README.md is missing or no text."

    (repository.root / "README.md").unlink()
    (repository.root / "README.md").symlink_to(repository.root / "README.md")
    assert messages(repository, "readme") == "README.md is missing or no text."


@pytest.mark.parametrize("text", ["```\n" * 50_001, "<!--" * 50_000, "[a](" * 50_000, "<a" * 9999])
def test_a_hostile_readme_is_read_in_time(make_repository: MakeRepository, text: str) -> None:
    assert findings(make_repository({"README.md": text}), "readme")
