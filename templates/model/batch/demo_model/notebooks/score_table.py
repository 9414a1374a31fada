# Databricks notebook source
# MAGIC %md
# MAGIC # Score a table
# MAGIC Reads a table, scores it with a model package, and appends the scores to another table.
# MAGIC The job installs this repository as a library and sets the parameters below.

# COMMAND ----------

# pylint: disable=missing-module-docstring
from datetime import datetime, timezone
from pathlib import Path

from databricks.sdk.runtime import dbutils, spark
from mloccli.batch_model.score_table import score_table
from mloccli.model.package import open_package

# COMMAND ----------

dbutils.widgets.text("package", "", "Folder of the model package")
dbutils.widgets.text("input_table", "", "Table to score")
dbutils.widgets.text("output_table", "", "Table for the scores")

package = dbutils.widgets.get("package")
input_table = dbutils.widgets.get("input_table")
output_table = dbutils.widgets.get("output_table")
if not (package and input_table and output_table):
    raise ValueError("Set the parameters package, input_table and output_table.")

# COMMAND ----------

data = spark.table(input_table).toPandas()
if data.empty:
    raise ValueError(f"{input_table} has no rows to score.")

with open_package(Path(package)) as model:
    scores = score_table(model, data, datetime.now(timezone.utc))

# COMMAND ----------

spark.createDataFrame(scores).write.mode("append").saveAsTable(output_table)
print(f"Scored {len(scores)} rows of {input_table} into {output_table}.")
