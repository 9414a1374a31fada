import { parseYamlNode } from "../parse-yaml-node.ts";
import { entriesOf, entryOf, textOf, type YamlNode } from "../yaml-node.ts";
import { evaluateRuntimeText } from "./conditions.ts";
import { statedVariables } from "./contexts.ts";
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

function legsOf(phase: Phase): readonly Leg[] {
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
function matrixOf({ run, stage, model, contexts }: Phase, node: YamlNode | undefined): YamlNode | undefined {
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
