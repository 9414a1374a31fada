# Databricks notebook source
# MAGIC %md
# MAGIC # Score and evaluate the rules
# MAGIC Scores the scoring data with the rules, evaluates them with the team's `evaluate`, and keeps
# MAGIC them as the candidate in an MLflow run. The notebook ends with the id of that run;
# MAGIC `mloccli model fetch` gets the candidate from there.

# COMMAND ----------

# pylint: disable=missing-module-docstring
import json
import tempfile
from pathlib import Path

import mlflow
from databricks.sdk.runtime import dbutils
from mloccli.batch_model.candidate_run import log_candidate
from mloccli.config import find_repository, read_model_variables
from mloccli.model.evaluation import format_verdicts
from mloccli.model.tasks import evaluate_model, score_model

# COMMAND ----------

dbutils.widgets.text("git_commit", "", "Commit of the code")
dbutils.widgets.text("branch", "", "Branch of the code")

repository = find_repository()
variables = read_model_variables(repository)
tags = {name: dbutils.widgets.get(name) for name in ("git_commit", "branch")}

# COMMAND ----------

with mlflow.start_run(run_name=variables.model_name), tempfile.TemporaryDirectory() as temporary:
    mlflow.set_tags(tags)
    folder = Path(temporary) / "candidate"
    scores = score_model(repository, variables, folder)
    evaluation = evaluate_model(repository, variables, folder)
    run = log_candidate(folder)

print(format_verdicts(evaluation.verdicts))
print(scores.describe().to_string())

# COMMAND ----------

dbutils.notebook.exit(json.dumps(run))
