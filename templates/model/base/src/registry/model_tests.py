"""Running the team's tests of a model, tests/model/test_model.py, on a package."""

from __future__ import annotations

import importlib.util
import subprocess  # argument lists only, never a shell
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import FindingError, RemoteError, UsageError

TEST_FILE = "tests/model/test_model.py"

# What could change the registry or speak in the platform's name is not for the model's own code.
_NOT_FOR_TESTS = (
    "CMR_TOKEN",
    "CMR_USERNAME",
    "CMR_PASSWORD",
    "SLACK_WEBHOOK_URL",
    "ARTIFACTORY_TOKEN",
    "AZURE_ACCESS_TOKEN",
    "INFORMATION_MODEL_TOKEN",
    "SYSTEM_ACCESSTOKEN",
)
_NO_TESTS = 5


@dataclass(frozen=True)
class TestRun:
    """How the tests ended, and where their JUnit report is."""

    __test__ = False  # Its name begins as those of pytest's own test classes do.

    passed: bool
    report: Path
    says: str


def run_model_tests(
    root: Path, package: Path, report: Path, environ: Mapping[str, str]
) -> TestRun:
    """Run them in a process of their own; only if every test passed, ``passed`` is true."""
    if not (root / TEST_FILE).is_file():
        raise FindingError(
            f"{TEST_FILE} does not exist.", "A model is promoted only when its tests pass."
        )
    if importlib.util.find_spec("pytest") is None:
        raise UsageError("pytest is not installed.", "Install this repository with its extra dev.")
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", TEST_FILE, "-p", "no:cacheprovider"]
    command += [f"--model-package={package}", f"--junitxml={report}"]
    sys.stdout.flush()
    code = subprocess.run(
        command,
        cwd=root,
        env={name: value for name, value in environ.items() if name not in _NOT_FOR_TESTS},
        check=False,
    ).returncode
    if code < 0:
        raise RemoteError(
            f"The model's tests were stopped by signal {-code} before they ended.",
            "The agent may have run out of memory. Nothing was changed; run the command again.",
        )
    if code == _NO_TESTS:
        return TestRun(False, report, f"{TEST_FILE} holds no test")
    passed = code == 0 and report.is_file()
    return TestRun(passed, report, "all tests passed" if passed else "not all tests passed")
