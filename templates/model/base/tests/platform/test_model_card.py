"""The model card: true, complete, the same each time, and safe to show and to send."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from mloccli.cli import main
from mloccli.config import read_configuration
from mloccli.errors import FindingError
from mloccli.evidence.card import build_card
from mloccli.evidence.markdown import format_card
from mloccli.evidence.sources import collect
from mloccli.model.files import write_json
from mloccli.model.package import package_digest, verify_package
from mloccli.registry.versions import ModelVersion

from .conftest import MakeRepository
from .http_service import Answer, running_service
from .registry_server import World
from .test_package import changed_json, packaged

TOKEN = "very-secret-token"
EVIL = "a | b\n## Approved <img src=x> [click](javascript:alert) `code` ##vso[task.complete]"
RUN_URL = "https://dev.azure.com/org/project/_build/results?buildId=12"

MakeCard = Callable[..., dict[str, Any]]


def registered(**tags: str) -> ModelVersion:
    """The package of the running test as version 3."""
    created = datetime(2026, 1, 2, tzinfo=timezone.utc)
    digest = package_digest(verify_package(Path("outputs/package")))
    return ModelVersion("sums", "3", "production", {"package_sha256": digest, **tags}, created)


@pytest.fixture(name="packaged_folder")
def fixture_packaged_folder(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The package of a repository that the test runs in."""
    monkeypatch.setenv("BUILD_BUILDNUMBER", "20260102.3")
    monkeypatch.setenv("BUILD_SOURCEVERSION", "abc123")
    monkeypatch.setenv("BUILD_SOURCEBRANCHNAME", "main")
    monkeypatch.delenv("BUILD_REQUESTEDFOR", raising=False)
    repository = make_repository(variables={"FINANCIAL_ID": "F-1", "CATEGORY": "Risk"})
    monkeypatch.chdir(repository.root)
    return packaged(repository)


@pytest.fixture(name="make_card")
def fixture_make_card(packaged_folder: Path, make_repository: MakeRepository) -> MakeCard:
    """Makes the card of the package, with what a test adds to it."""

    def make(
        version: ModelVersion | None = None,
        approver: str | None = None,
        environ: dict[str, str] | None = None,
        **variables: str,
    ) -> dict[str, Any]:
        repository = make_repository(variables={"FINANCIAL_ID": "F-1", **variables})
        configuration = read_configuration(repository, {})
        candidate = repository.root / "outputs" / "candidate"
        evidence = collect(configuration, packaged_folder, candidate, version)
        card: dict[str, Any] = build_card(
            evidence, configuration.model, environ or {}, approver
        )
        return card

    return make


def test_the_command_writes_what_is_known(
    packaged_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")

    assert main(["evidence", "card", "--output-folder", "outputs/card"]) == 0

    card = json.loads(Path("outputs/card/card.json").read_text(encoding="utf-8"))
    text = Path("outputs/card/card.md").read_text(encoding="utf-8")
    metadata = json.loads((packaged_folder / "metadata.json").read_text(encoding="utf-8"))
    assert card["model"]["name"] == "sums"
    assert card["model"]["version"] == "20260102.3"
    assert card["model"]["sha256"] == metadata["model_sha256"]
    assert card["business"] == {"financial_id": "F-1", "category": "Risk", "team": "Mathematics"}
    assert card["data"]["rows"] == 3
    assert card["metrics"] == {"accuracy": pytest.approx(2 / 3)}
    assert card["links"]["commit"] == "abc123"
    assert "| Financial id | F-1 |" in text
    assert "| accuracy | 0.6667 |" in text
    assert "##vso[task.uploadsummary]" in capsys.readouterr().out


def test_what_nobody_recorded_is_not_made_up(make_card: MakeCard) -> None:
    card = make_card()

    text = format_card(card)
    assert card["approval"] == {"approver": None, "source": None}
    assert card["tests"]["status"] is None
    assert card["links"]["registry_version"] is None
    for name in ("Approver", "Tests", "Verdict", "Champion", "Registry version", "Scoring"):
        assert f"| {name} | not recorded |" in text


def test_the_same_evidence_makes_the_same_card(make_card: MakeCard) -> None:
    assert format_card(make_card()) == format_card(make_card())


def test_the_registry_adds_its_tags(make_card: MakeCard) -> None:
    version = registered(
        git_commit="abc123",
        test_status="passed",
        training_run_url=RUN_URL,
        pipeline_run_url=RUN_URL.replace("12", "13"),
        promoted_by="Ada",
        **{"scoring_uri.qa": "https://qa.example/score", "scoring_uri.prod": "https://p.example/"},
    )

    card = make_card(version)

    text = format_card(card)
    assert card["links"]["scoring_uris"] == {
        "prod": "https://p.example/",
        "qa": "https://qa.example/score",
    }
    assert "| Tests | passed |" in text
    assert "| Approver | Ada (recorded in the registry) |" in text
    assert "| Registry version | sums/3 |" in text
    assert "| Role in the registry | production |" in text
    assert f"| Pipeline run | {RUN_URL} |" in text
    assert f"| Run that promoted it | {RUN_URL.replace('12', '13')} |" in text
    assert "| Scoring, qa | https://qa.example/score |" in text


@pytest.mark.parametrize(
    ("approver", "tags", "environ", "expected"),
    [
        ("Grace", {"promoted_by": "Ada"}, {"BUILD_REQUESTEDFOR": "Eve"}, "Grace"),
        (None, {"promoted_by": "Ada"}, {"BUILD_REQUESTEDFOR": "Eve"}, "Ada"),
        (None, {}, {"BUILD_REQUESTEDFOR": "Eve"}, "Eve"),
        (" ", {}, {"BUILD_REQUESTEDFOR": "$(Build.RequestedFor)"}, None),
    ],
)
def test_the_best_known_approver_is_named_with_the_source(
    approver: str | None,
    tags: dict[str, str],
    environ: dict[str, str],
    expected: str | None,
    make_card: MakeCard,
) -> None:
    approval = make_card(registered(**tags), approver, environ)["approval"]

    assert approval["approver"] == expected
    assert (approval["source"] is None) == (expected is None)


def test_commit_and_run_are_links_inside_their_pipeline(make_card: MakeCard) -> None:
    environ = {
        "BUILD_BUILDNUMBER": "20260102.3",
        "BUILD_BUILDID": "12",
        "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/",
        "SYSTEM_TEAMPROJECT": "project",
        "BUILD_REPOSITORY_URI": "https://org@dev.azure.com/org/project/_git/sums",
    }

    links = make_card(environ=environ)["links"]

    assert links["run_url"] == RUN_URL
    assert links["commit_url"] == "https://dev.azure.com/org/project/_git/sums/commit/abc123"


def test_the_run_that_only_writes_the_card_is_not_the_models_run(make_card: MakeCard) -> None:
    environ = {
        "BUILD_BUILDNUMBER": "20260301.1",
        "BUILD_BUILDID": "99",
        "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/",
        "SYSTEM_TEAMPROJECT": "project",
    }

    assert make_card(environ=environ)["links"]["run_url"] is None


def test_no_text_breaks_out_of_the_page(make_card: MakeCard) -> None:
    card = make_card(registered(promoted_by=EVIL, **{f"scoring_uri.{EVIL}": EVIL}))
    card["model"]["name"] = EVIL
    card["business"]["team"] = EVIL
    card["metrics"][EVIL] = 1.0

    text = format_card(card)

    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert len(headings) == 8
    assert not any(line.lstrip().startswith("## Approved") for line in text.splitlines())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") == 3 for line in rows)
    for mark in ("<img", "[click]", "##vso["):
        assert mark not in text.replace("\\[", "")


def test_the_gate_is_shown_with_its_comparisons(
    packaged_folder: Path, make_card: MakeCard
) -> None:
    candidate = packaged_folder.parent / "candidate"
    metadata = json.loads((packaged_folder / "metadata.json").read_text(encoding="utf-8"))
    write_json(
        candidate / "gate.json",
        {
            "model_sha256": metadata["model_sha256"],
            "verdict": "promote",
            "reasons": ["accuracy: better"],
            "champion": "2",
            "metrics": {"accuracy": 0.9},
            "champion_metrics": {"accuracy": 0.8},
            "comparisons": [{"metric": "accuracy", "required": "≥ 0.5", "reason": "better by 0.1"}],
        },
    )

    text = format_card(make_card())

    assert "| Verdict | promote |" in text
    assert "| Champion | 2 |" in text
    assert "| accuracy | 0.9000 | 0.8000 | ≥ 0.5 | better by 0.1 |" in text


def test_a_record_of_another_model_is_refused(packaged_folder: Path, make_card: MakeCard) -> None:
    write_json(packaged_folder.parent / "candidate" / "gate.json", {"model_sha256": "0" * 64})

    with pytest.raises(FindingError, match="The model of the gate is '0000"):
        make_card()


def test_a_registered_version_of_another_package_is_refused(make_card: MakeCard) -> None:
    with pytest.raises(FindingError, match="The package of version 3 of sums is 'other'"):
        make_card(registered(package_sha256="other"))


def test_a_package_of_another_model_gets_no_card(make_card: MakeCard) -> None:
    with pytest.raises(FindingError, match="The package's model is 'sums'"):
        make_card(MODEL_NAME="products")


def test_data_that_the_package_does_not_name_is_taken_from_the_registry(
    packaged_folder: Path, make_card: MakeCard
) -> None:
    changed_json(packaged_folder / "metadata.json", evaluation=None)

    assert make_card()["data"]["sha256"] is None
    assert make_card(registered(data_sha256="d" * 64))["data"]["sha256"] == "d" * 64


def test_the_card_finds_its_version_in_a_real_registry(world: World) -> None:
    number = world.promoted(0.7)
    for name, value in {"scoring_uri.qa": "https://qa.example", "promoted_by": "Ada"}.items():
        world.client().set_model_version_tag(world.name, number, name, value)

    code, text = world.run("evidence", "card")
    assert code == 0, text

    card = json.loads(Path("outputs/evidence/card.json").read_text(encoding="utf-8"))
    assert card["links"]["registry_version"] == f"{world.name}/{number}"
    assert card["links"]["registry_role"] == "production"
    assert card["links"]["scoring_uris"] == {"qa": "https://qa.example"}
    assert card["tests"]["status"] == "passed"
    assert card["gate"]["verdict"] == "first version"
    assert card["approval"] == {"approver": "Ada", "source": "recorded in the registry"}


def test_a_version_that_is_not_there_is_a_finding(world: World) -> None:
    world.evaluated(0.7)
    world.run("model", "gate")
    assert world.run("model", "package")[0] == 0

    code, text = world.run("evidence", "card", "--version", "7")

    assert code == 1
    assert "There is no version '7'" in text
    assert not Path("outputs/evidence").exists()


def test_a_metric_that_is_no_number_is_unknown(packaged_folder: Path, make_card: MakeCard) -> None:
    changed_json(packaged_folder / "metadata.json", metrics={"accuracy": float("nan"), "f1": None})

    assert make_card()["metrics"] == {"accuracy": None, "f1": None}


def test_a_changed_package_gets_no_card(
    packaged_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packaged_folder / "example_output.json").write_text("{}", encoding="utf-8")

    assert main(["evidence", "card"]) == 1
    assert "example_output.json was changed" in capsys.readouterr().err
    assert not Path("outputs/evidence").exists()


@pytest.mark.usefixtures("packaged_folder")
def test_a_card_is_published_to_its_own_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFORMATION_MODEL_TOKEN", TOKEN)
    assert main(["evidence", "card"]) == 0

    with running_service(lambda _: Answer(204, b"")) as service:
        monkeypatch.setenv("INFORMATION_MODEL_URL", f"{service.url}/im/")
        assert main(["evidence", "publish"]) == 0
        assert main(["evidence", "publish"]) == 0

    first, second = service.asked
    assert first == second
    assert (first.method, first.path) == ("PUT", "/im/models/sums/versions/20260102.3")
    assert first.headers["authorization"] == f"Bearer {TOKEN}"
    assert first.json() == json.loads(Path("outputs/evidence/card.json").read_text("utf-8"))
    assert TOKEN not in "".join(capsys.readouterr())


@pytest.mark.usefixtures("packaged_folder")
@pytest.mark.parametrize(
    ("answers", "code", "expected"),
    [
        ([Answer(401, {"message": TOKEN})], 3, "did not accept the credential"),
        ([Answer(403, {})], 3, "lacks the permission"),
        ([Answer(404, {})], 3, "does not know this address"),
        ([Answer(drop=True)] * 4, 3, "cannot be reached"),
        ([Answer(drop=True), Answer(200, {})], 0, "Published the card"),
        ([Answer(503, {}), Answer(200, {})], 0, "Published the card"),
    ],
)
def test_a_fault_of_the_information_model_is_explained(
    answers: list[Answer],
    code: int,
    expected: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("INFORMATION_MODEL_TOKEN", TOKEN)
    assert main(["evidence", "card"]) == 0
    left = list(answers)

    with running_service(lambda _: left.pop(0)) as service:
        monkeypatch.setenv("INFORMATION_MODEL_URL", service.url)
        assert main(["evidence", "publish"]) == code

    output = "".join(capsys.readouterr())
    assert expected in output
    assert TOKEN not in output


@pytest.mark.usefixtures("packaged_folder")
def test_without_an_address_nothing_is_published(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFORMATION_MODEL_URL", "$(INFORMATION_MODEL_URL)")

    assert main(["evidence", "publish"]) == 0
    assert "INFORMATION_MODEL_URL is not set" in capsys.readouterr().out


@pytest.mark.usefixtures("packaged_folder")
def test_an_address_without_a_token_is_wrong_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFORMATION_MODEL_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("INFORMATION_MODEL_TOKEN", raising=False)
    assert main(["evidence", "card"]) == 0

    assert main(["evidence", "publish"]) == 2
    assert "INFORMATION_MODEL_TOKEN" in capsys.readouterr().err


@pytest.mark.usefixtures("packaged_folder")
def test_a_dry_run_of_publishing_shows_the_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFORMATION_MODEL_URL", "http://127.0.0.1:1/im")
    assert main(["evidence", "card"]) == 0
    capsys.readouterr()

    assert main(["evidence", "publish", "--dry-run"]) == 0
    request = json.loads(capsys.readouterr().out)
    assert request["url"] == "http://127.0.0.1:1/im/models/sums/versions/20260102.3"
    assert request["json"]["model"]["name"] == "sums"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "does not exist"),
        ("{}", "is not a model card"),
        ('{"card": {"format": 1}, "model": {"name": "..", "version": "1"}}', "is not a model card"),
        ('{"card": {"format": 2}, "model": {"name": "a", "version": "1"}}', "is not a model card"),
        ("[]", "does not hold a JSON object"),
    ],
)
def test_only_a_card_is_published(
    content: str | None,
    expected: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INFORMATION_MODEL_URL", "http://127.0.0.1:1")
    path = tmp_path / "card.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    assert main(["evidence", "publish", "--card", str(path)]) == 1
    assert expected in capsys.readouterr().err
