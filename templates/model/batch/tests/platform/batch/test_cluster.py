"""The cluster: found, made and started once, and every way in which it does not start."""

from __future__ import annotations

import pytest

from ..http_service import Answer
from .conftest import MakeMloccli, with_cluster
from .databricks_stub import TOKEN, Fault, Workspace


def test_a_cluster_is_created_and_waited_for(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli()("cluster", "start") == 0

    [request] = workspace.bodies("clusters/create")
    assert request == {
        "cluster_name": "sums-tst",
        "autotermination_minutes": 30,
        "spark_version": "17.3.x-cpu-ml-scala2.13",
        "node_type_id": "Standard_DS3_v2",
        "driver_node_type_id": "Standard_DS3_v2",
        "num_workers": 0,
        "data_security_mode": "SINGLE_USER",
        "custom_tags": {
            "model": "sums",
            "team": "Mathematics",
            "ResourceClass": "SingleNode",
        },
        "spark_conf": {
            "spark.databricks.cluster.profile": "singleNode",
            "spark.master": "local[*]",
        },
        "spark_env_vars": {"ENVIRONMENT": "tst"},
    }
    output = capsys.readouterr().out
    assert "is PENDING.\nThe cluster sums-tst is RUNNING.\n" in output
    assert "(0101-000000-made) is ready." in output


def test_a_second_run_creates_nothing(mloccli: MakeMloccli, workspace: Workspace) -> None:
    run = mloccli()

    assert run("cluster", "start") == 0
    assert run("cluster", "start") == 0

    assert len(workspace.bodies("clusters/create")) == 1
    assert not workspace.bodies("clusters/start")


def test_a_stopped_cluster_is_started(mloccli: MakeMloccli, workspace: Workspace) -> None:
    with_cluster(workspace, states=["TERMINATED"])

    assert mloccli()("cluster", "start") == 0

    assert len(workspace.bodies("clusters/start")) == 1
    assert not workspace.bodies("clusters/create")


def test_a_cluster_that_is_stopping_is_started_once_it_stopped(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    with_cluster(workspace, states=["TERMINATING", "TERMINATING", "TERMINATED"])

    assert mloccli()("cluster", "start") == 0
    assert len(workspace.bodies("clusters/start")) == 1


def test_a_cluster_that_somebody_else_has_just_started_is_waited_for(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    with_cluster(workspace, states=["TERMINATED", "PENDING", "RUNNING"])

    assert mloccli()("cluster", "start") == 0


def test_a_cluster_that_never_starts_ends_with_three_and_says_why(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.cluster_states = ["PENDING", "TERMINATED"]
    workspace.termination = {
        "state_message": "Quota of cores reached.",
        "termination_reason": {
            "code": "CLOUD_PROVIDER_LAUNCH_FAILURE",
            "parameters": {"azure_error_message": "Standard_DS3_v2 has 0 cores left"},
        },
    }

    assert mloccli()("cluster", "start") == 3

    errors = capsys.readouterr().err
    assert "sums-tst does not start; it is TERMINATED. Quota of cores reached." in errors
    assert "(CLOUD_PROVIDER_LAUNCH_FAILURE: Standard_DS3_v2 has 0 cores left)" in errors


def test_a_broken_cluster_is_not_waited_for(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace, states=["ERROR"])

    assert mloccli()("cluster", "start") == 3
    assert "it is ERROR" in capsys.readouterr().err


def test_waiting_ends_and_says_where_the_cluster_is(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace, states=["PENDING"])

    assert mloccli()("cluster", "start", "--timeout", 5) == 3
    assert "sums-tst is still PENDING after 5 minutes." in capsys.readouterr().err


@pytest.mark.parametrize("command", [["cluster", "start"], ["cluster", "id"]])
def test_two_clusters_of_one_name_are_a_finding(
    mloccli: MakeMloccli,
    workspace: Workspace,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for cluster_id in ("one", "two"):
        workspace.clusters[cluster_id] = {"cluster_name": "sums-tst", "states": ["RUNNING"]}

    assert mloccli()(*command) == 1
    assert "2 clusters are named sums-tst: one, two." in capsys.readouterr().err


def test_the_cluster_made_for_the_model_is_preferred(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for cluster_id, model in (("theirs", "other"), ("ours", "sums")):
        workspace.clusters[cluster_id] = {
            "cluster_name": "sums-tst",
            "states": ["RUNNING"],
            "custom_tags": {"model": model},
        }

    assert mloccli()("cluster", "id") == 0
    assert capsys.readouterr().out == "ours\n"


def test_an_answer_that_is_lost_makes_no_second_cluster(
    mloccli: MakeMloccli, workspace: Workspace
) -> None:
    workspace.faults.append(Fault("clusters/create", arrives=True))

    assert mloccli()("cluster", "start") == 0
    assert len(workspace.clusters) == 1


def test_a_request_that_is_lost_is_sent_again(mloccli: MakeMloccli, workspace: Workspace) -> None:
    workspace.faults.append(Fault("clusters/create"))

    assert mloccli()("cluster", "start") == 0
    assert len(workspace.clusters) == 1


def test_a_cluster_that_is_there_is_used_as_it_is(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with_cluster(workspace, spark_version="14.3.x-scala2.12")

    assert mloccli()("cluster", "start") == 0

    errors = capsys.readouterr().err
    assert "spark_version is 14.3.x-scala2.12, the configuration says 17.3.x" in errors


def test_there_is_no_cluster_to_name(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mloccli()("cluster", "id") == 1
    assert "There is no cluster sums-tst." in capsys.readouterr().err
    assert not workspace.clusters


def test_a_missing_permission_is_told_from_a_bad_token(
    mloccli: MakeMloccli,
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    denied = Answer(403, {"error_code": "PERMISSION_DENIED", "message": "No cluster for you."})
    workspace.faults.append(Fault("clusters/create", denied))
    run = mloccli()

    assert run("cluster", "start") == 3
    assert "lacks the permission: No cluster for you." in capsys.readouterr().err

    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi00000000000000000000000000000000")
    assert run("cluster", "start") == 3
    errors = capsys.readouterr().err
    assert "did not accept the token" in errors
    assert "dapi" not in errors


def test_a_sas_token_goes_into_a_secret_and_nowhere_else(
    mloccli: MakeMloccli,
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAS_TOKEN", "?sv=2024&sig=very%2Bsecret")
    monkeypatch.setenv("STORAGE_ACCOUNT", "landingzone")
    run = mloccli(base_variables={"DATA_ACCESS": "sas_token"})

    assert run("cluster", "start") == 0
    assert run("cluster", "start") == 0

    assert workspace.secrets == {"sums-tst": {"sas-token": "sv=2024&sig=very%2Bsecret"}}
    [request] = workspace.bodies("clusters/create")
    host = "landingzone.dfs.core.windows.net"
    conf = request["spark_conf"]
    assert conf[f"spark.hadoop.fs.azure.account.auth.type.{host}"] == "SAS"
    assert conf[f"spark.hadoop.fs.azure.sas.fixed.token.{host}"] == "{{secrets/sums-tst/sas-token}}"
    assert "secret" not in str(request).replace("{{secrets/", "")
    streams = capsys.readouterr()
    assert "very" not in streams.out + streams.err


def test_notebooks_find_the_registry_and_never_its_token_in_the_settings(
    mloccli: MakeMloccli, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMR_URI", "https://cmr.example")
    monkeypatch.setenv("CMR_TOKEN", "cmr-secret")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "mlflow-secret")

    assert mloccli()("cluster", "start") == 0

    [request] = workspace.bodies("clusters/create")
    assert request["spark_env_vars"] == {
        "ENVIRONMENT": "tst",
        "CMR_URI": "https://cmr.example",
        "CMR_TOKEN": "{{secrets/sums-tst/cmr-token}}",
        "MLFLOW_TRACKING_URI": "https://mlflow.example",
        "MLFLOW_TRACKING_TOKEN": "{{secrets/sums-tst/mlflow-tracking-token}}",
    }
    assert workspace.secrets["sums-tst"] == {
        "cmr-token": "cmr-secret",
        "mlflow-tracking-token": "mlflow-secret",
    }


def test_a_token_without_an_address_stays_here(
    mloccli: MakeMloccli, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMR_TOKEN", "cmr-secret")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "databricks")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "mlflow-secret")
    monkeypatch.setenv("SAS_TOKEN", "sas-secret")

    assert mloccli()("cluster", "start") == 0

    assert not workspace.secrets
    assert workspace.bodies("clusters/create")[0]["spark_env_vars"] == {"ENVIRONMENT": "tst"}


@pytest.mark.parametrize("missing", ["SAS_TOKEN", "STORAGE_ACCOUNT"])
def test_a_sas_token_needs_its_variables(
    mloccli: MakeMloccli,
    workspace: Workspace,
    missing: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAS_TOKEN", "sv=2024")
    monkeypatch.setenv("STORAGE_ACCOUNT", "landingzone")
    monkeypatch.delenv(missing)

    assert mloccli(base_variables={"DATA_ACCESS": "sas_token"})("cluster", "start") == 2
    assert missing in capsys.readouterr().err
    assert not workspace.clusters


def test_pass_through_has_its_own_mode(mloccli: MakeMloccli, workspace: Workspace) -> None:
    run = mloccli(
        variables={"CLUSTER_MIN_WORKER_NODE": 1, "CLUSTER_MAX_WORKER_NODE": 4},
        base_variables={"DATA_ACCESS": "credential_passthrough"},
    )

    assert run("cluster", "start") == 0

    [request] = workspace.bodies("clusters/create")
    assert request["spark_conf"] == {"spark.databricks.passthrough.enabled": "true"}
    assert request["data_security_mode"] == "LEGACY_SINGLE_USER"
    assert request["autoscale"] == {"min_workers": 1, "max_workers": 4}
    assert "num_workers" not in request


def test_a_dry_run_shows_the_request_and_sends_nothing(
    mloccli: MakeMloccli, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = mloccli(variables={"CLUSTER_MIN_WORKER_NODE": 3, "CLUSTER_MAX_WORKER_NODE": 3})

    assert run("cluster", "start", "--dry-run") == 0

    output = capsys.readouterr().out
    assert '"cluster_name": "sums-tst"' in output
    assert '"num_workers": 3' in output
    assert TOKEN not in output
    assert not workspace.asked
