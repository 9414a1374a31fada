"""The check of the pipelines' YAML."""

from __future__ import annotations

import pytest
from mloccli.checks.pipelines import check_pipelines
from mloccli.checks.result import CheckResult
from mloccli.config import Repository, find_repository

from .conftest import MakeRepository

PIPELINE = """
    stages:
      - stage: Train
        jobs:
          - template: templates/train.yml
            parameters:
              environment: qa
    """
TEMPLATE = """
    parameters:
      - name: environment
        type: string
      - name: minutes
        type: number
        default: 5
    jobs:
      - job: Train
        steps:
          - bash: |
              set -e
              mloccli model train \\
                --candidate "$FOLDER" && mloccli check all --junit=x.xml
    """


def _files(pipeline: str = PIPELINE, template: str = TEMPLATE) -> dict[str, str | None]:
    return {"pipelines/train.yml": pipeline, "pipelines/templates/train.yml": template}


def _messages(repository: Repository) -> list[str]:
    result: CheckResult = check_pipelines(repository)
    return [finding.message for one in result.cases for finding in one.findings]


def test_good_pipelines_have_no_findings(make_repository: MakeRepository) -> None:
    assert not _messages(make_repository(_files()))


def test_the_pipelines_of_this_repository_are_good(request: pytest.FixtureRequest) -> None:
    assert not _messages(find_repository(request.config.rootpath))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("templates/train.yml", "templates/trian.yml"), "The template templates/trian.yml does"),
        (("environment: qa", "environnement: qa"), "templates/train.yml has no parameter environn"),
        (("environment: qa", "minutes: 2"), "templates/train.yml needs the parameter environment."),
        (("- template", "- tamplate"), "An entry of jobs is none that exists; it has: tamplate, "),
        (("- stage:", "- stag:"), "An entry of stages is none that exists; it has: stag, jobs."),
        (("- template", "  - template"), "train.yml is not valid YAML: line "),
        (("jobs:", "stage: Train"), "train.yml is not valid YAML: line "),
    ],
)
def test_a_slip_in_a_pipeline_is_found(
    make_repository: MakeRepository, change: tuple[str, str], message: str
) -> None:
    assert change[0] in PIPELINE

    found = _messages(make_repository(_files(PIPELINE.replace(*change))))

    assert any(text.startswith(message) for text in found), found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("model train", "model trian"), "`mloccli model` has no command `trian`."),
        (("mloccli model", "mloccli modle"), "`mloccli` has no command `modle`."),
        (("--candidate", "--candidat"), "`mloccli model train` has no option `--candidat`."),
        (("--junit=", "--unit="), "`mloccli check all` has no option `--unit`."),
        (("- job:", "- jbo:"), "An entry of jobs is none that exists; it has: jbo, steps."),
        (("- bash:", "- bsh:"), "An entry of steps is none that exists; it has: bsh."),
    ],
)
def test_a_slip_in_a_template_is_found(
    make_repository: MakeRepository, change: tuple[str, str], message: str
) -> None:
    assert change[0] in TEMPLATE

    assert _messages(make_repository(_files(template=TEMPLATE.replace(*change)))) == [message]


def test_no_pipelines_is_a_finding(make_repository: MakeRepository) -> None:
    repository = make_repository({"pipelines/base_variables.yml": None})

    assert _messages(repository) == ["There are no pipelines."]
