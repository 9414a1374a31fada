"""The names of instances and images, and running other programs."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from mloccli.errors import FindingError, RemoteError, UsageError
from mloccli.rest_model.image import build_image, image_name, make_image, write_context
from mloccli.rest_model.instance import instance_name
from mloccli.rest_model.programs import Program, without_secrets
from mloccli.rest_model.release import (
    earlier_service,
    known_image,
    served_tags,
    withdraw_address,
)

from .serving_support import COMMIT, DIGEST, INSTANCE, PINNED, Programs, Says, Shelf

LONG = "a-model-with-a-very-long-name-that-says-all-there-is-to-say-about-it"


@pytest.fixture(name="programs")
def fixture_programs(tmp_path: Path) -> Programs:
    """No program at all, until a test adds one."""
    return Programs(tmp_path / "bin")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("iris", "3", "qa"), "iris-v3-qa"),
        (("Customer_Churn", "12", "Pre.Prod"), "customer-churn-v12-pre-prod"),
        (("2fast", "1", "prod"), "m-2fast-v1-prod"),
        (("--", "1", "qa"), "m--v1-qa"),
    ],
)
def test_an_instance_is_named_after_model_version_and_environment(
    parts: tuple[str, str, str], expected: str
) -> None:
    assert instance_name(*parts) == expected


def test_every_name_is_a_legal_dns_label_and_no_other_instance_has_it() -> None:
    models = ["iris", LONG, f"{LONG}2", "9", "-x-"]
    versions = ["1", "12", "123456"]
    environments = ["qa", "prod", "an-environment-with-a-long-name-too", "e" * 70]

    names = [instance_name(*parts) for parts in product(models, versions, environments)]

    assert all(re.fullmatch(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", name) for name in names)
    assert len(set(names)) == len(names)


def test_a_long_name_still_shows_version_and_environment() -> None:
    name = instance_name(LONG, "12", "prod")

    assert name.startswith("a-model-with-a-very-long-name")
    assert name.endswith("-v12-prod")


def test_an_image_is_tagged_with_version_and_commit_and_pinned_by_digest() -> None:
    image = image_name("Platform", "Customer_Churn", "3", COMMIT)

    assert image.tagged == "platform.azurecr.io/customer-churn:3-0123456"
    assert image.pinned(DIGEST) == f"platform.azurecr.io/customer-churn@{DIGEST}"
    assert image_name("platform", "iris", "3", "").tag == "3-unknown"


@pytest.mark.parametrize("registry", ["--file=x", "acr", "platform.azurecr.io", "a b c d e"])
def test_a_registry_that_cannot_be_one_is_refused(registry: str) -> None:
    with pytest.raises(UsageError, match="ACR_NAME"):
        image_name(registry, "iris", "3", COMMIT)


def test_the_image_is_built_in_the_registry_and_named_by_its_digest(
    programs: Programs, tmp_path: Path
) -> None:
    programs.add("az", Says("acr repository show", f"{DIGEST}\n"))
    image = image_name("platform", "iris", "3", COMMIT)

    built = build_image(image, tmp_path, {**programs.environ, "AZURE_ACCESS_TOKEN": "hush"})

    assert built == f"platform.azurecr.io/iris@{DIGEST}"
    build, show = (call.arguments for call in programs.calls("az"))
    expected = "acr build --registry platform --image iris:3-0123456 --platform linux/amd64"
    assert build == [*expected.split(), str(tmp_path)]
    assert show[:3] == ["acr", "repository", "show"]
    assert "hush" not in str(programs.calls("az"))


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (Says("acr build", code=1), "`az acr build` failed with exit code 1"),
        (Says("acr repository show", "not a digest"), "named no digest for iris:3-0123456"),
        (Says("acr repository", errors="UNAUTHORIZED", code=1), "show` failed .*\nUNAUTHORIZED"),
    ],
)
def test_an_image_that_was_not_built_is_explained(
    programs: Programs, tmp_path: Path, says: Says, expected: str
) -> None:
    programs.add("az", says)

    with pytest.raises(RemoteError, match=expected):
        build_image(image_name("platform", "iris", "3", COMMIT), tmp_path, programs.environ)


def test_a_program_that_is_not_there_is_named_with_the_way_to_get_it(
    programs: Programs, tmp_path: Path
) -> None:
    with pytest.raises(RemoteError, match="az is not on this machine") as caught:
        make_image(image_name("platform", "iris", "3", COMMIT), tmp_path, programs.environ)

    assert "AzureCLI@2" in caught.value.hint


def test_a_folder_that_is_no_model_gets_no_dockerfile(tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match="`mlflow models generate-dockerfile` failed"):
        write_context(tmp_path / "nothing", tmp_path / "context", {})


def test_a_program_that_does_not_end_is_stopped(programs: Programs) -> None:
    programs.add("az", Says("", code="stay"))
    program = Program("az", programs.environ, "")

    with pytest.raises(RemoteError, match=r"`az account` did not end in 1 seconds"):
        program.run(["account", "--query", "x"], timeout_seconds=1)


def test_the_models_code_runs_without_our_credentials() -> None:
    secrets = {"CMR_TOKEN": "a", "SAS_TOKEN": "b", "MLFLOW_TRACKING_PASSWORD": "c"}
    secrets |= {"SLACK_WEBHOOK_URL": "d", "AZURE_CLIENT_SECRET": "e", "ACCOUNT_KEY": "f"}

    kept = {"PATH": "/bin", "LANG": "C"}
    assert without_secrets({**secrets, **kept}) == kept


@pytest.mark.parametrize(
    "served_as",
    [None, "", "not JSON", "[]", '{"target": "aks"}', '{"target": "moon", "cpu": 1, "memory": 1}'],
)
def test_only_what_was_served_can_be_served_again(served_as: str | None) -> None:
    tags = {"image.qa": PINNED} | ({} if served_as is None else {"served_as.qa": served_as})

    with pytest.raises(FindingError, match="Version 3 of sums was never served in qa"):
        earlier_service(Shelf(tags).version(), "qa")


def test_what_is_remembered_of_a_service_brings_it_back() -> None:
    shelf = Shelf(served_tags(INSTANCE, "aks", "http://it/invocations"))

    assert earlier_service(shelf.version(), "qa") == (PINNED, "aks", INSTANCE.size)


def test_an_image_is_known_when_it_passed_in_this_registry() -> None:
    other = f"elsewhere.azurecr.io/sums@{DIGEST}"
    shelf = Shelf({"image.prod": other, "image.qa": PINNED, "image.tst": "platform.azurecr.io/x:1"})

    def known(*environments: str) -> str | None:
        image: str | None = known_image(shelf.version(), environments, "platform.azurecr.io")
        return image

    assert known("prod", "tst", "qa") == PINNED
    assert known("prod", "tst") is None


@pytest.mark.parametrize(("named", "left"), [("http://it", {}), ("http://later", None)])
def test_an_address_that_leads_nowhere_is_withdrawn_and_a_later_one_is_kept(
    named: str, left: dict[str, str] | None
) -> None:
    shelf = Shelf({"scoring_uri.qa": named})

    withdraw_address(shelf, INSTANCE, "http://it")

    assert shelf.tags == ({"scoring_uri.qa": named} if left is None else left)
