import { localApprovalRefused, localNothingToApprove } from "../errors/catalogue/local.ts";
import { listIn, scalarIn, textIn } from "./devops/body.ts";
import { readToken, type LocalStatus } from "./daemon.ts";

export interface Wanted {
  /** Number of a run; absent: all. */
  readonly run: string | undefined;
  /** Name of an environment; absent: all. */
  readonly environment: string | undefined;
  readonly outcome: "approved" | "rejected";
}

/** An approval that was decided. */
export interface Decided {
  readonly id: string;
  readonly run: number;
  readonly pipeline: string;
  readonly stage: string;
  readonly environment: string;
  readonly outcome: Wanted["outcome"];
}

interface Pending extends Omit<Decided, "outcome"> {
  readonly projectId: string;
}

/** Decides the approvals that runs of the local organisation wait for, in the name of whoever is asked; says which they were. */
export async function decideApprovals(status: LocalStatus, wanted: Wanted): Promise<readonly Decided[]> {
  const pending = await readPending(status);
  const meant = pending.filter(
    ({ run, environment }) =>
      (wanted.run ?? String(run)) === String(run) &&
      (wanted.environment ?? environment).toLowerCase() === environment.toLowerCase(),
  );
  if (meant.length === 0)
    throw localNothingToApprove(pending.map(({ run, environment }) => `run ${run} for ${environment}`));
  const decided: Decided[] = [];
  for (const { projectId, ...approval } of meant) {
    const body = [{ approvalId: approval.id, status: wanted.outcome, comment: "" }];
    const answer = await send(status, `${projectId}/_apis/pipelines/approvals`, body);
    if (answer.message !== undefined) throw localApprovalRefused(approval, answer.message);
    decided.push({ ...approval, outcome: wanted.outcome });
  }
  return decided;
}

async function readPending(status: LocalStatus): Promise<readonly Pending[]> {
  const { body } = await send(status, "../_emulator/approvals");
  return listIn(body, "value").map((approval) => ({
    id: textIn(approval, "id") ?? "",
    projectId: textIn(approval, "projectId") ?? "",
    run: Number(scalarIn(approval, "runId")),
    pipeline: textIn(approval, "pipeline") ?? "",
    stage: textIn(approval, "stage") ?? "",
    environment: textIn(approval, "environment") ?? "",
  }));
}

async function send(
  { url, folder }: LocalStatus,
  path: string,
  body?: unknown,
): Promise<{ readonly body: unknown; readonly message: string | undefined }> {
  const response = await fetch(new URL(path, `${url ?? ""}/`), {
    method: body === undefined ? "GET" : "PATCH",
    headers: {
      authorization: `Bearer ${readToken(folder).reveal()}`,
      "content-type": "application/json",
      accept: "application/json;api-version=7.1",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return {
    body: answer,
    message: response.ok ? undefined : (textIn(answer, "message") ?? `status ${response.status}`),
  };
}
