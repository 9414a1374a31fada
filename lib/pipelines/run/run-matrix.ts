import { parseYamlNode } from "../parse-yaml-node.ts";
import { entriesOf, entryOf, textOf, type YamlNode } from "../yaml-node.ts";
import { evaluateRuntimeText } from "./conditions.ts";
import { statedVariables } from "./contexts.ts";
import { combineResults } from "./results.ts";
import { runInTime, type JobTime, type PhasesEnd } from "./run-in-time.ts";
import { runPhase, type Phase } from "./run-phase.ts";
import type { Variable } from "./variables.ts";

interface Leg {
  readonly name: string;
  readonly own: Readonly<Record<string, string>>;
}

/** A job before its time begins. */
export type TimelessPhase = Omit<Phase, keyof JobTime>;

/** Runs the legs of a job's matrix one after the other, each in a time of its own, or the job once where it has none; never throws. */
export async function runMatrix(phase: TimelessPhase): Promise<PhasesEnd> {
  const { run, model: job } = phase;
  const legs = readLegs(phase);
  if ("result" in legs) return legs;
  const begin = (leg: TimelessPhase): Promise<PhasesEnd> =>
    runInTime({ run, job }, (time) => runPhase({ ...leg, ...time }));
  if (legs.length === 0) return await begin(phase);
  const ends: PhasesEnd[] = [];
  const outputs = new Map<string, Variable>();
  for (const { name, own } of legs) {
    const folder = `${phase.folder}.${name}`;
    const stepsBefore = ends.reduce((sum, { steps }) => sum + steps.length, 0);
    const end = await begin({ ...phase, folder, stepsBefore, title: `${phase.title} ${name}`, own });
    ends.push(end.why === undefined ? end : { ...end, why: `${name}: ${end.why}` });
    for (const [path, variable] of end.outputs) outputs.set(`${name}.${path}`, variable);
  }
  const result = combineResults(ends.map((end) => end.result));
  const why = ends.flatMap((end) => end.why ?? []).join(" ");
  const steps = ends.flatMap((end) => end.steps);
  return { result, steps, outputs, ...(why === "" ? {} : { why }) };
}

/** The legs, or how the job ends because they cannot be read. */
function readLegs(phase: TimelessPhase): readonly Leg[] | PhasesEnd {
  try {
    return legsOf(phase);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { result: "failed", why, steps: [], outputs: new Map() };
  }
}

function legsOf(phase: TimelessPhase): readonly Leg[] {
  const strategy = entryOf(phase.model.node, "strategy");
  const parallel = Number(textOf(strategy, "parallel") ?? "0");
  const slices = Array.from(
    { length: Number.isInteger(parallel) ? Math.max(0, parallel) : 0 },
    (_, index) => ({
      name: String(index + 1),
      own: { "System.JobPositionInPhase": String(index + 1), "System.TotalJobsInPhase": String(parallel) },
    }),
  );
  const legs = entriesOf(matrixOf(phase, entryOf(strategy, "matrix"))).map(({ key, value }) => ({
    name: key.text,
    own: Object.fromEntries(entriesOf(value).map((entry) => [entry.key.text, scalarText(entry.value)])),
  }));
  return [...slices, ...legs];
}

/** A matrix that is written out, or the one that an expression gives when the job begins, as JSON. */
function matrixOf(
  { run, stage, model, contexts }: TimelessPhase,
  node: YamlNode | undefined,
): YamlNode | undefined {
  if (node?.kind !== "scalar") return node;
  const variables = statedVariables(run, [stage, model], contexts).toObject();
  const text = evaluateRuntimeText(node.text, { ...contexts, variables }, () => 0);
  const legs = parseYamlNode(text, node.at.file);
  if (legs.kind === "map") return legs;
  throw new Error(`Its matrix is no mapping of legs: ${JSON.stringify(text)}.`);
}

function scalarText(node: Parameters<typeof entriesOf>[0]): string {
  return node?.kind === "scalar" ? node.text : "";
}
