import { basename } from "node:path";
import { Moment, type ObjectValue } from "../expressions/value.ts";
import { repositoryResources } from "../repository-resources.ts";
import type { RunState } from "./run-state.ts";

/** What every runtime expression of a run may name beside variables: when it began, and the repositories that it declares. */
export function pipelineContext({ startTime, request }: RunState): ObjectValue {
  const others = repositoryResources(request.model.root).map(
    ({ alias, name, type, ref = "refs/heads/main" }) => [alias, { name, type, ref }] as const,
  );
  return {
    pipeline: { startTime: new Moment(startTime) },
    resources: { repositories: { self: selfOf(request.source), ...Object.fromEntries(others) } },
  };
}

function selfOf({ repository, branch, commit }: RunState["request"]["source"]): ObjectValue {
  return {
    name: basename(repository, ".git"),
    ref: branch.startsWith("refs/") ? branch : `refs/heads/${branch}`,
    type: "git",
    url: repository,
    version: commit,
  };
}
