import type { Context } from "../context.ts";
import { ok, type Finding } from "./finding.ts";

/** The variables of Databricks and MLflow, where any is set: a run on this machine does not need them. */
export function checkServices({ environ }: Pick<Context, "environ">): readonly Finding[] {
  return [...checkDatabricks(environ), ...checkMlflow(environ)];
}

type Environ = Context["environ"];

function checkDatabricks(environ: Environ): readonly Finding[] {
  const topic = "Databricks";
  const address = environ["DATABRICKS_HOST"] ?? "";
  const names = Object.keys(environ).filter((name) => name.startsWith("DATABRICKS_") && environ[name] !== "");
  if (names.length === 0) return [];
  if (address === "") {
    const hint = "Set DATABRICKS_HOST to the address of the workspace.";
    return [{ topic, level: "warning", text: `${names.join(", ")} without DATABRICKS_HOST`, hint }];
  }
  if (!isAddress(address))
    return [
      { topic, level: "warning", text: "DATABRICKS_HOST is no https address", hint: "Write https://…" },
    ];
  const has = (name: string): boolean => names.includes(name);
  const isSignedIn =
    has("DATABRICKS_TOKEN") || (has("DATABRICKS_CLIENT_ID") && has("DATABRICKS_CLIENT_SECRET"));
  if (isSignedIn) return [ok(topic, `${hostOf(address)}, with a credential in the environment`)];
  const hint =
    "Set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, unless another way to sign in is configured.";
  return [
    { topic, level: "warning", text: `${hostOf(address)}, without a credential in the environment`, hint },
  ];
}

function checkMlflow(environ: Environ): readonly Finding[] {
  const topic = "MLflow";
  const address = environ["MLFLOW_TRACKING_URI"] ?? "";
  if (address === "") return [];
  if (/^databricks(-uc)?(:|$)/.test(address)) {
    if ((environ["DATABRICKS_HOST"] ?? "") !== "") return [ok(topic, "tracks in the Databricks workspace")];
    const hint = "Set DATABRICKS_HOST and its credential, or a profile in the address.";
    return [
      {
        topic,
        level: "warning",
        text: "MLFLOW_TRACKING_URI leads to Databricks, and DATABRICKS_HOST is not set",
        hint,
      },
    ];
  }
  if (!URL.canParse(address))
    return [{ topic, level: "warning", text: "MLFLOW_TRACKING_URI is no address", hint: "Write https://…" }];
  return [ok(topic, `tracks at ${hostOf(address)}`)];
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Without a user name and password, which an address may hold. */
function hostOf(address: string): string {
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}
