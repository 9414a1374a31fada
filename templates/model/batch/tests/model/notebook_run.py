"""Runs a notebook cell by cell, with stand-ins for what only a Databricks workspace has."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

HEADER = "# Databricks notebook source"


class _Exit(Exception):
    """Ends a notebook, as dbutils.notebook.exit does."""


class Workspace:
    """Tables and job parameters, as far as the notebooks use them."""

    def __init__(self, parameters: dict[str, str], tables: dict[str, pd.DataFrame]) -> None:
        self.parameters = parameters
        self.tables = tables
        self.modes: list[str] = []
        self.result = ""

    def run(self, notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Run a notebook in its own folder, where Databricks runs it too."""
        runtime = ModuleType("databricks.sdk.runtime")
        widgets = SimpleNamespace(text=self._text, get=self.parameters.__getitem__)
        dbutils = SimpleNamespace(widgets=widgets, notebook=SimpleNamespace(exit=self._exit))
        spark = SimpleNamespace(table=self._table, createDataFrame=self._create_data_frame)
        vars(runtime).update(dbutils=dbutils, spark=spark)
        monkeypatch.setitem(sys.modules, "databricks.sdk.runtime", runtime)
        monkeypatch.chdir(notebook.parent)
        try:
            runpy.run_path(str(notebook))
        except _Exit:
            pass

    def _text(self, name: str, default: str, _label: str) -> None:
        self.parameters.setdefault(name, default)

    def _exit(self, value: str) -> None:
        self.result = value
        raise _Exit

    def _table(self, name: str) -> Any:
        return SimpleNamespace(toPandas=lambda: self.tables[name])

    def _create_data_frame(self, data: pd.DataFrame) -> Any:
        def save(name: str) -> None:
            self.tables[name] = data

        def mode(value: str) -> Any:
            self.modes.append(value)
            return SimpleNamespace(saveAsTable=save)

        return SimpleNamespace(write=SimpleNamespace(mode=mode))
