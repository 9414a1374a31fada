"""Cleansing the raw data with the team's own code, and saying what became of each row.

The team writes two functions in ``model_modules``, and a third one if it likes:

    data.load_raw_data() -> DataFrame            the rows as they arrived
    cleansing.cleanse(data) -> DataFrame         the same rows in the same order, corrected where
                                                 that is possible, with a column ``reject_reason``:
                                                 why a row is left out, or an empty text
    data.save_clean_data(data) -> None           optional: writes the rows that are kept to where
                                                 load_training_data reads them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Repository
from ..errors import FindingError, UsageError
from ..model.contract import REJECT_REASON, ModelCode, model_code
from ..model.data_digest import digest_of
from ..model.files import write_json
from ..utils.table import format_markdown_table, format_table

if TYPE_CHECKING:
    import pandas as pd

REPORT_FILE = "cleansing.json"
SUMMARY_FILE = "cleansing.md"

_HEADER = ("rows", "what became of them")
_FORMATS = (".csv", ".parquet")


@dataclass(frozen=True)
class Cleansing:
    """The rows that are kept, and how many were left out for which reason."""

    rows: int
    kept: pd.DataFrame
    rejected: Mapping[str, int]

    @property
    def sha256(self) -> str:
        """The digest of the rows that are kept; other data has another one."""
        return digest_of(self.kept)


def cleanse_data(repository: Repository, output: Path, *, dry_run: bool = False) -> Cleansing:
    """Cleanse the raw data and write what is kept; with ``dry_run`` nothing is written.

    A result without a row is a finding: a training on it would fail, or worse, succeed.
    """
    if output.suffix not in _FORMATS:
        raise UsageError(f"The output {output} must end in {' or '.join(_FORMATS)}.")
    with model_code(repository.model_folder) as code:
        cleansing = _cleanse(code)
        if not dry_run:
            write_table(output, cleansing.kept)
            code.save_clean_data(cleansing.kept)
    return cleansing


def write_report(folder: Path, cleansing: Cleansing) -> Path:
    """Write the report as JSON and Markdown, and return the Markdown file."""
    write_json(folder / REPORT_FILE, report_to_json(cleansing))
    summary = folder / SUMMARY_FILE
    table = format_markdown_table(_HEADER, _rows(cleansing))
    summary.write_text(f"## Cleansing of the data\n\n{table}\n", encoding="utf-8")
    return summary


def report_to_json(cleansing: Cleansing) -> dict[str, object]:
    """The report as plain values."""
    return {
        "rows_in": cleansing.rows,
        "rows_out": len(cleansing.kept),
        "rejected": dict(cleansing.rejected),
        "sha256": cleansing.sha256,
    }


def format_report(cleansing: Cleansing) -> str:
    """The report as a table for the terminal."""
    return format_table(_HEADER, _rows(cleansing))


def write_table(path: Path, data: pd.DataFrame) -> None:
    """Write rows as CSV or Parquet, by the end of the file's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        try:
            data.to_parquet(path)
        except (ImportError, ValueError) as error:
            hint = "Name a CSV file instead."
            raise FindingError(f"{path} cannot be written: {error}.", hint) from error
    else:
        data.to_csv(path)


def _cleanse(code: ModelCode) -> Cleansing:
    raw = code.load("raw")
    cleansed = code.cleanse(raw)
    reasons = cleansed[REJECT_REASON].str.strip()
    kept = cleansed[reasons == ""].drop(columns=REJECT_REASON)
    counts = reasons[reasons != ""].value_counts()
    rejected = {str(reason): int(count) for reason, count in counts.items()}
    if kept.empty:
        why = "; ".join(f"{reason}: {count}" for reason, count in rejected.items())
        raise FindingError(
            f"Cleansing left none of the {len(raw)} rows ({why}).",
            "Look at the raw data first, then at cleanse in model_modules/cleansing.py.",
        )
    return Cleansing(len(raw), kept, rejected)


def _rows(cleansing: Cleansing) -> list[tuple[str, str]]:
    return [
        (str(cleansing.rows), "arrived"),
        *((str(count), f"left out: {reason}") for reason, count in cleansing.rejected.items()),
        (str(len(cleansing.kept)), "kept"),
    ]
