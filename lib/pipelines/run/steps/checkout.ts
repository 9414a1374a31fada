import { mkdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { runGit } from "../../../git/run-git.ts";
import { failed, isTrue, succeeded, type StepCall, type StepEnd } from "../step-call.ts";

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
  const { commit } = call.job.run.request.source;
  await mkdir(folder, { recursive: true });
  await fetchInto(folder, call);
  await runGit(folder, ["remote", "set-url", "--push", "origin", nowhere]);
  await runGit(folder, ["checkout", "--quiet", "--detach", commit]);
  call.say(`HEAD is now at ${commit}.`);
  setFolder(call, folder);
  return succeeded;
}

/** All of the repository, or as many commits as the step asks for. */
async function fetchInto(folder: string, call: StepCall): Promise<void> {
  const { repository, commit } = call.job.run.request.source;
  const depth = Number(call.input("fetchDepth"));
  const tags = isTrue(call.input("fetchTags")) ? "--tags" : "--no-tags";
  if (!Number.isInteger(depth) || depth <= 0) {
    const words = ["--quiet", "--no-checkout", "--shared", ...(tags === "--tags" ? [] : [tags])];
    await runGit(folder, ["clone", ...words, "--", repository, "."]);
    return;
  }
  await runGit(folder, ["init", "--quiet"]);
  await runGit(folder, ["remote", "add", "origin", repository]);
  // The commit may be the tip of no branch, which the second version of the protocol alone gives away.
  const protocol = ["-c", "protocol.version=2"];
  await runGit(folder, [...protocol, "fetch", "--quiet", tags, `--depth=${depth}`, "origin", commit]);
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
