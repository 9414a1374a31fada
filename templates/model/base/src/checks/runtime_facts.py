"""What we know of the Databricks runtimes without asking anyone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KEY = re.compile(
    r"(?P<version>\d+(?:\.[\dx]+){1,2})(?P<kind>(?:-[a-z0-9]+)*)-scala(?P<scala>[\d.]+)"
)

#: The Python of each major version; newer runtimes are taken to have at least the last one.
_PYTHON_OF_MAJOR = {11: "3.9", 12: "3.9", 13: "3.10", 14: "3.10", 15: "3.11", 16: "3.12"}
_NEWEST_KNOWN = 16

#: Well-known packages that the runtimes for machine learning bring and the others do not.
ONLY_IN_ML_RUNTIMES = frozenset(
    {
        "accelerate",
        "category-encoders",
        "databricks-automl-runtime",
        "databricks-feature-engineering",
        "datasets",
        "evaluate",
        "holidays",
        "imbalanced-learn",
        "keras",
        "langchain",
        "lightgbm",
        "mlflow",
        "nltk",
        "pmdarima",
        "prophet",
        "ray",
        "sentence-transformers",
        "sentencepiece",
        "shap",
        "spacy",
        "tensorboard",
        "tensorflow",
        "torch",
        "torchvision",
        "transformers",
        "xgboost",
    }
)


@dataclass(frozen=True)
class Runtime:
    """A runtime by its key, such as ``15.4.x-cpu-ml-scala2.12``."""

    key: str
    version: str
    kinds: tuple[str, ...]
    scala: str

    @property
    def is_for_machine_learning(self) -> bool:
        """Whether it is an ML runtime, for processors or for graphics cards."""
        return "ml" in self.kinds

    @property
    def python(self) -> str | None:
        """Its Python, such as ``3.11``; ``None`` for runtimes older than any that are supported."""
        major = min(int(self.version.partition(".")[0]), _NEWEST_KNOWN)
        return _PYTHON_OF_MAJOR.get(major)

    def key_for_machine_learning(self, processor: str) -> str:
        """The key of the same version with the ML packages; ``processor`` is cpu or gpu."""
        return f"{self.version}-{processor}-ml-scala{self.scala}"


def parse_runtime(key: str) -> Runtime | None:
    """The runtime of a key; ``None`` when it is none that names its version."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    kinds = tuple(part for part in match.group("kind").split("-") if part)
    return Runtime(key, match.group("version"), kinds, match.group("scala"))
