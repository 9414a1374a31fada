"""Scoring one REST request, in the JSON that MLflow's scoring server speaks.

Request: ``{"dataframe_split": {"columns": […], "data": [[…], …]}}`` or
``{"dataframe_records": [{…}, …]}``. Response: ``{"predictions": [{…}, …]}``, one for each row, in
the order of the request.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..errors import DataError
from ..model.frames import frame_from_json, frame_to_records

if TYPE_CHECKING:
    import pandas as pd

    from ..model.serving import Score

_HINT = 'Send {"dataframe_split": {"columns": […], "data": [[…], …]}}.'


def score_request(body: str, score: Score) -> str:
    """The response to a request; DataError says what its sender has to put right."""
    scores = score(_data(body))
    return json.dumps({"predictions": frame_to_records(scores)}, allow_nan=False)


def _data(body: str) -> pd.DataFrame:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DataError(f"The request is not JSON: {error}.", _HINT) from error
    if not isinstance(content, dict) or len(content) != 1:
        raise DataError("The request is not an object with exactly one entry.", _HINT)
    data = _table(content)
    if data.empty:
        raise DataError("The request holds no rows.", _HINT)
    return data


def _table(content: dict[str, object]) -> pd.DataFrame:
    import pandas as pd

    split, records = content.get("dataframe_split"), content.get("dataframe_records")
    if isinstance(split, dict):
        return frame_from_json(split)
    if isinstance(records, list) and all(isinstance(record, dict) for record in records):
        return pd.DataFrame(records)
    raise DataError("The request holds neither dataframe_split nor dataframe_records.", _HINT)
