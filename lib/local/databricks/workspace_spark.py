"""A stand-in for Spark: tables that are files, by way of pandas."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn


class AnalysisException(Exception):
    """Spark cannot do what was asked for."""


class Spark:
    """Tables, each a file of this machine. Nothing of Spark's language is there."""

    def __init__(self, folder: Path, conf: dict[str, str]) -> None:
        self._folder = folder
        settings = dict(conf)
        self.conf = SimpleNamespace(get=settings.__getitem__, set=settings.__setitem__)
        self.read = SimpleNamespace(table=self.table)

    def _place(self, name: str) -> Path:
        plain = name.replace("`", "")
        if not re.fullmatch(r"\w+(\.\w+){0,2}", plain):
            raise AnalysisException(f"{name} is no name of a table.")
        return self._folder / plain

    def table(self, name: str) -> Frame:
        """A table that was saved, or that lies as NAME.csv in the folder of tables."""
        import pandas  # pylint: disable=import-outside-toplevel

        saved = self._place(name).with_name(f"{self._place(name).name}.parquet")
        if saved.is_file():
            return Frame(self, pandas.read_parquet(saved))
        written = saved.with_suffix(".csv")
        if written.is_file():
            return Frame(self, pandas.read_csv(written))
        raise AnalysisException(f"[TABLE_OR_VIEW_NOT_FOUND] The table {name} cannot be found.")

    def createDataFrame(self, data: Any) -> Frame:
        """A frame of Spark from one of pandas."""
        import pandas  # pylint: disable=import-outside-toplevel

        if not isinstance(data, pandas.DataFrame):
            raise TypeError("This workspace makes Spark data frames from pandas data frames only.")
        return Frame(self, data.copy())

    def sql(self, *_: object, **__: object) -> NoReturn:
        """SQL needs Spark."""
        raise NotImplementedError(
            "This workspace runs Python only, not SQL; read tables with spark.table(name)."
        )

    def save(self, name: str, data: Any, mode: str) -> None:
        """Writes a table as a whole, in one step."""
        import pandas  # pylint: disable=import-outside-toplevel

        target = self._place(name).with_name(f"{self._place(name).name}.parquet")
        is_there = target.is_file() or target.with_suffix(".csv").is_file()
        if is_there and mode in ("error", "errorifexists"):
            raise AnalysisException(f"[TABLE_OR_VIEW_ALREADY_EXISTS] The table {name} exists.")
        if is_there and mode == "ignore":
            return
        if is_there and mode == "append":
            before = self.table(name).toPandas()
            if set(before.columns) != set(data.columns):
                raise AnalysisException(f"The columns of the data are not those of {name}.")
            data = pandas.concat([before, data[list(before.columns)]], ignore_index=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming = target.with_suffix(".incoming")
        data.to_parquet(incoming, index=False)
        incoming.replace(target)


class Frame:
    """Rows of a table."""

    def __init__(self, spark: Spark, data: Any) -> None:
        self._spark = spark
        self._data = data
        self.columns: list[str] = [str(column) for column in data.columns]
        self.write = Writer(spark, data)

    def toPandas(self) -> Any:
        """The rows for pandas; changing them changes no table."""
        return self._data.copy()

    def count(self) -> int:
        """How many rows there are."""
        return len(self._data)

    def limit(self, num: int) -> Frame:
        """The first rows."""
        return Frame(self._spark, self._data.head(num))

    def select(self, *columns: str) -> Frame:
        """Some of the columns."""
        return Frame(self._spark, self._data[list(columns)])

    def show(self, n: int = 20) -> None:
        """Prints the first rows."""
        print(self._data.head(n).to_string(index=False))


class Writer:
    """How rows become a table."""

    def __init__(self, spark: Spark, data: Any) -> None:
        self._spark = spark
        self._data = data
        self._mode = "errorifexists"

    def mode(self, saveMode: str) -> Writer:
        """What happens to a table that is there."""
        if saveMode not in ("append", "overwrite", "ignore", "error", "errorifexists"):
            raise ValueError(f"{saveMode} is no mode for saving tables.")
        self._mode = saveMode
        return self

    def format(self, _source: str) -> Writer:
        """Every format is the same here."""
        return self

    def option(self, _key: str, _value: object) -> Writer:
        """No option makes a difference here."""
        return self

    def saveAsTable(self, name: str) -> None:
        """Writes the table."""
        self._spark.save(name, self._data, self._mode)
