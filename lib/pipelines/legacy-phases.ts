import { entriesOf, scalar, type Entry, type MapNode, type YamlNode } from "./yaml-node.ts";

/** Settings of a job that the old form writes under the queue or the server that it runs on. */
const ofJob: readonly string[] = ["timeoutInMinutes", "cancelTimeoutInMinutes", "container", "workspace"];
const ofStrategy: readonly string[] = ["matrix", "parallel"];

/** A pipeline or template of the old form, with `phases`, `queue` and `server`, as one with `jobs` and `pool`. */
export function withoutPhases(root: MapNode): MapNode {
  const hasOldKeys = root.entries.some(({ key }) => ["phases", "queue", "server"].includes(key.text));
  if (!hasOldKeys) return root;
  const entries = root.entries.flatMap((entry) => {
    if (entry.key.text !== "phases") return targetOf(entry, root);
    return [{ key: renamed(entry, "jobs"), value: phasesAsJobs(entry.value) }];
  });
  return { ...root, entries };
}

/** Also those inside directives. */
function phasesAsJobs(node: YamlNode): YamlNode {
  if (node.kind === "list") return { ...node, items: node.items.map(phasesAsJobs) };
  if (node.kind === "scalar") return node;
  const isPhase = node.entries.some(({ key }) => key.text === "phase");
  const entries = node.entries.flatMap((entry) => {
    if (entry.key.text === "phase") return [{ ...entry, key: renamed(entry, "job") }];
    if (isPhase) return targetOf(entry, node);
    return [entry.key.text.includes("${{") ? { ...entry, value: phasesAsJobs(entry.value) } : entry];
  });
  return { ...node, entries };
}

/** What `queue` or `server` says, as keys of the job; any other entry as it is. */
function targetOf(entry: Entry, job: MapNode): readonly Entry[] {
  const { key, value } = entry;
  if (key.text !== "queue" && key.text !== "server") return [entry];
  const pool = key.text === "server" ? scalar("server", key.at) : poolOf(value);
  const strategy = strategyOf(value);
  return [
    ...(pool === undefined ? [] : [{ key: renamed(entry, "pool"), value: pool }]),
    ...(strategy === undefined ? [] : [{ key: scalar("strategy", key.at), value: strategy }]),
    ...entriesOf(value).filter(
      ({ key: own }) => ofJob.includes(own.text) && !job.entries.some((other) => other.key.text === own.text),
    ),
  ];
}

function poolOf(queue: YamlNode): YamlNode | undefined {
  if (queue.kind !== "map") return queue;
  const entries = queue.entries.filter(
    ({ key }) => !ofJob.includes(key.text) && !ofStrategy.includes(key.text),
  );
  return entries.length === 0 ? undefined : { ...queue, entries };
}

/** Beside a matrix, `parallel` is how many of its legs run at a time. */
function strategyOf(target: YamlNode): MapNode | undefined {
  const found = entriesOf(target).filter(({ key }) => ofStrategy.includes(key.text));
  if (found.length === 0) return undefined;
  const hasMatrix = found.some(({ key }) => key.text === "matrix");
  const entries = found.map((entry) =>
    hasMatrix && entry.key.text === "parallel" ? { ...entry, key: renamed(entry, "maxParallel") } : entry,
  );
  return { kind: "map", entries, at: target.at };
}

function renamed({ key }: Entry, text: string): Entry["key"] {
  return { ...key, text };
}
