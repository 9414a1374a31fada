import { mkdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { runGit } from "../../../git/run-git.ts";
import { failed, succeeded, type StepCall, type StepEnd } from "../step-call.ts";

/** Pushes of a step must not reach the repository that the run was started from. */
const nowhere = "a-local-run-pushes-nowhere";

/** Puts the commit of the run into the folder of the sources, as a clone of its own; `none` does nothing. */
export async function runCheckout(call: StepCall): Promise<StepEnd> {
  const wanted = call.step.main.text.trim();
  if (wanted.toLowerCase() === "none") return succeeded;
  if (wanted.toLowerCase() !== "self") {
    call.notEmulated(`the check-out of the repository ${wanted}`);
    return { result: "skipped", why: `A local run checks out its own repository only, not ${wanted}.` };
  }
  for (const key of ["lfs", "submodules", "sparseCheckoutDirectories", "sparseCheckoutPatterns"]) {
    if (!/^(?:false)?$/i.test(call.input(key))) call.notEmulated(`${key} of a check-out`);
  }
  const folder = folderOf(call);
  if (folder === undefined) return failed("Its path is outside Pipeline.Workspace.");
  const { repository, commit } = call.job.run.request.source;
  await mkdir(folder, { recursive: true });
  const quiet = ["--quiet", "--no-checkout", "--shared", "--no-tags"];
  await runGit(folder, ["clone", ...quiet, "--", repository, "."]);
  await runGit(folder, ["remote", "set-url", "--push", "origin", nowhere]);
  await runGit(folder, ["checkout", "--quiet", "--detach", commit]);
  call.say(`HEAD is now at ${commit}.`);
  setFolder(call, folder);
  return succeeded;
}

/** Undefined where the path leads out of the workspace. */
function folderOf(call: StepCall): string | undefined {
  const { sources, workspace } = call.job.identity.folders;
  const path = call.input("path");
  if (path === "") return sources;
  const folder = resolve(workspace, path);
  return folder.startsWith(workspace + sep) ? folder : undefined;
}

function setFolder({ job }: StepCall, value: string): void {
  for (const name of [
    "Build.SourcesDirectory",
    "System.DefaultWorkingDirectory",
    "Build.Repository.LocalPath",
  ]) {
    job.variables.set({ name, value, isSecret: false, isReadonly: false });
  }
}
