"""The check for secrets: each kind is found and never shown; what only looks like one is not."""

from __future__ import annotations

import random
import string
import subprocess

import pytest
from mloccli.checks.junit import write_junit
from mloccli.checks.report import format_results, log_findings
from mloccli.config import Repository

from .checking import findings, messages, run_check
from .conftest import MakeRepository

_RANDOM = random.Random(7)
HEXADECIMAL = "0123456789abcdef"
BASE32 = string.ascii_lowercase + "234567"
LETTERS = string.ascii_letters + string.digits


def made_up(length: int, characters: str = LETTERS) -> str:
    """Random text; put together at run time, so that this file holds no secret."""
    return "".join(_RANDOM.choices(characters, k=length))


def with_line(make_repository: MakeRepository, line: str, name: str = "notes.md") -> Repository:
    return make_repository({name: f"before\n{line}\nafter\n"})


KNOWN = {
    "a Databricks token": "dapi" + made_up(32, HEXADECIMAL),
    "a Databricks token of a second user": "dapi" + made_up(32, HEXADECIMAL) + "-2",
    "a Databricks OAuth secret": "dose" + made_up(32, HEXADECIMAL),
    "an AWS key": "AKIA" + made_up(16, string.ascii_uppercase),
    "a JSON web token": f"eyJ{made_up(30)}.eyJ{made_up(60)}.{made_up(43)}",
    "an Azure storage or service key": f"AccountKey={made_up(86)}==",
    "an Azure storage or service key of a bus": f"SharedAccessKey={made_up(43)}=",
    "an Azure SAS signature": f"https://a.blob.core.windows.net/c?sv=2022&sig={made_up(43)}%3D",
    "an Entra client secret": f"{made_up(3)}8Q~{made_up(34)}",
    "an Azure DevOps token": made_up(51, BASE32) + "7",
    "an Azure DevOps token of the longer form": f"{made_up(76)}AZDO{made_up(4)}",
    "a Slack token": f"xoxb-{made_up(11, string.digits)}-{made_up(24)}",
    "a Slack webhook": f"https://hooks.slack.com/services/{made_up(9)}/{made_up(9)}/{made_up(24)}",
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "a private key without a kind": "-----BEGIN " + "PRIVATE KEY-----",
    "a GitHub token": f"ghp_{made_up(36)}",
    "a GitHub token of the longer form": f"github_pat_{made_up(22)}_{made_up(59)}",
    "an Artifactory key": f"AKCp{made_up(69)}",
    "a PyPI token": f"pypi-AgEI{made_up(80)}",
}


@pytest.mark.parametrize("name", ["notes.md", "tests/test_more.py", "the_model/a.csv", ".env"])
@pytest.mark.parametrize("kind", KNOWN)
def test_a_known_form_is_found_in_every_file(
    make_repository: MakeRepository, kind: str, name: str
) -> None:
    found = findings(with_line(make_repository, f"x {KNOWN[kind]} y", name), "secrets")

    assert [finding.location for finding in found] == [f"{name}:2"]
    assert kind.split(" of ")[0].split(" without ")[0] in found[0].message


ASSIGNED = made_up(14) + "7k"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("more.py", f'PASSWORD = "{ASSIGNED}"'),
        ("more.py", f"client_secret: str = '{ASSIGNED}'"),
        ("more.py", f'login(user="me", token="{ASSIGNED}")'),
        ("more.py", f'os.environ["API_KEY"] = "{ASSIGNED}"'),
        ("more.json", f'"accessKey": "{ASSIGNED}",'),
        ("more.ipynb", f'"password = \\"{ASSIGNED}\\"\\n",'),
        ("more.yml", f"  DB_PASSWORD: {ASSIGNED}"),
        ("more.sh", f"export TOKEN={ASSIGNED}"),
        ("more.toml", f"secret_value = '{ASSIGNED}'"),
        ("more.py", 'PASSWORD = "Sommer-20267!"'),
        ("more.py", f'url = "https://me:{ASSIGNED}@example.com/"'),
    ],
)
def test_a_random_value_given_to_a_telling_name_is_found(
    make_repository: MakeRepository, name: str, line: str
) -> None:
    repository = with_line(make_repository, line, name)

    assert [finding.line for finding in findings(repository, "secrets")] == [2]


@pytest.mark.parametrize("name", ["tests/unit_test.py", "the_model/test_more.py"])
def test_tests_may_make_up_passwords(make_repository: MakeRepository, name: str) -> None:
    line = f'password = "{ASSIGNED}", url = "https://me:{ASSIGNED}@example.com/"'

    assert not findings(with_line(make_repository, line, name), "secrets")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.yml", "TOKEN: $(DATABRICKS_TOKEN)"),
        ("a.yml", "TOKEN: ${{ variables.TOKEN }}"),
        ("a.yml", "password: <your password 1>"),
        ("a.yml", "token: '{{secrets/cmr/cmr-token-1}}'"),
        ("a.sh", 'curl -H "Authorization: Bearer ${TOKEN_1:?}"'),
        ("a.py", 'token = os.environ["DATABRICKS_TOKEN_2"]'),
        ("a.py", 'SECRET_NAME = "cmr-Token2-abcXYZ99"'),
        ("a.py", 'TOKEN_URL = "https://login.example.com/0a1b2c3d/oauth2/v2.0/token"'),
        ("a.py", 'password = "changeme1234"'),
        ("a.py", 'tokenizer = "bert-base-uncased-v2x9"'),
        ("a.py", 'token = "the-token-of-environment-2"'),
        ("a.py", f'secret = f"{{prefix}}{made_up(12)}"'),
        ("a.md", "password: at least 12 characters, 1 digit"),
        ("a.md", "dapi" + "0123456789abcdef" * 2),
        ("a.md", "dapi" + "x" * 32),
        ("a.md", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("a.md", "https://user:<password>@host.com"),
        ("a.txt", "pandas==2.2.0 --hash=sha256:" + made_up(64, HEXADECIMAL)),
        ("a.txt", made_up(40, HEXADECIMAL)),
        ("a.csv", ",".join(made_up(6, string.digits) for _ in range(40))),
    ],
)
def test_what_only_looks_like_a_secret_is_not_found(
    make_repository: MakeRepository, name: str, line: str
) -> None:
    assert not messages(with_line(make_repository, line, name), "secrets")


def test_no_report_shows_the_secret(
    make_repository: MakeRepository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")
    lines = "\n".join([*KNOWN.values(), f'password = "{ASSIGNED}"'])
    repository = make_repository({"more.py": lines})

    result = run_check(repository, "secrets")
    write_junit([result], repository.root / "junit.xml")
    print(format_results([result]))
    log_findings([result])

    shown = capsys.readouterr().out + (repository.root / "junit.xml").read_text(encoding="utf-8")
    assert len(result.findings) == len(KNOWN) + 1
    secrets = [value for value in (*KNOWN.values(), ASSIGNED) if "PRIVATE KEY" not in value]
    assert not [value for value in secrets if value[-12:] in shown]


def test_a_secret_is_allowed_only_with_a_reason(make_repository: MakeRepository) -> None:
    token = KNOWN["a Databricks token"]
    allowed = with_line(make_repository, f"{token}  # mloccli: allow-secret revoked in 2020")
    assert not findings(allowed, "secrets")

    unexplained = with_line(make_repository, f"{token}  # mloccli: allow-secret ")
    assert [one.hint for one in findings(unexplained, "secrets")] == [
        "The comment that allows it gives no reason; add one."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_hide_nothing(
    make_repository: MakeRepository, encoding: str, end: str
) -> None:
    repository = make_repository()
    text = end.join(["Größe", KNOWN["a GitHub token"], ""])
    (repository.root / "prüfung 📈.txt").write_bytes(text.encode(encoding))

    found = findings(repository, "secrets")

    assert [finding.location for finding in found] == ["prüfung 📈.txt:2"]


def test_hostile_files_neither_stop_nor_slow_the_search(make_repository: MakeRepository) -> None:
    repository = make_repository()
    root = repository.root
    token = KNOWN["a GitHub token"].encode()
    (root / "binary.bin").write_bytes(b"\0\1" + token)
    (root / "huge.txt").write_bytes(b"eyJ" * 3_500_000 + b"\n" + token)
    (root / "one_line.json").write_bytes(b"password" * 100_000)
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "elsewhere.txt").symlink_to("/etc/passwd")
    (root / "empty.txt").write_bytes(b"")

    found = findings(repository, "secrets")

    assert [(finding.path, finding.severity) for finding in found] == [("huge.txt", "warning")]


def test_with_git_only_what_is_or_would_be_committed_counts(
    make_repository: MakeRepository,
) -> None:
    token = KNOWN["a GitHub token"]
    repository = make_repository(
        {"kept.txt": token, ".env": token, "new.txt": token, ".gitignore": ".env\n"}
    )
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "--quiet"], cwd=repository.root, check=True)
    subprocess.run([*git, "add", "kept.txt"], cwd=repository.root, check=True)

    paths = [finding.path for finding in findings(repository, "secrets")]

    assert paths == ["kept.txt", "new.txt"]


def test_environments_and_caches_are_not_searched(make_repository: MakeRepository) -> None:
    token = KNOWN["a GitHub token"]
    hidden = (".venv/pyvenv.cfg", ".venv/lib/a.py", "my env/pyvenv.cfg", ".mypy_cache/a.json")
    repository = make_repository({name: token for name in hidden})

    assert not findings(repository, "secrets")
