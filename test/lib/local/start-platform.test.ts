import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Services } from "../../../lib/local/service-status.ts";
import { startLocalPlatform } from "../../../lib/local/start-platform.ts";
import { withMlflow } from "../../support/mlflow-client.ts";
import { findPython, sharedEnvironment } from "../../support/python-environment.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const basePython = findPython();
const suite = basePython === undefined ? describe.skip : describe;
const anyPorts = { databricks: 0, mlflow: 0 };
let python = "";

beforeAll(async () => {
  if (basePython !== undefined) ({ python } = await sharedEnvironment(basePython));
}, 600_000);

suite("the platform on this machine", () => {
  test("answers for Azure DevOps at once, and for the others behind the same token when they are ready", async () => {
    await using platform = await startLocalPlatform({
      services: { environ: process.env, ports: anyPorts, python },
    });
    const { url, token } = platform.organization;
    const seen: Services[] = [];

    platform.watch((services) => void seen.push(services));
    const projects = await fetch(`${url}/_apis/projects`, {
      headers: { authorization: `Bearer ${token.reveal()}` },
    });
    await platform.settled;
    const mlflow = platform.services().mlflow.url ?? "";
    const experiments = await withMlflow(
      { python, url: mlflow, token },
      "import mlflow; print([experiment.name for experiment in mlflow.search_experiments()])",
    );

    expect(projects.status).toBe(200);
    expect(seen.at(0)?.mlflow).toMatchObject({ state: "starting", url: mlflow });
    expect(seen.at(-1)).toEqual(platform.services());
    expect(platform.services().mlflow).toEqual({ state: "running", url: mlflow, detail: undefined });
    expect(experiments.trim()).toBe("['Default']");
  }, 120_000);
});

describe("the platform without a Python", () => {
  test("runs Azure DevOps, and says what is not there and why", async () => {
    await using empty = await temporaryFolder();

    await using platform = await startLocalPlatform({
      services: { environ: { PATH: empty.path }, ports: anyPorts },
    });
    await platform.settled;
    const { url, token } = platform.organization;
    const projects = await fetch(`${url}/_apis/projects`, {
      headers: { authorization: `Bearer ${token.reveal()}` },
    });

    const missing = {
      url: undefined,
      state: "unavailable",
      detail: expect.stringContaining("No Python 3.10 or newer"),
    };
    expect(projects.status).toBe(200);
    expect(platform.services()).toEqual({ databricks: missing, mlflow: missing });
  });
});

test("Azure DevOps alone starts nothing else", async () => {
  await using platform = await startLocalPlatform({});

  await platform.settled;

  const off = { url: undefined, state: "off", detail: undefined };
  expect(platform.services()).toEqual({ databricks: off, mlflow: off });
});
