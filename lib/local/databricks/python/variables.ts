import { delimiter } from "node:path";
import type { Secret } from "../../../errors/secret.ts";
import type { Secrets } from "../state/secrets.ts";
import type { Compute } from "../jobs/prepare-compute.ts";

type Variables = Readonly<Record<string, string>>;

/** Variables of this machine that say something about another Python or another workspace, which a task must not see. */
const foreign = /^(DATABRICKS_|PYTHON|VIRTUAL_ENV|PIP_REQUIRE_VIRTUALENV$)/;
const secretName = /TOKEN|PASSWORD|SECRET|CREDENTIAL|_KEY$|^PIP_(EXTRA_)?INDEX_URL$/i;

/** The given variables without those of another Python or workspace. */
export function visibleVariables(environ: Variables): Variables {
  return Object.fromEntries(Object.entries(environ).filter(([name]) => !foreign.test(name)));
}

/** Values that nobody is shown, as far as the names of variables tell. */
export function secretValues(environ: Variables): readonly string[] {
  return Object.entries(environ).flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
}

export interface TaskVariablesOptions {
  readonly environ: Variables;
  readonly compute: Compute;
  readonly url: string;
  readonly token: Secret;
  readonly secrets: Secrets;
}

/** All variables of a task's process: those of the machine, of the cluster, and the way back to the workspace. */
export function taskVariables({ environ, compute, url, token, secrets }: TaskVariablesOptions): Variables {
  const own = Object.entries(compute.variables).map(([name, value]) => [name, secrets.fill(value)]);
  return {
    ...environ,
    // MLflow would tell its makers about each run, and wait for them at its end.
    MLFLOW_DISABLE_TELEMETRY: "true",
    ...Object.fromEntries(own),
    PATH: [compute.environment.bin, environ["PATH"] ?? ""].join(delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
    DATABRICKS_HOST: url,
    DATABRICKS_TOKEN: token.reveal(),
    DATABRICKS_RUNTIME_VERSION: compute.runtimeVersion,
  };
}
