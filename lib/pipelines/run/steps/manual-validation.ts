import { failed, succeeded, type StepCall, type StepEnd } from "../step-call.ts";

/** Asks whoever approves for the run; the question carries the title of the step. */
export async function runManualValidation(call: StepCall): Promise<StepEnd> {
  const { run } = call.job;
  const request = { stage: call.at.stage ?? "", environment: call.title, isQuestion: true } as const;
  const instructions = call.input("instructions");
  if (instructions !== "") call.say(instructions);
  run.report.tell({ type: "approval", request });
  const outcome = await Promise.race([run.request.approve(request), untilAborted(call.signal)]);
  if (outcome === undefined) return failed("Nobody answered in time.");
  run.report.tell({ type: "approval", request, outcome });
  return outcome === "approved" ? succeeded : failed("It was rejected.");
}

async function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
  });
}
