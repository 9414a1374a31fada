import { expect, test } from "@jest/globals";
import { secretValues, visibleVariables } from "../../../../../lib/local/databricks/python/variables.ts";

test("variables of another Python or another workspace are not passed on", () => {
  const variables = {
    PATH: "/bin",
    PYTHONPATH: "/x",
    VIRTUAL_ENV: "/y",
    DATABRICKS_TOKEN: "t",
    PIP_CERT: "c",
  };

  expect(visibleVariables(variables)).toEqual({ PATH: "/bin", PIP_CERT: "c" });
});

test("variables that hold credentials are known by their names", () => {
  const variables = {
    PATH: "/bin",
    MLFLOW_TRACKING_TOKEN: "t",
    FEED_PASSWORD: "p",
    PIP_INDEX_URL: "https://u:p@feed",
  };

  expect(secretValues(variables)).toEqual(["t", "p", "https://u:p@feed"]);
});
