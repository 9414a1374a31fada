import { confirm } from "../ask.ts";
import type { Context } from "../context.ts";
import type { ApprovalRequest, RunRequest } from "../../pipelines/run/run-types.ts";

export interface ApprovalOptions {
  /** Names that were approved beforehand, or `all`. */
  readonly approved: readonly string[];
  readonly context: Context;
  /** Told why nobody was asked. */
  readonly warn: (text: string) => void;
}

/** Approves what was named beforehand, asks a person for the rest, and rejects it where nobody can be asked. */
export function approvals({ approved, context, warn }: ApprovalOptions): RunRequest["approve"] {
  // Two stages may wait at once, and a person answers one question at a time.
  let before: Promise<unknown> = Promise.resolve();
  return (request) => {
    if (approved.some((name) => names(name, request))) return Promise.resolve("approved");
    const { ask } = context;
    const { environment, stage } = request;
    if (ask === undefined) {
      warn(
        `Nobody can be asked to approve ${environment} for the stage ${stage}; add --approve ${environment}.`,
      );
      return Promise.resolve("rejected");
    }
    const answer = before.then(() => confirm(ask, `Approve ${environment} for the stage ${stage}?`));
    before = answer.catch(() => undefined);
    return answer.then((isApproved) => (isApproved ? "approved" : "rejected"));
  };
}

/** `QA` is short for the environment iris-qa and for the stage Deploy_QA. */
function names(given: string, { environment, stage }: ApprovalRequest): boolean {
  const name = given.trim().toLowerCase();
  if (name === "") return false;
  return (
    name === "all" ||
    [environment, stage].some((full) => full.toLowerCase() === name) ||
    environment.toLowerCase().endsWith(`-${name}`) ||
    stage.toLowerCase().endsWith(`_${name}`)
  );
}
