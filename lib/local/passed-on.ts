import type { Environ } from "./mlflow/start-bound-process.ts";

/** What a program needs to find its way on this machine and to install packages; no credential of another service is among them. */
const wanted =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|XDG_CACHE_HOME|PYENV_ROOT|PIP_\w+|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|(HTTPS?|ALL|NO)_PROXY)$/i;

/** Of the variables of this process, those that the programs of MLflow and Databricks see. */
export function passedOn(environ: Environ): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environ).flatMap(([name, value]) =>
      value !== undefined && wanted.test(name) ? [[name, value]] : [],
    ),
  );
}
