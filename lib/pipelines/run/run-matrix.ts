import { entriesOf, entryOf, textOf } from "../yaml-node.ts";
import { combineResults } from "./results.ts";
import { runPhase, type Phase, type PhaseEnd } from "./run-phase.ts";
import type { Variable } from "./variables.ts";

interface Leg {
  readonly name: string;
  readonly own: Readonly<Record<string, string>>;
}

/** Runs the legs of a job's matrix one after the other, or the job once where it has none. */
export async function runMatrix(phase: Phase): Promise<PhaseEnd> {
  const legs = legsOf(phase);
  if (legs.length === 0) return await runPhase(phase);
  const ends: PhaseEnd[] = [];
  const outputs = new Map<string, Variable>();
  for (const { name, own } of legs) {
    const folder = `${phase.folder}.${name}`;
    const stepsBefore = ends.reduce((sum, { steps }) => sum + steps.length, 0);
    const end = await runPhase({ ...phase, folder, stepsBefore, title: `${phase.title} ${name}`, own });
    ends.push(end);
    for (const [path, variable] of end.outputs) outputs.set(`${name}.${path}`, variable);
  }
  const result = combineResults(ends.map((end) => end.result));
  return { result, steps: ends.flatMap(({ steps }) => steps), outputs };
}

/** A matrix that an expression gives at run time is not read. */
function legsOf({ model }: Phase): readonly Leg[] {
  const strategy = entryOf(model.node, "strategy");
  const parallel = Number(textOf(strategy, "parallel") ?? "0");
  const slices = Array.from(
    { length: Number.isInteger(parallel) ? Math.max(0, parallel) : 0 },
    (_, index) => ({
      name: String(index + 1),
      own: { "System.JobPositionInPhase": String(index + 1), "System.TotalJobsInPhase": String(parallel) },
    }),
  );
  const legs = entriesOf(entryOf(strategy, "matrix")).map(({ key, value }) => ({
    name: key.text,
    own: Object.fromEntries(entriesOf(value).map((entry) => [entry.key.text, scalarText(entry.value)])),
  }));
  return [...slices, ...legs];
}

function scalarText(node: Parameters<typeof entriesOf>[0]): string {
  return node?.kind === "scalar" ? node.text : "";
}
