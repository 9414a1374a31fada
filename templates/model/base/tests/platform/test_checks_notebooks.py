"""The check of the notebooks."""

from __future__ import annotations

import json

import pytest

from .checking import findings, messages
from .conftest import MakeRepository

FOLDER = "the_model/notebooks"
HEADER = "# Databricks notebook source"
GOOD = f"""{HEADER}
# MAGIC %md a title
# COMMAND ----------
%pip install pandas
if True:
    !ls
import pandas as pd
# COMMAND ----------
await pd.something()
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", GOOD),
        ("a.py", GOOD.replace("\n", "\r\n")),
        ("a.sql", "-- Databricks notebook source\nSELECT 1\n"),
        ("a.scala", "// Databricks notebook source\nval a = 1\n"),
        ("a.r", "# Databricks notebook source\na <- 1\n"),
        ("a.R", "# Databricks notebook source\na <- 1\n"),
        ("data.csv", "1,2\n"),
        ("more/a.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": ["a = 1\n"]}]})),
        ("a.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": "%%sql\nSELECT"}]})),
    ],
)
def test_a_notebook_is_accepted(make_repository: MakeRepository, name: str, text: str) -> None:
    assert not messages(make_repository({f"{FOLDER}/{name}": text}), "notebooks")


@pytest.mark.parametrize(
    ("name", "text", "expected", "line"),
    [
        ("a.py", "import os\n", f"does not begin with `{HEADER}`", 1),
        ("a.py", "", f"does not begin with `{HEADER}`", 1),
        ("a.py", f"\n{HEADER}\n", f"does not begin with `{HEADER}`", 1),
        ("a.py", f"\ufeff{HEADER}\n", f"does not begin with `{HEADER}`", 1),
        ("a.py", f"{HEADER} \n", f"does not begin with `{HEADER}`", 1),
        ("a.sql", f"{HEADER}\nSELECT 1\n", "does not begin with `-- Databricks", 1),
        ("a.scala", "val a = 1\n", "does not begin with `// Databricks", 1),
        ("a.py", f"{HEADER}\na = 1\nb = (\n# COMMAND ----------\n1\n", "is not valid", 3),
        ("a.py", f"{HEADER}\n\0", "holds binary data", None),
        ("a.ipynb", "{", "is not valid JSON", None),
        ("a.ipynb", "[" * 100_000, "is not valid JSON", None),
        ("a.ipynb", "[]", "it has no cells", None),
        (
            "a.ipynb",
            json.dumps({"cells": [{"cell_type": "code", "source": ["a =\n"]}]}),
            "is not valid Python",
            1,
        ),
    ],
)
def test_what_databricks_would_not_run_is_found(
    make_repository: MakeRepository, name: str, text: str, expected: str, line: int | None
) -> None:
    found = findings(make_repository({f"{FOLDER}/{name}": text}), "notebooks")

    assert [expected in one.message for one in found] == [True], found
    assert (found[0].path, found[0].line) == (f"{FOLDER}/{name}", line)


def test_every_broken_cell_is_found(make_repository: MakeRepository) -> None:
    text = f"{HEADER}\na = \n# COMMAND ----------\nb = 1\n# COMMAND ----------\n)\n"

    found = findings(make_repository({f"{FOLDER}/a.py": text}), "notebooks")

    assert [one.line for one in found] == [2, 6]


def test_a_model_served_in_batches_needs_a_python_notebook(
    make_repository: MakeRepository,
) -> None:
    files = {f"{FOLDER}/score.py": None, f"{FOLDER}/a.sql": "-- Databricks notebook source\n"}

    batch = messages(make_repository(files, {"SERVING": "batch"}), "notebooks")

    assert batch == f"{FOLDER} holds no Python notebook, but the model is served in batches."
    assert not messages(make_repository(files, {"SERVING": "rest"}), "notebooks")


def test_a_link_or_a_huge_notebook_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository()
    folder = repository.model_folder / "notebooks"
    (folder / "link.py").symlink_to(folder / "score.py")
    (folder / "loop.py").symlink_to(folder / "loop.py")
    (folder / "huge.py").write_bytes(f"{HEADER}\n".encode() + b"#" * 11_000_000)

    found = messages(repository, "notebooks")

    assert found.splitlines() == [
        f"{FOLDER}/huge.py is larger than 10 MB.",
        f"{FOLDER}/link.py is a link.",
    ]
