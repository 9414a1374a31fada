"""The checks: each broken rule is found, named and placed."""

from __future__ import annotations

import pytest
from mloccli.checks.runner import CheckInputs, run_checks

from .checking import findings, messages
from .conftest import FILES, MakeRepository

MODULES = "the_model/model_modules"
TRAINING = """
    def train(data, parameters):
        return {"factor": parameters["factor"]}
    """
WITH_TRAINING = {
    f"{MODULES}/training.py": TRAINING,
    f"{MODULES}/requirements.txt": "joblib\npandas\n",
    f"{MODULES}/data.py": f"{FILES[f'{MODULES}/data.py']}\n"
    "        load_training_data = None\n"
    "        def load_training_data():\n"
    "            return load_evaluation_data()\n",
}
SUPERVISED = {"MODEL_TYPE": "supervised"}


@pytest.mark.parametrize("check", ["structure", "functions", "config", "requirements"])
def test_a_good_repository_passes(make_repository: MakeRepository, check: str) -> None:
    assert not findings(make_repository(), check)
    assert not findings(make_repository(WITH_TRAINING, SUPERVISED), check)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(("g.py", ".md", ".yml"))])
def test_a_missing_file_is_found(make_repository: MakeRepository, name: str) -> None:
    assert f"{name} is missing." in messages(make_repository({name: None}), "structure")


def test_an_empty_file_is_found(make_repository: MakeRepository) -> None:
    assert messages(make_repository({"README.md": " \n"}), "structure") == "README.md is empty."


def test_two_environment_files_are_one_too_many(make_repository: MakeRepository) -> None:
    repository = make_repository({f"{MODULES}/environment.yml": "dependencies: [pandas]\n"})

    assert "environment.yml contradicts it" in messages(repository, "structure")


def test_the_environment_file_is_the_one_of_the_variable(make_repository: MakeRepository) -> None:
    repository = make_repository(variables={"ENVIRONMENT_FILE": "conda"})

    found = messages(repository, "structure")

    assert "environment.yml is missing" in found
    assert "requirements.txt contradicts it" in found


def test_a_yaml_ending_is_found(make_repository: MakeRepository) -> None:
    repository = make_repository({"pipelines/templates/ci.yaml": "steps: []\n"})

    assert messages(repository, "structure") == "pipelines/templates/ci.yaml ends in .yaml."


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", "defines no function train(data, parameters) at module level"),
        ("class A:\n    def train(data, parameters): return 1", "at module level"),
        ("if False:\n    def train(data, parameters): return 1", "at module level"),
        ("train = 1", "at module level"),
        ("def train(data): return 1", "cannot be called with 2 positional argument(s)"),
        ("def train(data, parameters, seed): return 1", "cannot be called with 2"),
        ("def train(data, *, parameters): return 1", "cannot be called with 2"),
        ("def train(data, parameters): pass", "has no body yet"),
        ("def train(data, parameters): ...", "has no body yet"),
        ('def train(data, parameters):\n    """Trains."""', "has no body yet"),
        ("def train(data, parameters): raise NotImplementedError", "has no body yet"),
        ("def train(data, parameters): raise NotImplementedError('x')", "has no body yet"),
        ("def train(data, parameters): return 1\ndef train(): return 2", "cannot be called with 2"),
        ("def train(data, parameters): return None", "has no body yet"),
        ("async def train(data, parameters): return 1", "is asynchronous"),
        ("from sklearn import train", "at module level"),
        ("from ..model_modules2 import train", "at module level"),
        ("from .training import train", "at module level"),
        ("from .scoring import score as train\ndef train(data): return 1", "cannot be called"),
        ("(" * 10_000, "training.py"),
        ("def train(data, parameters: return 1", "is not valid Python"),
        ("\0", "training.py"),
    ],
)
def test_a_train_function_that_cannot_work_is_found(
    make_repository: MakeRepository, code: str, expected: str
) -> None:
    repository = make_repository({**WITH_TRAINING, f"{MODULES}/training.py": code}, SUPERVISED)

    assert expected in messages(repository, "functions")


@pytest.mark.parametrize(
    "code",
    [
        "def train(data, parameters): return 1",
        "def train(data, parameters, seed=1): return 1",
        "def train(*arguments, **more): return 1",
        "def train(data, /, parameters, *, seed=1): return 1",
        "def train(data, parameters):\n    ...\n    raise NotImplementedError or 1\n    return 1",
        "from .scoring import score as train",
        "def train(): pass\nfrom .scoring import score as train",
        "async def other(): pass\ndef train(data, parameters): return 1",
    ],
)
def test_a_train_function_that_can_work_is_accepted(
    make_repository: MakeRepository, code: str
) -> None:
    repository = make_repository({**WITH_TRAINING, f"{MODULES}/training.py": code}, SUPERVISED)

    assert not findings(repository, "functions")


@pytest.mark.parametrize("module", [".more", "model_modules.more"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def train(data, parameters): return 1", ""),
        ("def train(data): return 1", "cannot be called with 2"),
        (None, "more.py is missing."),
    ],
)
def test_a_function_may_be_imported_from_a_module_beside(
    make_repository: MakeRepository, module: str, code: str | None, expected: str
) -> None:
    text = f"from {module} import train\n"
    files = {**WITH_TRAINING, f"{MODULES}/training.py": text, f"{MODULES}/more.py": code}

    found = messages(make_repository(files, SUPERVISED), "functions")

    assert (expected in found) if expected else not found


def test_a_function_may_come_through_packages(make_repository: MakeRepository) -> None:
    files = {
        **WITH_TRAINING,
        f"{MODULES}/training.py": "from model_modules.steps import fit as train\n",
        f"{MODULES}/steps/__init__.py": "from .deep.fitting import fit\n",
        f"{MODULES}/steps/deep/fitting.py": "from ...scoring import score as fit\n",
    }
    assert not findings(make_repository(files, SUPERVISED), "functions")

    files[f"{MODULES}/steps/deep/fitting.py"] = "from ... import fit\n"
    files[f"{MODULES}/__init__.py"] = "from .steps import fit\n"
    found = messages(make_repository(files, SUPERVISED), "functions")
    assert "defines no function train(data, parameters) at module level" in found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (None, ""),
        ("def cleanse(data): return data", ""),
        ("def clean(data): return data", "defines no function cleanse(data)"),
        ("def cleanse(): return 1", "cannot be called with 1"),
        ("def cleanse(data): ...", "has no body yet"),
    ],
)
def test_cleansing_is_checked_where_it_is(
    make_repository: MakeRepository, code: str | None, expected: str
) -> None:
    found = messages(make_repository({f"{MODULES}/cleansing.py": code}), "functions")

    assert (expected in found) if expected else not found


def test_files_that_cannot_be_read_are_findings(make_repository: MakeRepository) -> None:
    repository = make_repository()
    scoring = repository.modules / "scoring.py"
    scoring.unlink()
    scoring.symlink_to(scoring)
    (repository.modules / "data.py").unlink()
    (repository.modules / "data.py").mkdir()

    found = messages(repository, "functions")

    assert "scoring.py cannot be read: Too many levels of symbolic links." in found
    assert "data.py cannot be read: Is a directory." in found
    assert "scoring.py is missing" in messages(repository, "structure")
    assert not findings(repository, "requirements")


@pytest.mark.parametrize("function", ["score", "evaluate"])
def test_missing_scoring_is_found_in_every_type(
    make_repository: MakeRepository, function: str
) -> None:
    name = f"{MODULES}/scoring.py"
    text = FILES[name].replace(f"def {function}(", f"def other_{function}(")

    for files, variables in (({}, {}), (WITH_TRAINING, SUPERVISED)):
        repository = make_repository({**files, name: text}, variables)
        assert f"no function {function}(model, data)" in messages(repository, "functions")


def test_a_model_that_is_not_rule_based_needs_training(make_repository: MakeRepository) -> None:
    found = messages(make_repository(variables=SUPERVISED), "functions")

    assert "training.py is missing" in found


@pytest.mark.parametrize("name", ["training.py", "rules.py"])
def test_training_in_a_rule_based_model_is_found(
    make_repository: MakeRepository, name: str
) -> None:
    found = findings(make_repository({f"{MODULES}/{name}": TRAINING}), "functions")

    assert [finding.location for finding in found] == [f"{MODULES}/{name}:2"]


def test_checking_never_runs_the_code(make_repository: MakeRepository) -> None:
    name = f"{MODULES}/scoring.py"
    explosive = f"{FILES[name]}\n        raise SystemExit('this code was run')\n"
    repository = make_repository({name: explosive})

    for check in ("structure", "functions", "config", "requirements"):
        assert not findings(repository, check)


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("import scipy.stats", "scipy"),
        ("from sklearn.cluster import KMeans", "scikit-learn"),
        ("def late():\n    import yaml\n    return yaml", "pyyaml"),
    ],
)
def test_an_import_that_is_not_required_is_found(
    make_repository: MakeRepository, line: str, package: str
) -> None:
    found = findings(make_repository({f"{MODULES}/more.py": line}), "requirements")

    assert [finding.hint for finding in found] == [f"Add {package} to {MODULES}/requirements.txt."]


def test_own_and_standard_modules_need_no_requirement(make_repository: MakeRepository) -> None:
    code = "import json\nfrom . import data\nfrom model_modules.data import load_scoring_data\n"

    assert not findings(make_repository({f"{MODULES}/more.py": code}), "requirements")


def test_what_packaging_needs_is_required(make_repository: MakeRepository) -> None:
    files = {**WITH_TRAINING, f"{MODULES}/requirements.txt": "pandas\n"}

    assert "does not list joblib" in messages(make_repository(files, SUPERVISED), "requirements")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("evaluation_thresholds.yml", "{}\n", "every model would pass"),
        ("evaluation_thresholds.yml", "accuracy: {minimun: 0.5}\n", "neither minimum nor maximum"),
        ("evaluation_thresholds.yml", "accuracy: {minimum: .nan}\n", "not a finite number"),
        ("evaluation_thresholds.yml", "accuracy: {minimum: high}\n", "not a finite number"),
        ("evaluation_thresholds.yml", "a: {minimum: 2, maximum: 1}\n", "above the maximum"),
        ("evaluation_thresholds.yml", "accuracy: 0.5\n", "neither minimum nor maximum"),
        ("model_parameters.yml", "since: 2026-01-01\n", "no text, number, list or mapping"),
        ("model_parameters.yml", "a: 1\na: 2\n", "stands here twice"),
        ("monitoring.yml", "minimum_row: 3\n", "minimum_row: no such setting"),
    ],
)
def test_a_broken_setting_is_found(
    make_repository: MakeRepository, name: str, text: str, expected: str
) -> None:
    assert expected in messages(make_repository({f"the_model/{name}": text}), "config")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  CATEGORY: $(category)", "CATEGORY holds an expression"),
        ("  CATEGORY: ${{ parameters.category }}", "CATEGORY holds an expression"),
        ("  MORE: [1, 2]", "MORE holds more than one value"),
        ("parameters: {a: 1}", "parameters stands beside `variables`"),
    ],
)
def test_what_a_variables_template_cannot_hold_is_found(
    make_repository: MakeRepository, line: str, expected: str
) -> None:
    repository = make_repository()
    lines = repository.variables_file.read_text(encoding="utf-8").splitlines()
    kept = [one for one in lines if one.partition(":")[0] != line.partition(":")[0]]
    repository.variables_file.write_text("\n".join([*kept, line]), encoding="utf-8")

    assert expected in messages(repository, "config")


def test_the_platforms_variables_are_checked_with_the_environment(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository(base_variables={"MATURITY_LEVEL": 9})

    (found,) = findings(repository, "config", {"COMPUTE_MODE": "magic"})[:1]
    both = messages(repository, "config", {"COMPUTE_MODE": "magic"})

    assert found.path == "pipelines/base_variables.yml"
    assert "maturity_level: 9 is not allowed." in both
    assert "compute_mode: 'magic' is not allowed." in both


def test_broken_variables_are_reported_in_place_of_checks_that_need_them(
    make_repository: MakeRepository,
) -> None:
    repository = make_repository(variables={"MODEL_TYPE": "magic"})

    inputs = CheckInputs(repository, {})
    results = run_checks(inputs, ["structure", "functions", "runtime"])

    assert [result.name for result in results] == ["config"]
    assert not results[0].passed
