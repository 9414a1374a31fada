# Databricks notebook source
# MAGIC %md
# MAGIC # Score a table
# MAGIC Reads a table, scores it, and appends the scores to another table. The parameter `model`
# MAGIC is a version in the central model registry, such as `models:/name/production`, or the folder
# MAGIC of a model package. Each row tells which model scored it when. Without an input table the
# MAGIC model's own `load_scoring_data` gives the rows.

# COMMAND ----------

# pylint: disable=missing-module-docstring
import json
import os
from datetime import datetime, timezone

from databricks.sdk.runtime import dbutils, spark
from mloccli.batch_model.model_source import open_model
from mloccli.batch_model.score_table import score_table
from mloccli.config import find_repository, read_configuration

# COMMAND ----------

dbutils.widgets.text("model", "", "Version in the registry, or folder of a package")
dbutils.widgets.text("input_table", "", "Table to score; empty: the rows of load_scoring_data")
dbutils.widgets.text("output_table", "", "Table for the scores")

source = dbutils.widgets.get("model")
input_table = dbutils.widgets.get("input_table")
output_table = dbutils.widgets.get("output_table")
if not (source and output_table):
    raise ValueError("Set the parameters model and output_table.")

# COMMAND ----------

configuration = read_configuration(find_repository(), os.environ)
with open_model(source, configuration, os.environ) as (model, version):
    data = spark.table(input_table).toPandas() if input_table else model.code.load("scoring")
    if data.empty:
        raise ValueError(f"{input_table} has no rows to score.")
    scores = score_table(model, data, datetime.now(timezone.utc), version)

# COMMAND ----------

spark.createDataFrame(scores).write.mode("append").saveAsTable(output_table)
print(f"Scored {len(scores)} rows of {input_table or 'load_scoring_data'} into {output_table}.")

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"rows": len(scores), "model_version": version}))
