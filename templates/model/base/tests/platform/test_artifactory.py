"""The upload to Artifactory: the same bytes each time, verified, and never over another file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from mloccli.artifactory.archive import pack
from mloccli.cli import main
from mloccli.utils.pipeline_run import run_url

from .conftest import MakeRepository
from .http_service import Answer, Asked, Service, running_service
from .test_package import changed_json, packaged

TOKEN = "very-secret-token"
FILE = "/artifactory/models/sums/20260102.3/sums-20260102.3.zip"
RUN = {
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/",
    "SYSTEM_TEAMPROJECT": "The Project",
    "BUILD_BUILDID": "12",
    "BUILD_SOURCEBRANCHNAME": "a;b=c,d",
}


@dataclass
class Artifactory:
    """What the tests need of Artifactory: files with checksums, and faults."""

    files: dict[str, bytes] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    damages: bool = False
    keeps_what_it_drops: bool = False

    def answer(self, asked: Asked) -> Answer:
        path, _, parameters = asked.path.partition(";")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"errors": [{"message": "Bad credentials"}]})
        if faults := self.faults.get(asked.method):
            if self.keeps_what_it_drops:
                self.files[path] = asked.body
            return faults.pop(0)
        if asked.method == "PUT":
            return self._store(path, parameters, asked)
        path, _, query = path.replace("/api/storage", "", 1).partition("?")
        return self._properties(query) if query else self._info(path)

    def _store(self, path: str, parameters: str, asked: Asked) -> Answer:
        if hashlib.sha256(asked.body).hexdigest() != asked.headers["x-checksum-sha256"]:
            return Answer(409, {"errors": [{"message": "Checksum error"}]})
        self.files[path] = asked.body + (b"?" if self.damages else b"")
        self.properties = dict(pair.split("=", 1) for pair in parameters.split(";") if pair)
        return Answer(201, {})

    def _properties(self, query: str) -> Answer:
        name = query.removeprefix("properties=")
        if name not in self.properties:
            return Answer(404, {"errors": [{"message": "No properties could be found."}]})
        return Answer(200, {"properties": {name: [self.properties[name]]}})

    def _info(self, path: str) -> Answer:
        if path not in self.files:
            return Answer(404, {"errors": [{"message": "Unable to find item"}]})
        return Answer(200, {"checksums": {"sha256": hashlib.sha256(self.files[path]).hexdigest()}})


@pytest.fixture(name="artifactory")
def fixture_artifactory() -> Artifactory:
    return Artifactory()


@pytest.fixture(name="service")
def fixture_service(
    artifactory: Artifactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("BUILD_BUILDNUMBER", "20260102.3")
    monkeypatch.setenv("BUILD_SOURCEVERSION", "abc123")
    monkeypatch.setenv("ARTIFACTORY_TOKEN", TOKEN)
    with running_service(artifactory.answer) as service:
        monkeypatch.setenv("ARTIFACTORY_URL", f"{service.url}/artifactory/")
        yield service


@pytest.fixture(name="package")
def fixture_package(
    service: Service, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The package of a repository that wants to go to Artifactory; the test runs there."""
    assert not service.asked
    repository = make_repository(variables={"ARTIFACTORY_REPOSITORY_MODEL": "models"})
    monkeypatch.chdir(repository.root)
    return packaged(repository)


@pytest.fixture(name="upload")
def fixture_upload(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs the command and returns its exit code and all that it wrote."""
    assert package.is_dir()

    def upload(*options: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["artifactory", "upload", *options])
        output = "".join(capsys.readouterr())
        assert TOKEN not in output
        return code, output

    return upload


Upload = Callable[..., tuple[int, str]]


def test_a_package_always_makes_the_same_bytes(package: Path, tmp_path: Path) -> None:
    other = shutil.copytree(package, tmp_path / "other")
    os.utime(other / "metadata.json", (1, 1))
    (other / "example_output.json").chmod(0o700)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()

    first, second = pack(package, tmp_path / "first"), pack(other, tmp_path / "second")

    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sha256 == hashlib.sha256(second.path.read_bytes()).hexdigest()
    with zipfile.ZipFile(first.path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        archive.extractall(tmp_path / "unpacked")
    assert pack(tmp_path / "unpacked", tmp_path).sha256 == first.sha256


def test_a_package_is_uploaded_and_verified(
    artifactory: Artifactory,
    service: Service,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in RUN.items():
        monkeypatch.setenv(name, value)

    code, output = upload()

    assert code == 0
    assert "Uploaded models/sums/20260102.3/sums-20260102.3.zip" in output
    assert hashlib.sha256(artifactory.files[FILE]).hexdigest() in output
    assert [asked.method for asked in service.asked] == ["GET", "PUT", "GET"]
    body, headers = service.asked[1].body, service.asked[1].headers
    assert headers["x-checksum-sha1"] == hashlib.sha1(body, usedforsecurity=False).hexdigest()
    assert headers["x-checksum-md5"] == hashlib.md5(body, usedforsecurity=False).hexdigest()
    assert headers["content-length"] == str(len(body))


def test_properties_are_encoded(
    artifactory: Artifactory, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in RUN.items():
        monkeypatch.setenv(name, value)

    assert upload()[0] == 0

    assert len(artifactory.properties.pop("package.sha256")) == 64
    assert artifactory.properties == {
        "git.commit": "abc123",
        "git.branch": "a%3Bb%3Dc%2Cd",
        "build.url": "https%3A%2F%2Fdev.azure.com%2Forg%2FThe%2520Project"
        "%2F_build%2Fresults%3FbuildId%3D12",
    }


def test_a_second_upload_sends_nothing(service: Service, upload: Upload) -> None:
    assert upload()[0] == 0
    service.asked.clear()

    code, output = upload()

    assert code == 0
    assert "is there already. Nothing to do." in output
    assert [asked.method for asked in service.asked] == ["GET"]


def test_another_package_of_the_same_version_is_refused(
    artifactory: Artifactory, service: Service, upload: Upload, package: Path
) -> None:
    assert upload()[0] == 0
    before = dict(artifactory.files)
    changed_json(package / "metadata.json", parameters={"factor": 3})

    code, output = upload()

    assert code == 1
    assert hashlib.sha256(before[FILE]).hexdigest() in output
    assert "never overwritten" in output
    assert artifactory.files == before
    assert [asked.method for asked in service.asked].count("PUT") == 1


def test_the_same_package_packaged_again_is_there_already(
    service: Service, upload: Upload, package: Path
) -> None:
    assert upload()[0] == 0
    changed_json(package / "metadata.json", packaged_at="later")

    code, output = upload()

    assert code == 0
    assert "Nothing to do." in output
    assert [asked.method for asked in service.asked].count("PUT") == 1


def test_a_file_without_properties_is_another_package(
    artifactory: Artifactory, upload: Upload
) -> None:
    artifactory.files[FILE] = b"made by hand"

    assert upload()[0] == 1
    assert artifactory.files[FILE] == b"made by hand"


def test_a_file_that_arrived_damaged_is_an_error_that_names_both(
    artifactory: Artifactory, upload: Upload
) -> None:
    artifactory.damages = True

    code, output = upload()

    stored = artifactory.files[FILE]
    assert code == 3
    assert hashlib.sha256(stored).hexdigest() in output
    assert hashlib.sha256(stored[:-1]).hexdigest() in output


@pytest.mark.parametrize("fault", [Answer(drop=True), Answer(503, {}), Answer(502, b"<html>")])
def test_a_passing_fault_is_tried_again(
    fault: Answer, artifactory: Artifactory, service: Service, upload: Upload
) -> None:
    artifactory.faults = {"PUT": [fault]}

    assert upload()[0] == 0
    assert [asked.method for asked in service.asked] == ["GET", "PUT", "PUT", "GET"]
    assert service.asked[1].body == service.asked[2].body


def test_an_answer_that_was_lost_does_not_fail_the_upload(
    artifactory: Artifactory, upload: Upload
) -> None:
    artifactory.keeps_what_it_drops = True
    artifactory.faults = {"PUT": [Answer(drop=True), Answer(403, {"errors": []})]}

    code, output = upload()

    assert code == 0
    assert "Uploaded" in output


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([Answer(401, {})], "did not accept the credential"),
        ([Answer(403, {"errors": [{"message": "no deploy"}]})], "lacks the permission"),
        ([Answer(404, {})], "does not know this address"),
        ([Answer(409, {"errors": [{"message": "Checksum error"}]})], "in conflict with what is"),
        ([Answer(413, b"<html>")], "too large"),
        ([Answer(500, b"")], "failed on its own side"),
        ([Answer(drop=True)] * 4, "the connection failed or was dropped"),
    ],
)
def test_a_refused_upload_says_why_and_stores_nothing(
    faults: list[Answer], expected: str, artifactory: Artifactory, upload: Upload
) -> None:
    artifactory.faults = {"PUT": list(faults)}

    code, output = upload()

    assert code == 3
    assert "sums-20260102.3.zip was not uploaded." in output
    assert expected in output
    assert not artifactory.files


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(403, {}), "lacks the permission"),
        (Answer(200, b"<html>sign in</html>"), "something other than JSON"),
        (Answer(200, {"children": []}), "does not tell the SHA-256"),
        (Answer(200, []), "does not tell the SHA-256"),
    ],
)
def test_what_cannot_be_looked_up_is_not_uploaded(
    answer: Answer, expected: str, artifactory: Artifactory, upload: Upload
) -> None:
    artifactory.faults = {"GET": [answer]}

    code, output = upload()

    assert code == 3
    assert expected in output
    assert not artifactory.files


def test_a_wrong_token_is_never_shown(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTORY_TOKEN", "another-secret")

    code, output = upload()

    assert code == 3
    assert "did not accept the credential" in output
    assert "another-secret" not in output


@pytest.mark.parametrize(
    ("address", "code", "expected"),
    [
        ("http://127.0.0.1:1/artifactory", 3, "Artifactory at 127.0.0.1:1 cannot be reached"),
        ("http://bank.example/artifactory", 2, "must begin with https://"),
        ("https://user:pass@bank.example", 2, "must not hold a user or password"),
    ],
)
def test_an_address_that_cannot_work_is_explained(
    address: str, code: int, expected: str, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTIFACTORY_URL", address)

    assert upload()[0] == code
    assert expected in upload()[1]


def test_a_dry_run_shows_the_request_and_sends_nothing(
    service: Service, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARTIFACTORY_TOKEN")

    code, output = upload("--dry-run")

    request: dict[str, Any] = json.loads(output)
    assert code == 0
    assert request["url"].startswith(f"{service.url}{FILE};package.sha256=")
    assert request["url"].endswith(";git.commit=abc123")
    assert len(request["headers"]["X-Checksum-Sha256"]) == 64
    assert not service.asked


def test_without_variables_all_that_are_missing_are_named(
    service: Service, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTIFACTORY_URL", "$(ARTIFACTORY_URL)")
    monkeypatch.delenv("ARTIFACTORY_TOKEN")

    code, output = upload()

    assert code == 2
    assert "ARTIFACTORY_URL: where Artifactory is" in output
    assert "ARTIFACTORY_TOKEN: an access token" in output
    assert not service.asked


def test_a_model_that_does_not_go_there_is_left_alone(
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(make_repository().root)

    assert main(["artifactory", "upload"]) == 0
    assert "ARTIFACTORY_REPOSITORY_MODEL of this model is empty" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "code", "expected"),
    [
        ({"version": "../../etc"}, 2, "the package's version is '../../etc'"),
        ({"version": "1;admin=yes"}, 2, "the package's version is '1;admin=yes'"),
        ({"model_name": "products"}, 1, "The package is of the model 'products'"),
    ],
)
def test_names_that_make_other_paths_are_refused(
    changes: dict[str, str], code: int, expected: str, upload: Upload, package: Path
) -> None:
    changed_json(package / "metadata.json", **changes)

    assert upload()[0] == code
    assert expected in upload()[1]


def test_a_changed_package_is_not_uploaded(
    service: Service, upload: Upload, package: Path
) -> None:
    (package / "example_output.json").write_text("{}", encoding="utf-8")

    code, output = upload()

    assert code == 1
    assert "example_output.json was changed" in output
    assert not service.asked


def test_the_file_runs_as_a_program(package: Path) -> None:
    script = Path(sys.modules["mloccli.artifactory"].__path__[0]) / "upload_model.py"

    shown = run(
        [sys.executable, str(script), "--dry-run", "--package", str(package)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(shown.stdout)["method"] == "PUT"


def test_outside_a_pipeline_there_is_no_run() -> None:
    assert run_url({}) is None
    assert run_url({**RUN, "BUILD_BUILDID": "$(Build.BuildId)"}) is None
