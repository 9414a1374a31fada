"""The environment file against the Databricks runtime that the model runs on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..config import Configuration
from ..environment.requirements import Requirements, normalised_name, read_requirements
from ..errors import FindingError
from ..utils.variables import variable
from .result import CheckCase, CheckResult, Finding, case
from .runtime_constraints import read_constraints
from .runtime_facts import ONLY_IN_ML_RUNTIMES, Runtime, parse_runtime

if TYPE_CHECKING:
    from packaging.requirements import Requirement as PackageRequirement
    from packaging.specifiers import SpecifierSet

_CACHE = "outputs/runtimes"
_NAME = "runtime"
_REQUIRES_PYTHON = re.compile(r"^requires-python\s*=\s*[\"']([^\"']*)[\"']", re.M)


def check_runtime(configuration: Configuration, environ: Mapping[str, str]) -> CheckResult:
    """Python, the packages only ML runtimes have and, where they are known, all versions."""
    base = configuration.base
    if configuration.model.serving != "batch":
        return CheckResult(_NAME, (), "does not apply: the model runs in an image of its own")
    if base.compute_mode == "serverless":
        return CheckResult(_NAME, (), "does not apply: serverless compute has no runtime key")
    runtime = parse_runtime(base.cluster_spark_version)
    if runtime is None:
        return _single("the runtime is known", _unknown_runtime(base.cluster_spark_version))
    try:
        requirements = read_requirements(configuration.repository.modules)
    except FindingError as error:
        return _single("the environment file can be read", Finding(error.message, error.hint))
    file = configuration.repository.relative(requirements.file)
    cases = [
        case("Python suits the runtime", list(_python(configuration, requirements, runtime))),
        case("the kind of runtime suits the packages", [_ml_reminder(requirements, file, runtime)]),
    ]
    where = variable(environ, "DATABRICKS_CONSTRAINTS_URL")
    if where is not None:
        known = read_constraints(where, runtime, configuration.repository.root / _CACHE)
        cases.append(_versions(requirements, file, runtime, known))
    return CheckResult(_NAME, tuple(cases), runtime.key)


def _single(name: str, finding: Finding) -> CheckResult:
    return CheckResult(_NAME, (case(name, [finding]),))


def _unknown_runtime(key: str) -> Finding:
    return Finding(
        f"CLUSTER_SPARK_VERSION is {key}, which does not say what the runtime holds.",
        "Write a key such as 17.3.x-cpu-ml-scala2.13.",
        "pipelines/base_variables.yml",
        None,
        "warning",
    )


def _python(
    configuration: Configuration, requirements: Requirements, runtime: Runtime
) -> Iterator[Finding]:
    root = configuration.repository.root
    content = (root / "pyproject.toml").read_text(encoding="utf-8", errors="replace")
    declared = _REQUIRES_PYTHON.search(content)
    wanted = {
        configuration.repository.relative(requirements.file): requirements.python,
        "pyproject.toml": None if declared is None else declared.group(1),
    }
    for file, says in wanted.items():
        if says is None or runtime.python is None or _accepts_python(says, runtime.python):
            continue
        yield Finding(
            f"{file} asks for Python {says}, and {runtime.key} has Python {runtime.python}.",
            "Allow that Python, or choose another runtime in CLUSTER_SPARK_VERSION.",
            file,
        )


def _accepts_python(says: str, python: str) -> bool:
    """Whether any release of a Python such as 3.11 is allowed; its last number is not known."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        allowed = SpecifierSet(says)
    except InvalidSpecifier:
        return True  # Not for us to judge; pip says so.
    return any(allowed.contains(f"{python}.{release}") for release in range(40))


def _ml_reminder(requirements: Requirements, file: str, runtime: Runtime) -> Finding | None:
    found = sorted(requirements.names & ONLY_IN_ML_RUNTIMES)
    if not found or runtime.is_for_machine_learning:
        return None
    return Finding(
        f"Only runtimes for machine learning bring {', '.join(found)}, and {runtime.key} is none.",
        f"Set CLUSTER_SPARK_VERSION to {runtime.key_for_machine_learning('cpu')}, or to "
        f"{runtime.key_for_machine_learning('gpu')} for graphics cards. Otherwise the packages "
        "are installed each time the cluster starts.",
        file,
        None,
        "warning",
    )


def _versions(
    requirements: Requirements, file: str, runtime: Runtime, known: Mapping[str, SpecifierSet]
) -> CheckCase:
    from packaging.requirements import InvalidRequirement, Requirement

    findings = []
    for line in requirements.lines:
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            findings.append(Finding(f"{line!r} is not a package and a range.", "", file))
            continue
        there = known.get(normalised_name(wanted.name))
        if there is not None and _applies(wanted, runtime) and not _meet(wanted.specifier, there):
            findings.append(
                Finding(
                    f"{file} asks for {line}, and {runtime.key} has {wanted.name} {there}.",
                    "Widen the range to include that version, or choose another runtime.",
                    file,
                )
            )
    return case(f"the versions suit {runtime.key}", findings)


def _applies(wanted: PackageRequirement, runtime: Runtime) -> bool:
    """Whether a line such as ``torch; sys_platform == 'linux'`` counts on a cluster."""
    if wanted.marker is None:
        return True
    cluster = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    if runtime.python is not None:
        cluster |= {"python_version": runtime.python, "python_full_version": f"{runtime.python}.0"}
    return wanted.marker.evaluate(dict(cluster))


def _meet(wanted: SpecifierSet, there: SpecifierSet) -> bool:
    """Whether one version is in both ranges: one of those that the ranges themselves name."""
    named = {one.version.removesuffix(".*") for one in (*wanted, *there)}
    return any(
        wanted.contains(version, prereleases=True) and there.contains(version, prereleases=True)
        for version in named
    )
