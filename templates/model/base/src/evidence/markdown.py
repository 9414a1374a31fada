"""The model card for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..utils.table import format_markdown_table, markdown_text
from .card import Card

UNKNOWN = "not recorded"


def format_card(card: Card) -> str:
    """The card as Markdown; no text of it can change the page around it."""
    model, gate, links = card["model"], card["gate"], card["links"]
    approval = card["approval"]
    approver = approval["approver"]
    uris = {f"Scoring, {name}": uri for name, uri in links["scoring_uris"].items()}
    sections = [
        f"# Model card: {markdown_text(str(model['name']))} "
        f"{markdown_text(str(model['version']))}",
        _facts(
            "Model",
            {
                "Type": model["type"],
                "Serving": model["serving"],
                "Packaged": model["packaged_at"],
                "Python": model["python"],
                "SHA-256 of the model file": model["sha256"],
            },
        ),
        _facts(
            "Business",
            {
                "Financial id": card["business"]["financial_id"],
                "Category": card["business"]["category"],
                "Team": card["business"]["team"],
            },
        ),
        _facts(
            "Data",
            {
                "Data set": card["data"]["dataset"],
                "SHA-256 of the evaluation data": card["data"]["sha256"],
                "Rows": card["data"]["rows"],
            },
        ),
        _facts("Metrics", card["metrics"]),
        _facts(
            "Gate",
            {
                "Verdict": gate["verdict"],
                "Champion": gate["champion"],
                "Why": "; ".join(map(str, gate["reasons"])),
            },
        ),
        _comparisons(gate["comparisons"]),
        _facts(
            "Tests and approval",
            {
                "Tests": card["tests"]["status"],
                "Approver": f"{approver} ({approval['source']})" if approver else None,
            },
        ),
        _facts(
            "Links",
            {
                "Commit": links["commit_url"] or links["commit"],
                "Branch": links["branch"],
                "Pipeline run": links["run_url"] or links["run"],
                "Run that promoted it": links["promotion_run_url"],
                "Registry version": links["registry_version"],
                "Role in the registry": links["registry_role"],
                **(uris or {"Scoring": None}),
            },
        ),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _facts(title: str, facts: Mapping[str, object]) -> str:
    rows = [(name, _shown(value)) for name, value in facts.items()] or [(UNKNOWN, "")]
    return f"## {title}\n\n{format_markdown_table(('What', 'Value'), rows)}"


def _comparisons(comparisons: Sequence[Mapping[str, object]]) -> str:
    names = ("metric", "candidate", "champion", "required", "reason")
    rows = [[_shown(item[name], "-") for name in names] for item in comparisons]
    return format_markdown_table([name.capitalize() for name in names], rows) if rows else ""


def _shown(value: object, unknown: str = UNKNOWN) -> str:
    if value is None or value == "":
        return unknown
    return f"{value:.4f}" if isinstance(value, float) else str(value)
