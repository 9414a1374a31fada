import { access, constants } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { failed, type StepCall, type StepEnd } from "../step-call.ts";
import { runScript, sourcesOf } from "./shell.ts";

/** Runs the script of AzureCLI@2 as whoever is signed in to `az` on this machine; without `az` it is skipped and named. */
export async function runAzureCli(call: StepCall): Promise<StepEnd> {
  const type = call.input("scriptType").toLowerCase();
  if (type !== "bash") return skip(call, `AzureCLI with scripts of the type ${type}`);
  if (!(await isInstalled("az", call.environment()["PATH"] ?? ""))) {
    return skip(call, "AzureCLI, because az is not on this machine");
  }
  call.notEmulated(
    "the service connection of AzureCLI: the script ran as the account that az is signed in with",
  );
  if (call.input("scriptLocation").toLowerCase() === "inlinescript") {
    return await runScript(call, call.input("inlineScript"), []);
  }
  const path = call.input("scriptPath");
  if (path === "") return failed("It names no script: scriptPath is empty.");
  const file = resolve(sourcesOf(call), path).replaceAll("'", String.raw`'\''`);
  const words = call.input("arguments") || call.input("scriptArguments");
  return await runScript(call, `. '${file}' ${words}`, []);
}

function skip(call: StepCall, what: string): StepEnd {
  call.notEmulated(what);
  return { result: "skipped", why: `Not emulated: ${what}.` };
}

async function isInstalled(name: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    const isThere = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
