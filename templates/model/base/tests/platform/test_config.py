"""Finding the repository and reading model_variables.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
from mloccli.config import find_repository, read_configuration, read_model_variables
from mloccli.errors import FindingError, ProblemsError, UsageError

from .conftest import MakeRepository


def test_finds_the_model_folder_whatever_its_name(make_repository: MakeRepository) -> None:
    root = make_repository().root

    found = find_repository(root / "the_model" / "model_modules")

    assert found.root == root
    assert found.model_folder == root / "the_model"


def test_outside_a_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="model_variables.yml"):
        find_repository(tmp_path)


def test_two_model_folders_are_refused(make_repository: MakeRepository) -> None:
    with pytest.raises(FindingError, match="another, the_model"):
        make_repository({"another/model_variables.yml": "variables: {}\n"})


def test_reads_every_variable_with_its_type(make_repository: MakeRepository, serving: str) -> None:
    workers = {"CLUSTER_MIN_WORKER_NODE": 1, "CLUSTER_MAX_WORKER_NODE": "'8'", "IMAGE": "''"}

    variables = read_model_variables(make_repository(variables=workers))

    assert variables.model_name == "sums"
    assert variables.serving == serving
    assert variables.is_rule_based
    assert (variables.cluster_min_worker_node, variables.cluster_max_worker_node) == (1, 8)
    assert variables.image is None


@pytest.mark.parametrize("written", ["Supervised", "SUPERVISED", "supervised"])
def test_letter_case_of_a_choice_does_not_matter(
    make_repository: MakeRepository, written: str
) -> None:
    variables = read_model_variables(make_repository(variables={"MODEL_TYPE": written}))

    assert variables.model_type == "supervised"


def test_rulebased_in_one_word_is_understood(make_repository: MakeRepository) -> None:
    variables = read_model_variables(make_repository(variables={"MODEL_TYPE": "rulebased"}))

    assert variables.model_type == "rule-based"


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ({"MODEL_NAME": "''"}, "model_name: it is missing or empty"),
        ({"MODEL_NAME": "[a, b]"}, "model_name: \\['a', 'b'\\] is not allowed"),
        ({"MODEL_NAME": '"a\\nb"'}, "model_name: 'a\\\\nb' is not allowed"),
        ({"MODEL_TYPE": "magic"}, "supervised, unsupervised or rule-based"),
        ({"ENVIRONMENT_FILE": "poetry"}, "conda or pip"),
        ({"SERVING": "true"}, "batch or rest"),
        ({"CLUSTER_MIN_WORKER_NODE": 1}, "set both, or neither"),
        (
            {"CLUSTER_MIN_WORKER_NODE": 3, "CLUSTER_MAX_WORKER_NODE": 2},
            "3 is more than cluster_max_worker_node, 2",
        ),
        (
            {"CLUSTER_MIN_WORKER_NODE": 1, "CLUSTER_MAX_WORKER_NODE": "many"},
            "'many' is not allowed",
        ),
        ({"MODEL_TYP": "supervised"}, "Did you mean model_type"),
        ({"model_name": "again"}, "stands here twice"),
    ],
)
def test_names_what_is_wrong(
    make_repository: MakeRepository, difference: dict[str, object], expected: str
) -> None:
    repository = make_repository(variables=difference)

    with pytest.raises(ProblemsError, match=expected):
        read_model_variables(repository)


def test_reports_all_problems_at_once(make_repository: MakeRepository) -> None:
    wrong = {"MODEL_NAME": "''", "MODEL_TYPE": "magic", "CLUSTER_MAX_WORKER_NODE": 2}
    repository = make_repository(variables=wrong)

    with pytest.raises(ProblemsError) as caught:
        read_model_variables(repository)

    assert len(caught.value.problems) == 3


def test_variables_of_the_team_are_left_alone(make_repository: MakeRepository) -> None:
    repository = make_repository(variables={"COLOUR_OF_THE_SKY": "blue"})

    assert read_model_variables(repository).model_name == "sums"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("variables:\n  MODEL_NAME: a\n  MODEL_NAME: b\n", "line 3.*stands here twice"),
        ("variables: [\n", "not valid YAML: line"),
        ("- a\n", "holds a list"),
        ("", "holds nothing"),
        ("variables: !!python/object/apply:os.getcwd []\n", "not valid YAML"),
        ("variables: 1\n", "must hold `NAME: value` lines"),
        ("? {a: b}\n: c\n", "not valid YAML"),
    ],
)
def test_a_broken_file_is_one_clear_message(
    make_repository: MakeRepository, text: str, expected: str
) -> None:
    repository = make_repository({"the_model/model_variables.yml": text})

    with pytest.raises(FindingError, match=expected):
        read_model_variables(repository)


def test_a_file_that_is_not_utf_8_is_named(make_repository: MakeRepository) -> None:
    repository = make_repository()
    repository.variables_file.write_bytes(b"variables: \xff\n")

    with pytest.raises(FindingError, match="not UTF-8"):
        read_model_variables(repository)


def test_what_is_not_set_has_a_default(make_repository: MakeRepository) -> None:
    configuration = read_configuration(
        make_repository(variables={"MODEL_TYPE": "''", "ENVIRONMENT_FILE": "''"}), {}
    )

    assert configuration.model.model_type == "supervised"
    assert configuration.model.environment_file == "conda"
    assert configuration.base.compute_mode == "job_cluster"
    assert configuration.base.notebook_path == "/ml_apps/sums"
    assert configuration.base.archive_existing_versions is True
    assert configuration.environment("qa").cluster_name == "sums-qa"
    assert configuration.environment("qa").workspace_url is None


def test_environments_keep_their_order(make_repository: MakeRepository) -> None:
    url = "https://adb-2.2.net"
    names = {"ENVIRONMENTS": "zulu, pre-prod,alpha", "WORKSPACE_URL_PRE_PROD": url}

    configuration = read_configuration(make_repository(base_variables=names), {})

    assert [environment.name for environment in configuration.environments] == [
        "zulu",
        "pre-prod",
        "alpha",
    ]
    assert configuration.environment("PRE-PROD").workspace_url == url


def test_the_process_environment_wins_over_the_file(make_repository: MakeRepository) -> None:
    environ = {
        "COMPUTE_MODE": "serverless",
        "CLUSTER_AUTOTERMINATION_MINUTES": "45",
        "WORKSPACE_URL_QA": "https://adb-3.3.azuredatabricks.net/",
        "CMR_SCOPE": "$(CMR_SCOPE)",
    }

    configuration = read_configuration(make_repository(), environ)

    assert configuration.base.compute_mode == "serverless"
    assert configuration.base.cluster_autotermination_minutes == 45
    assert configuration.environment("qa").workspace_url == "https://adb-3.3.azuredatabricks.net"
    assert configuration.base.cmr_scope == "cmr"


def test_a_variable_group_speaks_for_its_own_environment_only(
    make_repository: MakeRepository,
) -> None:
    environ = {"ENVIRONMENT": "qa", "WORKSPACE_URL": "https://adb-4.4.azuredatabricks.net"}

    configuration = read_configuration(make_repository(), environ)

    assert configuration.environment("qa").workspace_url == "https://adb-4.4.azuredatabricks.net"
    assert configuration.environment("tst").workspace_url == "https://adb-1.1.azuredatabricks.net"


def test_problems_of_both_files_are_reported_at_once(make_repository: MakeRepository) -> None:
    repository = make_repository(
        variables={"SERVING": "ftp", "CATEGORY": "''"},
        base_variables={
            "MATURITY_LEVEL": 6,
            "REGISTRY_LIFECYCLE": "phases",
            "WORKSPACE_URL_TST": "adb-1.1.azuredatabricks.net/?o=1",
            "SLACK_CHANEL": "alerts",
        },
    )

    with pytest.raises(ProblemsError) as raised:
        read_configuration(repository, {"COMPUTE_MODE": "cloud"})

    named = [problem.split(": ", 2)[:2] for problem in raised.value.problems]
    assert named == [
        ["the_model/model_variables.yml", "serving"],
        ["the_model/model_variables.yml", "category"],
        ["pipelines/base_variables.yml", "SLACK_CHANEL"],
        ["pipelines/base_variables.yml", "maturity_level"],
        ["pipelines/base_variables.yml", "compute_mode"],
        ["pipelines/base_variables.yml", "registry_lifecycle"],
        ["pipelines/base_variables.yml", "workspace_url_tst"],
    ]


def test_an_unknown_environment_is_named_with_those_there_are(
    make_repository: MakeRepository,
) -> None:
    configuration = read_configuration(make_repository(), {})

    with pytest.raises(UsageError, match="no environment 'uat'") as raised:
        configuration.environment("uat")

    assert raised.value.hint.endswith("tst, qa, prod.")


@pytest.mark.parametrize("names", ["''", "tst", "tst qa", "TST, QA", "tst, tst"])
def test_environments_must_be_a_list_of_names(make_repository: MakeRepository, names: str) -> None:
    repository = make_repository(base_variables={"ENVIRONMENTS": names})

    with pytest.raises(ProblemsError, match="environments: "):
        read_configuration(repository, {})
