"""What keys, tokens and passwords look like, and what only looks like one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class SecretRule:
    """A kind of secret with a form of its own; ``sign`` is in every text that holds one."""

    name: str
    sign: str
    pattern: str


@dataclass(frozen=True)
class FoundSecret:
    """A secret in a text: what it is and from where to where it reaches."""

    name: str
    start: int
    end: int


_ALONE = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9_-])"

RULES = (
    SecretRule("a Databricks token", "dapi", rf"{_ALONE}dapi[0-9a-f]{{32}}(?:-\d)?{_END}"),
    SecretRule("a Databricks OAuth secret", "dose", rf"{_ALONE}dose[0-9a-f]{{32}}{_END}"),
    SecretRule("an AWS key", "A", rf"{_ALONE}(?:AKIA|ASIA)[A-Z0-9]{{16}}{_END}"),
    SecretRule(
        "a JSON web token",
        "eyJ",
        rf"{_ALONE}eyJ[\w-]{{8,4000}}\.eyJ[\w-]{{8,8000}}\.[\w-]{{16,2000}}",
    ),
    SecretRule(
        "an Azure storage or service key",
        "Key=",
        r"(?:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{42,88}={1,2})",
    ),
    SecretRule("an Azure SAS signature", "sig=", r"\bsig=(?P<secret>[A-Za-z0-9+/%]{42,70}=?)"),
    SecretRule("an Entra client secret", "Q~", rf"{_ALONE}[\w.~-]{{3}}\dQ~[\w.~-]{{31,34}}{_END}"),
    SecretRule(
        "an Azure DevOps token",
        "AZDO",
        rf"{_ALONE}[A-Za-z0-9]{{76}}AZDO[A-Za-z0-9]{{4}}{_END}",
    ),
    SecretRule("an Azure DevOps token", "", rf"{_ALONE}(?=[a-z]*[2-7])[a-z2-7]{{52}}{_END}"),
    SecretRule("a Slack token", "xox", rf"{_ALONE}xox[abeoprs]-[A-Za-z0-9-]{{10,200}}"),
    SecretRule(
        "a Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/"
        r"(?P<secret>[A-Za-z0-9]{6,20}/[A-Za-z0-9]{6,20}/[A-Za-z0-9]{16,60})",
    ),
    SecretRule(
        "a private key",
        "PRIVATE KEY",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----",
    ),
    SecretRule("a GitHub token", "gh", rf"{_ALONE}gh[opsur]_[A-Za-z0-9]{{36,255}}{_END}"),
    SecretRule("a GitHub token", "github_pat_", rf"{_ALONE}github_pat_\w{{40,255}}{_END}"),
    SecretRule("an Artifactory key", "AKCp", rf"{_ALONE}AKCp[A-Za-z0-9]{{69}}{_END}"),
    SecretRule("an Artifactory token", "cmVmdGtu", rf"{_ALONE}cmVmdGtu[A-Za-z0-9]{{56}}{_END}"),
    SecretRule("a PyPI token", "pypi-", rf"{_ALONE}pypi-AgEI[A-Za-z0-9_-]{{50,400}}"),
)

_ADDRESS = re.compile(r"[a-z]://[^\s/:@\"'<>]{1,100}:(?P<secret>[^\s/@\"'<>]{3,200})@\w")

#: A name that holds a secret, an assignment, and the value. What follows the keyword in the name
#: is ``rest``; a value without quotes counts in configuration files and scripts only.
_ASSIGNMENT = re.compile(
    r"(?i:passw(?:or)?d|passphrase|pwd|secret|token|credential|api[_-]?key|access[_-]?key)"
    r"(?P<rest>[\w.-]{0,40})\\?[\"']?\]?"
    r"(?:[ \t]*:[ \t]*[A-Za-z][\w.|\[\] ]{0,40}(?==))?"
    r"[ \t]*(?:=>|:=|==|=|:)[ \t]*"
    r"(?:[rbfRBF]?\\?(?P<quote>[\"'])(?P<quoted>[^\"'\r\n\\]{8,200})\\?(?P=quote)"
    r"|(?P<bare>[^\s\"'#;,&|()\[\]{}<>$]{8,200})(?=[\s#;,]|$))",
    re.M,
)
_NAMES_NO_VALUE = re.compile(
    r"(?i)(?:name|url|uri|path|file|folder|field|env|variable|header|type|scope|prefix|suffix|"
    r"count|limit|size|length|pattern|regex|hash|sha\d*|digest|md5|kind|version|expiry|minutes|"
    r"seconds|days|hint|help|message|label|title|[_-](?:at|on|ids?))$"
)
_WORD_GOES_ON = re.compile(r"(?!keys?\b|values?\b)(?:[a-z]{2,}|[a-rt-z]\b)")

_REFERENCE = re.compile(r"\$[({\[]|\{\{|\{[\w.\[\]\"']*\}|<[^>]+>|%[\w()]+%|^\$\w+$|^[*.•x_-]+$")
_EXAMPLE = re.compile(
    r"(?i)example|sample|placeholder|change[_-]?me|replace|your[_-]|dummy|fake|redacted|masked|"
    r"x{4}|\*{3}|\.{3}|0123456789|1234567890|abcdefgh|deadbeef|todo"
)
_WORD = re.compile(r"[A-Za-z]*\d{0,3}")
_FEWEST_BITS = 2.5  # for one character; random text of 16 has 3 and more.


def find_known_secrets(text: str) -> Iterator[FoundSecret]:
    """The secrets that their form gives away, without those that are plainly examples."""
    for rule in RULES:
        if rule.sign not in text:
            continue
        group = "secret" if "?P<secret>" in rule.pattern else 0
        for match in re.finditer(rule.pattern, text):
            value = match.group(group)
            if rule.sign == "PRIVATE KEY" or not _is_example(value):
                yield FoundSecret(rule.name, match.start(group), match.end(group))


def find_likely_secrets(text: str, *, bare: bool) -> Iterator[FoundSecret]:
    """What stands where secrets stand: in the user part of an address, or random and given to a
    name such as password or token. Without quotes it counts where ``bare`` says so.
    """
    for match in _ADDRESS.finditer(text):
        if not _is_example(match.group("secret")):
            yield FoundSecret("an address with a password", *match.span("secret"))
    for match in _ASSIGNMENT.finditer(text):
        group = "quoted" if match.group("quoted") is not None else "bare"
        rest = match.group("rest")
        if (group == "bare" and not bare) or _WORD_GOES_ON.match(rest):
            continue
        if not _NAMES_NO_VALUE.search(rest) and _looks_random(match.group(group)):
            yield FoundSecret("a password, token or key", *match.span(group))


def _is_example(value: str) -> bool:
    return bool(_REFERENCE.search(value) or _EXAMPLE.search(value)) or _bits(value) < _FEWEST_BITS


def _looks_random(value: str) -> bool:
    """Letters and digits in no pattern: no reference, address, path, or words with a number."""
    if " " in value or "/" in value[:2] or "://" in value or _is_example(value):
        return False
    if not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return not all(_WORD.fullmatch(word) for word in re.split(r"[-_./:@+,]", value))


def _bits(value: str) -> float:
    """Shannon's entropy of a character: how hard the next one is to foresee."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
