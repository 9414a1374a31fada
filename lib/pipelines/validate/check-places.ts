import { nearest } from "../../errors/nearest.ts";
import {
  stepsOf,
  type JobModel,
  type PipelineModel,
  type PlacedText,
  type StepModel,
} from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entryOf, itemsOf, textOf, type MapNode, type YamlNode } from "../yaml-node.ts";

/** Where the service reads what is written and expands nothing. */
const literalKeys: readonly string[] = ["trigger", "pr", "schedules", "resources"];
/** Inputs that name a service connection. */
const connection =
  /^(?:azureSubscription(?:Endpoint.*)?|connectedService.*|.*serviceConnection|containerRegistry)$/i;

/** Expressions where they are not expanded, values that come too late, and names of resources that are not declared. */
export function checkPlaces(pipeline: PipelineModel): readonly PipelineProblem[] {
  const { root, stages } = pipeline;
  const aliases = (section: string, key: string): readonly string[] =>
    itemsOf(entryOf(entryOf(root, "resources"), section)).flatMap((item) => textOf(item, key) ?? []);
  const resources: Resources = {
    repositories: ["self", "none", ...aliases("repositories", "repository")],
    pipelines: ["current", "none", ...aliases("pipelines", "pipeline")],
    containers: ["host", ...aliases("containers", "container")],
  };
  const jobs = stages.flatMap((stage) =>
    stage.jobs.map((job) => ({
      job,
      names: namesIn(pipeline, stage, job),
      // The service asks for the groups of the pipeline and the stage before it plans the run.
      hasGroups: pipeline.groups.length + stage.groups.length > 0,
    })),
  );
  return [
    ...checkLiterals(root),
    ...jobs.flatMap(({ job, names, hasGroups }) =>
      checkPlanned(job, names).map((problem) =>
        hasGroups ? { ...problem, isAdvice: true as const } : problem,
      ),
    ),
    ...jobs.flatMap(({ job }) => stepsOf(job).flatMap((step) => checkAliases(step, resources))),
  ];
}

interface Resources {
  readonly repositories: readonly string[];
  readonly pipelines: readonly string[];
  readonly containers: readonly string[];
}

function namesIn(...scopes: readonly Pick<PipelineModel, "variables">[]): ReadonlySet<string> {
  return new Set(scopes.flatMap(({ variables }) => variables.map(({ name }) => name.toLowerCase())));
}

function checkLiterals(root: MapNode): readonly PipelineProblem[] {
  return root.entries
    .filter(({ key }) => literalKeys.includes(key.text))
    .flatMap(({ key, value }) =>
      expressionsUnder(value).map(({ at }) => ({
        at,
        message: `The service expands no expressions under '${key.text}'.`,
      })),
    );
}

function expressionsUnder(node: YamlNode): readonly PlacedText[] {
  if (node.kind === "scalar") return node.text.includes("${{") && node.isResult !== true ? [node] : [];
  if (node.kind === "list") return node.items.flatMap(expressionsUnder);
  return node.entries.flatMap(({ key, value }) => [...expressionsUnder(key), ...expressionsUnder(value)]);
}

/** Environments and connections are asked for their approvals before any variable of the run is known. */
function checkPlanned(job: JobModel, names: ReadonlySet<string>): readonly PipelineProblem[] {
  const connections = stepsOf(job).flatMap(({ inputs }) =>
    inputs.flatMap(([name, value]) =>
      // A variable that the page of the pipeline adds is known in time, too.
      connection.test(name) ? [{ value, what: `'${name}'`, asAdvice: { isAdvice: true as const } }] : [],
    ),
  );
  const environment =
    job.environment === undefined ? [] : [{ value: job.environment, what: "The environment", asAdvice: {} }];
  return [...environment, ...connections].flatMap(({ value, what, asAdvice }) => {
    const late = [...value.text.matchAll(/\$\(([\w.]+)\)/g)].find(
      ([, name = ""]) => !names.has(name.toLowerCase()),
    );
    if (late === undefined) return [];
    const message = `${what} must be known when the run is planned, and ${late[0]} is not.`;
    const hint = "Use ${{ … }} with a parameter or a variable of the YAML.";
    return [{ at: value.at, message, hint, ...asAdvice }];
  });
}

function checkAliases({ kind, main, node }: StepModel, resources: Resources): readonly PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  if (kind === "checkout" && !main.text.includes("://")) {
    problems.push(...undeclared(main, resources.repositories, "repository"));
  }
  if (kind === "download") problems.push(...undeclared(main, resources.pipelines, "pipeline"));
  const target = entryOf(node, "target");
  const container = target?.kind === "map" ? entryOf(target, "container") : target;
  if (container?.kind === "scalar") {
    problems.push(...undeclared(container, resources.containers, "container"));
  }
  return problems;
}

function undeclared(
  { text, at }: PlacedText,
  known: readonly string[],
  what: string,
): readonly PipelineProblem[] {
  if (known.some((name) => name.toLowerCase() === text.toLowerCase()) || text.includes("$(")) return [];
  // A repository of the same organisation may be checked out by its address: git://project/name@ref.
  if (what === "repository" && /^(?:git|github|bitbucket):/.test(text)) return [];
  const meant = nearest(text, known);
  const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
  return [{ at, message: `There is no ${what} '${text}' among the resources.`, ...hint }];
}
