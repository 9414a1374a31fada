import { nearest } from "../../errors/nearest.ts";
import {
  stepsOf,
  type JobModel,
  type PipelineModel,
  type PlacedText,
  type StageModel,
} from "../pipeline-model.ts";
import type { PipelineProblem, Position } from "../problem.ts";

interface GraphNode {
  readonly name: string;
  readonly at: Position;
  readonly dependsOn: readonly PlacedText[];
}

/** Names that are there twice, dependencies on what does not exist, and circles, of stages and of jobs. */
export function checkGraph(pipeline: PipelineModel): readonly PipelineProblem[] {
  return [
    ...checkNodes(asNodes(pipeline.stages), "stage"),
    ...checkNames(pipeline),
    ...pipeline.stages.flatMap((stage) => [
      ...checkNodes(stage.jobs, "job"),
      ...(stage.jobs.length === 0
        ? [{ at: stage.at, message: `The stage '${stage.name}' has no jobs.`, isAdvice: true as const }]
        : []),
      ...stage.jobs.flatMap(checkJob),
    ]),
  ];
}

/** A stage that names nothing waits for the one before it. */
function asNodes(stages: readonly StageModel[]): readonly GraphNode[] {
  return stages.map(({ name, at, dependsOn }, index) => {
    const before = stages[index - 1];
    const implied = before === undefined ? [] : [{ text: before.name, at }];
    return { name, at, dependsOn: dependsOn ?? implied };
  });
}

/** Names that mean something else to the service. */
function checkNames({ stages }: PipelineModel): readonly PipelineProblem[] {
  const jobs = stages.flatMap((stage) => stage.jobs.filter(({ isDeployment }) => isDeployment));
  return jobs
    .filter(({ name }) => name.toLowerCase() === "deploy")
    .map(({ at }) => ({
      at,
      message: "The service does not support the name deploy for a deployment.",
      isAdvice: true as const,
    }));
}

function checkNodes(nodes: readonly GraphNode[], what: string): readonly PipelineProblem[] {
  return [...duplicates(nodes, what), ...unknown(nodes, what), ...circles(nodes, what)];
}

function duplicates(nodes: readonly GraphNode[], what: string): readonly PipelineProblem[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ name, at }) => {
    const isSecond = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return isSecond ? [{ at, message: `There are two ${what}s '${name}'.` }] : [];
  });
}

function unknown(nodes: readonly GraphNode[], what: string): readonly PipelineProblem[] {
  const names = nodes.map(({ name }) => name);
  const known = new Set(names.map((name) => name.toLowerCase()));
  return nodes.flatMap((node) =>
    node.dependsOn
      .filter(({ text }) => !known.has(text.toLowerCase()))
      .map(({ text, at }) => {
        const meant = nearest(text, names);
        const message = `The ${what} '${node.name}' depends on the ${what} '${text}', which does not exist.`;
        return { at, message, ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }) };
      }),
  );
}

function circles(nodes: readonly GraphNode[], what: string): readonly PipelineProblem[] {
  const byName = new Map(nodes.map((node) => [node.name.toLowerCase(), node]));
  const inCircle = nodes.filter((node) => ancestorsOf(node, byName).has(node.name.toLowerCase()));
  const [first] = inCircle;
  if (first === undefined) return [];
  const names = inCircle.map(({ name }) => name).join(", ");
  const at = first.dependsOn[0]?.at ?? first.at;
  return [{ at, message: `The ${what}s ${names} wait for each other in a circle.` }];
}

function ancestorsOf(node: GraphNode, byName: ReadonlyMap<string, GraphNode>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = node.dependsOn.map(({ text }) => text.toLowerCase());
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...(byName.get(name)?.dependsOn ?? []).map(({ text }) => text.toLowerCase()));
  }
  return found;
}

function checkJob(job: JobModel): readonly PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  if (job.isDeployment && job.environment === undefined) {
    problems.push({ at: job.at, message: `The deployment '${job.name}' names no environment.` });
  }
  if (job.isDeployment && job.strategy === undefined) {
    problems.push({ at: job.at, message: `The deployment '${job.name}' has no strategy.` });
  }
  if (stepsOf(job).length === 0) {
    problems.push({ at: job.at, message: `The job '${job.name}' has no steps.`, isAdvice: true });
  }
  for (const { steps } of job.hooks) {
    const named = steps.flatMap(({ name }) =>
      name === undefined ? [] : [{ name: name.text, at: name.at, dependsOn: [] }],
    );
    problems.push(...duplicates(named, "step"));
  }
  return problems;
}
