import { nearest } from "../../errors/nearest.ts";
import {
  stepsOf,
  type JobModel,
  type PipelineModel,
  type PlacedText,
  type StageModel,
  type StepModel,
  type VariablesModel,
} from "../pipeline-model.ts";
import type { PipelineProblem } from "../problem.ts";
import { entriesOf, entryOf, itemsOf, placeIn, textOf, type YamlNode } from "../yaml-node.ts";
import { predefinedVariables } from "./predefined-variables.ts";
import { isScriptInput, scriptsOf } from "./scripts.ts";

const macro = /\$\(([A-Za-z_][\w.]*)\)/g;
const setVariable = /##vso\[task\.setvariable\s+[^\]]*variable=([\w.]+)/gi;
const predefinedNames = byLowerCase(predefinedVariables);

/** The names of the variables in variable groups, as far as they are known, by the name of the group. */
export type GroupNames = Readonly<Record<string, readonly string[]>>;

/** What a place can read by `$(…)`. */
interface Known {
  /** As they are written, by their lower case. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether a variable group whose names are not known may add any. */
  readonly isOpen: boolean;
}

/** Macros that no variable stands behind; in scripts, where `$(command)` is legal, only those that can be no command. */
export function checkVariables(pipeline: PipelineModel, groups: GroupNames = {}): readonly PipelineProblem[] {
  const resources = itemsOf(entryOf(entryOf(pipeline.root, "resources"), "pipelines"));
  const aliases = resources.flatMap((item) => textOf(item, "pipeline") ?? []);
  return new VariablesCheck(groups, aliases).check(pipeline);
}

class VariablesCheck {
  private readonly groups: GroupNames;
  private readonly aliases: readonly string[];
  /** What names that are not known may have meant, found once for each. */
  private readonly meant = new Map<string, string | undefined>();

  constructor(groups: GroupNames, aliases: readonly string[]) {
    this.groups = groups;
    this.aliases = aliases;
  }

  check(pipeline: PipelineModel): readonly PipelineProblem[] {
    const root = this.extend({ names: predefinedNames, isOpen: false }, pipeline);
    return pipeline.stages.flatMap((stage) => this.checkStage(stage, this.extend(root, stage)));
  }

  private checkStage(stage: StageModel, known: Known): readonly PipelineProblem[] {
    return stage.jobs.flatMap((job) => this.checkJob(job, this.extend(known, job)));
  }

  private checkJob(job: JobModel, known: Known): readonly PipelineProblem[] {
    const steps = stepsOf(job);
    const inside: Known = { ...known, names: new Map([...known.names, ...byLowerCase(namesInJob(job))]) };
    const own = entriesOf(job.node)
      .filter(({ key }) => ["pool", "container", "workspace", "timeoutInMinutes"].includes(key.text))
      .flatMap(({ value }) => scalarsIn(value));
    const texts = [...job.variables.map(({ value }) => value), ...own];
    const found = texts.flatMap((text) => this.checkText(text, inside, () => true));
    return [...found, ...steps.flatMap((step) => this.checkStep(step, inside))];
  }

  private checkStep(step: StepModel, known: Known): readonly PipelineProblem[] {
    const scripts = scriptsOf(step).map(({ text }) => text);
    const plain = entriesOf(step.node).flatMap(({ key, value }) => {
      if (key.text === step.kind && scripts.length > 0) return [];
      if (key.text !== "inputs") return scalarsIn(value);
      return entriesOf(value).flatMap((input) =>
        isScriptInput(input.key.text) ? [] : scalarsIn(input.value),
      );
    });
    return [
      ...plain.flatMap((text) => this.checkText(text, known, () => true)),
      ...scripts.flatMap((text) => this.checkText(text, known, isNoCommand)),
    ];
  }

  private checkText(
    text: PlacedText,
    known: Known,
    isJudged: (name: string) => boolean,
  ): readonly PipelineProblem[] {
    if (!text.text.includes("$(")) return [];
    return [...text.text.matchAll(macro)].flatMap(({ 1: name = "", index }) => {
      if (!isJudged(name) || this.isKnown(name, known)) return [];
      const meant = this.nearestTo(name, known);
      const hint = meant === undefined ? {} : { hint: `Did you mean $(${meant})?` };
      const message = `There is no variable '${name}'.`;
      return [{ at: placeIn(text, index), message, ...hint, isAdvice: true as const }];
    });
  }

  private nearestTo(name: string, { names }: Known): string | undefined {
    if (!this.meant.has(name)) this.meant.set(name, nearest(name, [...names.values()]));
    const meant = this.meant.get(name);
    return meant !== undefined && names.has(meant.toLowerCase()) ? meant : undefined;
  }

  private isKnown(name: string, { names, isOpen }: Known): boolean {
    const wanted = name.toLowerCase();
    if (wanted.startsWith("resources.")) return this.isOfResource(wanted);
    const [step = ""] = wanted.split(".");
    return names.has(wanted) || names.has(`${step}.*`) || (isOpen && !name.includes("."));
  }

  private isOfResource(name: string): boolean {
    const [, kind, alias] = name.split(".");
    return kind !== "pipeline" || this.aliases.some((known) => known.toLowerCase() === alias);
  }

  private extend(known: Known, { variables, groups }: VariablesModel): Known {
    const inGroups = groups.flatMap(({ text }) => this.groups[text] ?? []);
    const added = [...variables.map(({ name }) => name), ...inGroups];
    return {
      names: new Map([...known.names, ...byLowerCase(added)]),
      isOpen: known.isOpen || groups.some(({ text }) => this.groups[text] === undefined),
    };
  }
}

/** What the job itself adds: variables of its matrix, those that its scripts set, and the outputs of its steps. */
function namesInJob(job: JobModel): readonly string[] {
  const legs = entriesOf(entryOf(entryOf(job.node, "strategy"), "matrix"));
  const ofMatrix = legs.flatMap(({ value }) => entriesOf(value).map(({ key }) => key.text));
  const ofScripts = stepsOf(job).flatMap((step) =>
    scriptsOf(step).flatMap(({ text }) => [...text.text.matchAll(setVariable)].map(([, name = ""]) => name)),
  );
  const outputs = stepsOf(job).flatMap(({ name }) => (name === undefined ? [] : [`${name.text}.*`]));
  const ofCaches = stepsOf(job).flatMap(({ inputs }) =>
    inputs.flatMap(([name, { text }]) => (name.toLowerCase() === "cachehitvar" ? [text] : [])),
  );
  return [...ofMatrix, ...ofScripts, ...outputs, ...ofCaches];
}

function byLowerCase(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), name] as const));
}

function isServiceName(name: string): boolean {
  return /^(?:agent|build|system|pipeline|environment|strategy)\./i.test(name);
}

/** No program has such a name. */
function isNoCommand(name: string): boolean {
  return isServiceName(name) || name.startsWith("resources.") || /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name);
}

function scalarsIn(node: YamlNode): readonly PlacedText[] {
  if (node.kind === "scalar") return [node];
  if (node.kind === "list") return node.items.flatMap(scalarsIn);
  return node.entries.flatMap(({ value }) => scalarsIn(value));
}
