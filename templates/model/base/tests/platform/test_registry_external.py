"""Bring your own model: a joblib file or an MLflow model goes the way of every candidate."""

from __future__ import annotations

from pathlib import Path

import pytest

from .registry_server import World

DATA = """
    import pandas as pd

    def load_training_data():
        return pd.DataFrame({"left": [0.0, 1.0, 2.0, 3.0], "label": [0, 0, 1, 1]})

    def load_evaluation_data():
        return load_training_data()

    def load_scoring_data():
        return load_training_data().drop(columns=["label"])
    """

SCORING = """
    import pandas as pd

    def score(model, data):
        return pd.DataFrame({"class": model.predict(data[["left"]])}, index=data.index)

    def evaluate(model, data):
        return {"accuracy": float((score(model, data)["class"] == data["label"]).mean())}
    """

TESTS = """
    import pandas as pd

    def test_it_knows_the_large_ones(model_under_test):
        assert list(model_under_test.score(pd.DataFrame({"left": [9.0]}))["class"]) == [1]
    """


@pytest.fixture(name="external")
def fixture_external(one_world: World) -> World:
    """A repository whose score takes a scikit-learn classifier."""
    pytest.importorskip("sklearn")
    one_world.variables |= {"MODEL_TYPE": "supervised"}
    one_world.write(
        data=DATA,
        scoring=SCORING,
        tests=TESTS,
        training="def train(data, parameters):\n    return None\n",
        parameters="nothing: 0\n",
    )
    return one_world


@pytest.mark.parametrize("form", ["joblib", "mlflow"])
def test_a_model_that_was_trained_elsewhere_reaches_production(
    external: World, tmp_path: Path, form: str
) -> None:
    artifact = _artifact(tmp_path, form)

    code, text = external.run("registry", "register-external", "--artifact", str(artifact))
    assert code == 0, text
    promoted = external.run("registry", "promote")

    assert promoted[0] == 0, promoted[1]
    assert external.roles() == external.expected(v1="production")
    assert external.tags("1")["source"] == "external"
    assert external.tags("1")["metric.accuracy"] == "1.0"


def test_it_must_be_better_than_the_champion_like_any_other(
    external: World, tmp_path: Path
) -> None:
    artifact = str(_artifact(tmp_path, "joblib"))
    external.run("registry", "register-external", "--artifact", artifact)
    external.run("registry", "promote")

    code, text = external.run("registry", "register-external", "--artifact", artifact)

    assert (code, "keep champion" in text) == (1, True)
    assert external.roles() == external.expected(v1="production")


def test_what_the_repository_cannot_score_is_not_registered(
    external: World, tmp_path: Path
) -> None:
    joblib = pytest.importorskip("joblib")
    joblib.dump({"no": "model"}, tmp_path / "model.joblib")

    code, text = external.run(
        "registry", "register-external", "--artifact", str(tmp_path / "model.joblib")
    )

    assert (code, "score raised AttributeError" in text) == (1, True)


@pytest.mark.parametrize("name", ["model.pkl", "folder"])
def test_other_artifacts_are_refused(external: World, tmp_path: Path, name: str) -> None:
    artifact = tmp_path / name
    if name == "folder":
        artifact.mkdir()
    else:
        artifact.write_bytes(b"")

    code, text = external.run("registry", "register-external", "--artifact", str(artifact))

    assert (code, "neither a joblib file nor the folder of an MLflow model" in text) == (2, True)


def test_rules_are_not_replaced_by_an_artifact(one_world: World, tmp_path: Path) -> None:
    (tmp_path / "model.joblib").write_bytes(b"")

    code, text = one_world.run(
        "registry", "register-external", "--artifact", str(tmp_path / "model.joblib")
    )

    assert (code, "MODEL_TYPE is rule-based" in text) == (2, True)


def _artifact(folder: Path, form: str) -> Path:
    import joblib
    import mlflow.sklearn
    import pandas as pd
    from sklearn.tree import DecisionTreeClassifier

    data = pd.DataFrame({"left": [0.0, 1.0, 2.0, 3.0]})
    model = DecisionTreeClassifier(random_state=0).fit(data, [0, 0, 1, 1])
    if form == "joblib":
        joblib.dump(model, folder / "model.joblib")
        return folder / "model.joblib"
    mlflow.sklearn.save_model(model, str(folder / "trained"), serialization_format="cloudpickle")
    return folder / "trained"
