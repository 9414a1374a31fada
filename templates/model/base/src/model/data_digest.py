"""Telling whether two evaluations were of the same data."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def digest_of(data: pd.DataFrame) -> str:
    """The SHA-256 of the column names, the index and every value, in their order."""
    import pandas as pd

    digest = hashlib.sha256()
    digest.update("\0".join(str(name) for name in data.columns).encode())
    try:
        rows = pd.util.hash_pandas_object(data)
    except TypeError:  # A cell holds a list or another value that has no hash.
        rows = pd.util.hash_pandas_object(data.astype(str))
    digest.update(rows.to_numpy().astype("<u8").tobytes())
    return digest.hexdigest()
