import type { ObjectValue, Value } from "./expressions/value.ts";
import {
  expandEntries,
  expandItems,
  expandNode,
  expandScalar,
  visitItems,
  type Scoped,
} from "./expand-node.ts";
import { expandResources, payloadsOf } from "./expand-resources.ts";
import { expandStrategy } from "./expand-strategy.ts";
import { mergeExtended } from "./merge-extended.ts";
import {
  displayName,
  resolveTemplate,
  TemplateFiles,
  type ReadFile,
  type WhyMissing,
} from "./load-template.ts";
import {
  assignParameters,
  givenAtDeclarations,
  readParameters,
  undeclared,
  type Given,
  type ParameterList,
} from "./parameters.ts";
import { normalValue } from "./normal-values.ts";
import { sectionOfType } from "./parameter-types.ts";
import { problemAt, type PipelineProblem, type Position } from "./problem.ts";
import { largestExpansion, type FileLocation, type Scope } from "./scope.ts";
import { expandVariableMap, withVariable } from "./scope-variables.ts";
import { asList, bodyOf, readCall, type Section } from "./template-call.ts";
import { entryOf, toValue, type Entry, type ListNode, type MapNode, type YamlNode } from "./yaml-node.ts";

export interface ExpandOptions {
  readonly read: ReadFile;
  /** Says more about a file that is not there, such as where its repository is expected. */
  readonly whyMissing?: WhyMissing;
  /** The pipeline's own file, relative to the root of its repository. */
  readonly file: string;
  /** Values of the pipeline's parameters, by name. */
  readonly parameters?: Readonly<Record<string, Value>>;
  /** Variables that the service knows before it reads the file, such as `Build.SourceBranchName`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A pipeline without expressions, templates and directives. */
export interface ExpandedPipeline {
  readonly root: MapNode;
  /** Every file that took part, the pipeline's own first. */
  readonly files: readonly string[];
  /** The mappings in those files as they are written. */
  readonly sources: readonly MapNode[];
  /** What the service accepts and ignores. */
  readonly advice: readonly PipelineProblem[];
  readonly parameters: ObjectValue;
}

const deepest = 20;
/** Where the service expands no expressions. */
const plainKeys = new Set(["trigger", "pr", "schedules", "parameters"]);

/** Expands a pipeline as the service does before it runs it; what is wrong is a PipelineError with its places. */
export function expandPipeline(options: ExpandOptions): ExpandedPipeline {
  return new Expander(options).expand();
}

class Expander {
  private readonly options: ExpandOptions;
  private readonly files: TemplateFiles;
  private depth = 0;

  constructor(options: ExpandOptions) {
    this.options = options;
    this.files = new TemplateFiles(options.read, options.whyMissing);
  }

  expand(): ExpandedPipeline {
    const file: FileLocation = { alias: "self", path: this.options.file };
    const start: Position = { file: displayName(file), line: 1, column: 1 };
    const root = this.files.load(file, start);
    const given = givenAtDeclarations(entryOf(root, "parameters"), this.options.parameters ?? {}, start);
    const { variables = {} } = this.options;
    const budget = { left: largestExpansion };
    const isOpen = entryOf(root, "parameters")?.kind === "map";
    const scope: Scope = { file, variables, parameters: undefined, isOpen, loops: {}, budget, notes: [] };
    const parameters = this.assign(root, scope, { given, at: undefined });
    const seen = { ...payloadsOf(entryOf(root, "resources")), ...parameters };
    const expanded = this.expandRoot(root, { ...scope, parameters: seen });
    return {
      root: expanded,
      files: this.files.used,
      sources: this.files.roots,
      advice: scope.notes,
      parameters,
    };
  }

  /** The mapping of a pipeline's own file or of the file that it extends. */
  private expandRoot(root: MapNode, scope: Scope): MapNode {
    const plain = root.entries.filter(({ key }) => plainKeys.has(key.text) && key.text !== "parameters");
    const rest: MapNode = { ...root, entries: root.entries.filter(({ key }) => !plainKeys.has(key.text)) };
    const entries = this.expandParts(rest, scope);
    const extended = entries.find(({ key }) => key.text === "extends");
    if (extended === undefined) return { ...root, entries: [...plain, ...entries] };
    return mergeExtended({ ...root, entries: [...plain, ...entries] }, extended);
  }

  /** The entries of a pipeline, stage or job: variables first, because all others see them. */
  private expandParts(map: MapNode, scope: Scope): readonly Entry[] {
    const entries = expandEntries(map, scope);
    let inner = scope;
    let variables: YamlNode | undefined;
    const own = entries.find(({ node }) => node.key.text === "variables");
    if (own !== undefined) {
      const found = this.expandVariables(own.node.value, own.scope);
      inner = { ...scope, variables: found.scope.variables };
      variables = found.node;
    }
    return entries.map(({ node, scope: at }) => {
      const seen = { ...at, variables: inner.variables };
      const value =
        node.key.text === "variables" && variables !== undefined ? variables : this.expandPart(node, seen);
      return { key: node.key, value };
    });
  }

  private expandPart({ key, value }: Entry, scope: Scope): YamlNode {
    switch (key.text) {
      case "stages":
      case "jobs":
      case "steps":
        return this.expandSection(key.text, value, scope);
      case "strategy":
        return expandStrategy(value, scope, (steps, at) => this.expandSection("steps", steps, at));
      case "extends":
        return this.expandExtends(value, scope);
      case "resources":
        return expandResources(value, scope);
      default:
        return expandNode(value, scope);
    }
  }

  /** A section is a list, or an expression or directives that give one. */
  private expandSection(section: Exclude<Section, "variables">, value: YamlNode, scope: Scope): ListNode {
    const node = value.kind === "list" ? value : asList(expandNode(value, scope), section);
    const items = expandItems(node, scope).flatMap((item) => this.expandSectionItem(section, item));
    return { kind: "list", items, at: value.at };
  }

  private expandSectionItem(section: Section, { node, scope }: Scoped<YamlNode>): readonly YamlNode[] {
    if (node.kind === "scalar" && node.text === "") return [];
    if (node.kind !== "map") throw problemAt(node.at, `Each of the ${section} must be a mapping.`);
    const template = expandEntries(node, scope).find((entry) => entry.node.key.text === "template");
    if (template !== undefined) return this.include(section, node, scope);
    if (section === "steps") return [expandNode(node, scope)];
    return [{ ...node, entries: this.expandParts(node, scope) }];
  }

  private expandVariables(value: YamlNode, scope: Scope): Scoped<YamlNode> {
    if (value.kind === "map") return expandVariableMap(value, scope);
    if (value.kind === "scalar") {
      const node = expandNode(value, scope);
      return node.kind === "scalar" ? { node, scope } : this.expandVariables(node, scope);
    }
    const items: YamlNode[] = [];
    const last = visitItems(value, scope, (item) => this.addVariable(item, items));
    return { node: { ...value, items }, scope: last };
  }

  private addVariable({ node, scope }: Scoped<YamlNode>, items: YamlNode[]): Scope {
    if (node.kind !== "map") throw problemAt(node.at, "Each of the variables must be a mapping.");
    const entries = expandEntries(node, scope);
    if (entries.some((entry) => entry.node.key.text === "template")) {
      const found = this.includeVariables(node, scope);
      items.push(...(found.node.kind === "list" ? found.node.items : []));
      return found.scope;
    }
    const expanded = expandNode(node, scope);
    items.push(expanded);
    const name = entryOf(expanded, "name");
    const value = entryOf(expanded, "value");
    return name?.kind === "scalar" ? withVariable(scope, name.text, value) : scope;
  }

  private includeVariables(call: MapNode, scope: Scope): Scoped<YamlNode> {
    return this.enter("variables", { node: call, scope }, (body, inner) => {
      const found = this.expandVariables(body, inner);
      return { node: found.node, scope: { ...scope, variables: found.scope.variables } };
    });
  }

  private include(section: Section, call: MapNode, scope: Scope): readonly YamlNode[] {
    if (section === "variables") return [];
    return this.enter(
      section,
      { node: call, scope },
      (body, inner) => this.expandSection(section, body, inner).items,
    );
  }

  private expandExtends(value: YamlNode, scope: Scope): YamlNode {
    if (value.kind !== "map") throw problemAt(value.at, "extends needs a template.");
    return this.enter("extends", { node: value, scope }, (body, inner) =>
      body.kind === "map" ? this.expandRoot(body, inner) : body,
    );
  }

  /** Loads the template of a call, gives it its parameters, and expands the part that is wanted. */
  private enter<T>(
    section: Section | "extends",
    { node: call, scope }: Scoped<MapNode>,
    expandBody: (body: YamlNode, scope: Scope) => T,
  ): T {
    const { name, parameters } = readCall(call, scope);
    const location = resolveTemplate(name.text, scope.file, name.at);
    if (this.depth >= deepest) throw problemAt(name.at, `Templates are nested more than ${deepest} deep.`);
    const root = this.files.load(location, name.at);
    this.depth += 1;
    try {
      const list = readParameters(entryOf(root, "parameters"));
      const given = this.readGiven(parameters, list);
      if (list.isOpen) scope.notes.push(...undeclared(list, given, displayName(location)));
      const { isOpen } = list;
      const empty: Scope = { ...scope, file: location, parameters: undefined, isOpen, loops: {} };
      const values = this.assign(root, empty, { given, at: name.at });
      const inner = { ...empty, parameters: values };
      return expandBody(section === "extends" ? root : bodyOf(root, section, location), inner);
    } finally {
      this.depth -= 1;
    }
  }

  /** What a call gives, expanded in the scope of the call; lists of steps, jobs and stages with their templates. */
  private readGiven(
    parameters: Scoped<YamlNode> | undefined,
    list: ParameterList,
  ): ReadonlyMap<string, Given> {
    if (parameters === undefined) return new Map();
    const { node, scope } = parameters;
    const map = node.kind === "scalar" ? expandScalar(node, scope) : node;
    if (map.kind === "scalar" && map.text === "") return new Map();
    if (map.kind !== "map") throw problemAt(node.at, "parameters must be a mapping.");
    const types = new Map(list.parameters.map(({ name, type }) => [name.toLowerCase(), type]));
    return new Map(
      expandEntries(map, scope).map(({ node: { key, value }, scope: inner }) => {
        const type = types.get(key.text.toLowerCase()) ?? "object";
        return [key.text, { value: this.valueOf(type, value, inner), at: value.at }];
      }),
    );
  }

  private valueOf(type: string, node: YamlNode, scope: Scope): Value {
    const section = sectionOfType[type];
    if (section === undefined) {
      const given = expandNode(node, scope);
      return type === "string" && given.kind === "scalar" ? (given.value ?? given.text) : toValue(given);
    }
    if (node.kind === "map" && !type.endsWith("List")) {
      const [only] = this.expandSection(section, { kind: "list", items: [node], at: node.at }, scope).items;
      return only === undefined ? null : normalValue(toValue(only));
    }
    return this.expandSection(section, node, scope).items.map((item) => normalValue(toValue(item)));
  }

  private assign(
    root: MapNode,
    scope: Scope,
    { given, at }: { readonly given: ReadonlyMap<string, Given>; readonly at: Position | undefined },
  ): ObjectValue {
    return assignParameters({
      list: readParameters(entryOf(root, "parameters")),
      given,
      at,
      file: displayName(scope.file),
      fallback: ({ values }) => (at === undefined ? values[0] : undefined),
      defaultOf: ({ type }, node) => this.valueOf(type, node, { ...scope, parameters: {} }),
    });
  }
}
