"""The commands of a small repository, and the workspace on this machine that they work in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from mloccli.batch_model import waiting
from mloccli.cli import main
from mloccli.config import Repository

from ..conftest import MakeRepository
from .databricks_stub import TOKEN, Workspace, running_workspace

Mloccli: TypeAlias = Callable[..., int]
MakeMloccli: TypeAlias = Callable[..., Mloccli]

#: A repository that has what the tasks need: a project to build a wheel of, and a notebook.
PROJECT: dict[str, str | None] = {
    "pyproject.toml": '[project]\nname = "sums"\nversion = "0.1.0"\n',
    "src/__init__.py": '"""The tasks."""\n',
    "the_model/notebooks/score.py": None,
    "the_model/notebooks/evaluate.py": "# Databricks notebook source\nprint('evaluated')\n",
}
#: What a test sets itself when it is about it.
UNSET = (
    *("DATABRICKS_AUTH_TYPE", "TF_BUILD", "ENVIRONMENT", "BUILD_BUILDID"),
    *("CMR_URI", "CMR_TOKEN", "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN", "SAS_TOKEN"),
)


@pytest.fixture(name="workspace")
def fixture_workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The workspace of the environment tst; waiting for it takes no time."""
    with running_workspace() as workspace:
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DATABRICKS_HOST", workspace.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", TOKEN)
        monkeypatch.setenv("BUILD_SOURCEBRANCH", "refs/heads/main")
        monkeypatch.setenv("BUILD_SOURCEVERSION", "c0ffee")
        clock = SimpleNamespace(monotonic=_steps(), sleep=lambda _: None)
        monkeypatch.setattr(waiting, "time", clock)
        yield workspace


def _steps() -> Callable[[], float]:
    """A clock on which every look takes a minute."""
    minutes = iter(range(10**6))
    return lambda: next(minutes) * 60.0


@pytest.fixture(name="mloccli")
def fixture_mloccli(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> MakeMloccli:
    """A function that makes a repository and returns ``mloccli``, which works in it."""

    def make(files: dict[str, str | None] | None = None, **variables: object) -> Mloccli:
        repository: Repository = make_repository({**PROJECT, **(files or {})}, **variables)
        monkeypatch.chdir(repository.root)
        return lambda *arguments: main([str(argument) for argument in arguments])

    return make


def with_cluster(workspace: Workspace, **settings: Any) -> None:
    """A cluster of the environment tst that runs."""
    cluster = {"cluster_name": "sums-tst", "states": ["RUNNING"], **settings}
    workspace.clusters["0101-000000-own"] = cluster
