"""Stands in for the Azure CLI in the tests of the scripts: keeps what is made in a JSON file.

It answers the commands that the scripts use, as az does with --output=tsv, and notes each call.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATE = Path(os.environ["FAKE_AZ_STATE"])
State = dict[str, Any]
Options = dict[str, str]

TYPES = {
    "approver-count": "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd",
    "comment-required": "c6a1889d-b943-4856-b76f-9e46bb6b0df2",
    "merge-strategy": "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab",
    "build": "0609b952-1397-4640-95ec-e00a01b2c241",
    "required-reviewer": "fd2167ab-b0be-447a-8ec8-39368250530e",
    "work-item-linking": "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e",
}
RENAMED = {"path-filter": "filenamePatterns"}


def main(arguments: list[str]) -> int:
    state: State = json.loads(STATE.read_text(encoding="utf-8"))
    words = [word for word in arguments if not word.startswith("--")]
    options = dict(word[2:].partition("=")[::2] for word in arguments if word.startswith("--"))
    command = " ".join(words)
    state["calls"].append({"command": command, "arguments": arguments})
    fails = command == state.get("fails")
    rows = [] if fails else answer(command, words, options, state)
    STATE.write_text(json.dumps(state), encoding="utf-8")
    if fails:
        print("ERROR: TF400813: You are not authorized.", file=sys.stderr)
        return 1
    print("\n".join("\t".join(map(str, row)) for row in rows), end="\r\n")
    return 0


def answer(command: str, words: list[str], options: Options, state: State) -> list[list[Any]]:
    if command in COMMANDS:
        return COMMANDS[command](options, state)
    if words[:2] == ["repos", "policy"] and words[3:] == ["create"]:
        policy = {"id": len(state["policies"]) + 1, "type": TYPES[words[2]], "settings": {}}
        state["policies"].append(policy)
        return change_policy(policy, options)
    if words[:2] == ["repos", "policy"] and words[3:] == ["update"]:
        return change_policy(state["policies"][int(options["policy-id"]) - 1], options)
    raise SystemExit(f"fake az: {command} is not known")


def change_policy(policy: State, options: Options) -> list[list[Any]]:
    policy["scope"] = (
        [options["repository-id"], f"refs/heads/{options['branch']}"]
        if "branch" in options
        else policy["scope"]
    )
    for name, value in options.items():
        words = RENAMED.get(name, name).split("-")
        policy["settings"][words[0] + "".join(word.title() for word in words[1:])] = value
    return [[policy["id"]]]


def list_policies(options: Options, state: State) -> list[list[Any]]:
    """Type and fields stand in the query, which only the real az can evaluate."""
    query = options["query"]
    wanted = re.findall(r"type\.id=='([^']+)'", query)
    fields = re.findall(r"not_null\(settings\.(\w+), `", query)
    rows = []
    for policy in state["policies"]:
        settings = policy["settings"]
        values = [settings.get(name, "false") for name in fields] or [""]
        label = settings.get("displayName") or settings.get("message") or "-"
        if policy["type"] in wanted:
            rows.append([policy["id"], *policy["scope"], " ".join(["true true", *values]), label])
    return rows


def create_repository(options: Options, state: State) -> list[list[Any]]:
    state["repositories"].append(options["name"])
    return [[f"repo-{len(state['repositories'])}"]]


def create_team(options: Options, state: State) -> list[list[Any]]:
    state["teams"][options["name"]] = []
    return [[f"team-{options['name']}"]]


def list_groups(options: Options, state: State) -> list[list[Any]]:
    """Two pages, the team's group on the second."""
    if options.get("continuation-token") != "page2":
        return [["vssgp.1", f"[{options['project']}]\\Contributors"], ["page2", "next page"]]
    groups = [[f"vssgp.{name}", f"[{options['project']}]\\{name}"] for name in state["teams"]]
    return [*groups, ["None", "next page"]]


def add_member(options: Options, state: State) -> list[list[Any]]:
    state["teams"][options["group-id"].removeprefix("vssgp.")].append(options["member-id"])
    return []


def list_members(options: Options, state: State) -> list[list[Any]]:
    members = state["teams"][options["team"].removeprefix("team-")]
    return [[address, f"Name of {address}"] for address in members]


COMMANDS: dict[str, Callable[[Options, State], list[list[Any]]]] = {
    "extension show": lambda *_: [],
    "repos list": lambda _, state: [
        [f"repo-{number}", name] for number, name in enumerate(state["repositories"], 1)
    ],
    "repos create": create_repository,
    "repos show": lambda options, _: [[f"https://dev.azure.com/bank/_git/{options['repository']}"]],
    "repos policy list": list_policies,
    "pipelines list": lambda _, state: [
        [number, name] for number, name in enumerate(state["pipelines"], 7)
    ],
    "devops team list": lambda _, state: [[f"team-{name}", name] for name in state["teams"]],
    "devops team create": create_team,
    "devops team list-member": list_members,
    "devops security group list": list_groups,
    "devops security group membership add": add_member,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
