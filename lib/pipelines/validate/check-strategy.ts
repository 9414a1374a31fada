import type { JobModel, PipelineModel } from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entriesOf, entryOf, itemsOf, type Entry, type YamlNode } from "../yaml-node.ts";

const legName = /^[A-Za-z]\w{0,99}$/;
const demand = /^\s*[\w.-]+(?:\s+-(?:equals|gtVersion|eq|gt)\s+\S.*|\s*)$/i;

/** The legs of matrices, the ways to deploy, and what is demanded of agents. */
export function checkStrategies({ stages, root }: PipelineModel): readonly PipelineProblem[] {
  const jobs = stages.flatMap((stage) => stage.jobs);
  const pools = [root, ...stages.map(({ node }) => node), ...jobs.map(({ node }) => node)];
  return [
    ...jobs.flatMap((job) => (job.isDeployment ? checkDeployment(job) : checkJob(job))),
    ...[...new Set(pools)].flatMap((node) => checkPool(entryOf(node, "pool"))),
  ];
}

function checkJob({ node }: JobModel): readonly PipelineProblem[] {
  const strategy = entryOf(node, "strategy");
  const matrix = entryOf(strategy, "matrix");
  if (strategy === undefined) return [];
  if (matrix !== undefined && entryOf(strategy, "parallel") !== undefined) {
    return [{ at: strategy.at, message: "A job has a matrix or runs in parallel parts, not both." }];
  }
  if (matrix === undefined || isLate(matrix)) return [];
  if (matrix.kind !== "map") return [{ at: matrix.at, message: "A matrix must be a mapping of its legs." }];
  return matrix.entries.flatMap(checkLeg);
}

function checkLeg({ key, value }: Entry): readonly PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  if (!legName.test(key.text)) {
    const message = `'${key.text}' is no name of a leg: letters, digits and underscores, a letter first.`;
    problems.push({ at: key.at, message, isAdvice: true });
  }
  if (value.kind !== "map") {
    problems.push({ at: value.at, message: `The leg '${key.text}' must be a mapping of variables.` });
  }
  for (const { key: name, value: given } of entriesOf(value)) {
    if (given.kind === "scalar") continue;
    problems.push({ at: given.at, message: `The variable '${name.text}' of a leg must be a single value.` });
  }
  return problems;
}

/** A matrix that a job before it computes. */
function isLate(matrix: YamlNode): boolean {
  return matrix.kind === "scalar" && /^\s*\$\[|\$\(/.test(matrix.text);
}

function checkDeployment({ node, name }: JobModel): readonly PipelineProblem[] {
  const strategy = entryOf(node, "strategy");
  if (strategy?.kind !== "map" || strategy.entries.length === 1) return [];
  const message = `The deployment '${name}' needs one of runOnce, rolling and canary.`;
  return [{ at: strategy.at, message }];
}

function checkPool(pool: YamlNode | undefined): readonly PipelineProblem[] {
  const demands = entryOf(pool, "demands");
  const given = demands?.kind === "list" ? itemsOf(demands) : [demands];
  return given.flatMap((item) => {
    if (item?.kind !== "scalar" || item.text === "" || item.text.includes("$(") || demand.test(item.text)) {
      return [];
    }
    const message = `'${item.text}' is no demand; write a name, or name -equals value.`;
    return [{ at: item.at, message }];
  });
}
