import type { Secret } from "../../lib/errors/secret.ts";
import { run } from "./python-environment.ts";

export interface MlflowServerAddress {
  readonly python: string;
  readonly url: string;
  readonly token: Secret;
}

/** Runs Python code with the unmodified mlflow client against a server; answers what it printed, or fails with it. */
export async function withMlflow({ python, url, token }: MlflowServerAddress, code: string): Promise<string> {
  const { exitCode, output } = await run(python, ["-W", "ignore", "-c", code], {
    env: {
      MLFLOW_TRACKING_URI: url,
      MLFLOW_TRACKING_TOKEN: token.reveal(),
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
      MLFLOW_DISABLE_TELEMETRY: "true",
    },
  });
  if (exitCode !== 0) throw new Error(output);
  return output;
}
