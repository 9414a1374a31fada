# Databricks notebook source
# MAGIC %md
# MAGIC # Score a table
# MAGIC Reads a table, scores it, and appends the scores to another table. The parameter `model` is
# MAGIC a version in the central model registry, such as `models:/name/production`, or the folder of
# MAGIC a model package. Each row tells which model scored it when.

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
dbutils.widgets.text("input_table", "", "Table to score")
dbutils.widgets.text("output_table", "", "Table for the scores")

source = dbutils.widgets.get("model")
input_table = dbutils.widgets.get("input_table")
output_table = dbutils.widgets.get("output_table")
if not (source and input_table and output_table):
    raise ValueError("Set the parameters model, input_table and output_table.")

# COMMAND ----------

data = spark.table(input_table).toPandas()
if data.empty:
    raise ValueError(f"{input_table} has no rows to score.")

configuration = read_configuration(find_repository(), os.environ)
with open_model(source, configuration, os.environ) as (model, version):
    scores = score_table(model, data, datetime.now(timezone.utc), version)

# COMMAND ----------

spark.createDataFrame(scores).write.mode("append").saveAsTable(output_table)
print(f"Scored {len(scores)} rows of {input_table} into {output_table}.")

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"rows": len(scores), "model_version": version}))
