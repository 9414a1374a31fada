# Databricks notebook source
# MAGIC %md
# MAGIC # Train the model
# MAGIC Trains with the team's `train`, evaluates the result, and keeps it as the candidate in an
# MAGIC MLflow run. The notebook ends with the id of that run; `mloccli model fetch` gets the
# MAGIC candidate from there.

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
from mloccli.model.tasks import evaluate_model, train_model

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
    train_model(repository, variables, folder)
    evaluation = evaluate_model(repository, variables, folder)
    run = log_candidate(folder)

print(format_verdicts(evaluation.verdicts))

# COMMAND ----------

dbutils.notebook.exit(json.dumps(run))
