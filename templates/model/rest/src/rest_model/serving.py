"""REST serving of an example: the JSON body of a request in, scores out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FindingError
from ..model.files import write_json
from ..model.frames import frame_to_json
from .score_request import score_request

if TYPE_CHECKING:
    import pandas as pd

    from ..model.serving import Score

EXAMPLE_FILE = "example_input.json"


def write_example(path: Path, data: pd.DataFrame) -> None:
    """Write the rows as the body of a request."""
    split = frame_to_json(data)
    write_json(path, {"dataframe_split": {"columns": split["columns"], "data": split["data"]}})


def score_example(path: Path, score: Score) -> pd.DataFrame:
    """Send the body the way of a request, and read the response as its caller does."""
    import pandas as pd

    try:
        body = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise FindingError(f"{path} cannot be read: {error}.") from error
    return pd.DataFrame(json.loads(score_request(body, score))["predictions"])
