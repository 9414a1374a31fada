import type { Problem } from "../errors/eac-error.ts";
import { formatPath } from "./answers-input.ts";
import { duplicateProblems } from "./duplicate-problems.ts";
import { nameProblems } from "./name-rules.ts";
import { organizationUrlRefusal } from "./organization-url-rule.ts";
import { textsOf, valueAt } from "./value-at.ts";

type Path = readonly (string | number)[];

/** What Azure Pipelines evaluates wherever it stands, and has no way to write as plain text. */
const expression = /\$\(|\$\{\{|\$\[|##vso\[/;
/** Half of a character; no UTF-8 file can hold it. */
const loneSurrogate = /\p{Surrogate}/u;

/** The rules that a JSON Schema cannot say. `isBroken` names the paths that the schema refused already. */
export function ruleProblems(candidate: unknown, isBroken: (path: Path) => boolean): readonly Problem[] {
  return [
    ...nameProblems(candidate, isBroken),
    ...organizationUrlProblems(candidate, isBroken),
    ...duplicateProblems(candidate),
    ...clusterProblems(candidate),
    ...registrationProblems(candidate),
    ...plainTextProblems(candidate),
  ];
}

function organizationUrlProblems(candidate: unknown, isBroken: (path: Path) => boolean): readonly Problem[] {
  const path = ["azure_devops", "organization_url"];
  const url = valueAt(candidate, path);
  if (typeof url !== "string" || isBroken(path)) return [];
  const refusal = organizationUrlRefusal(url);
  if (refusal === undefined) return [];
  return [
    {
      path: formatPath(path),
      rule: "organization-url",
      message: `${refusal.reason}.`,
      suggestion: refusal.suggestion,
    },
  ];
}

function clusterProblems(candidate: unknown): readonly Problem[] {
  const least = valueAt(candidate, ["cluster", "min_workers"]);
  const most = valueAt(candidate, ["cluster", "max_workers"]);
  if ((least === undefined) !== (most === undefined)) {
    const [present, missing] =
      least === undefined ? ["max_workers", "min_workers"] : ["min_workers", "max_workers"];
    const message = `is missing: cluster.${present} is set, and both or neither are needed.`;
    return [{ path: `cluster.${missing}`, rule: "together", message }];
  }
  if (typeof least !== "number" || typeof most !== "number" || least <= most) return [];
  return [
    {
      path: "cluster.min_workers",
      rule: "order",
      message: `is ${least}, more than cluster.max_workers (${most}).`,
    },
  ];
}

/** Only rules can do without a registry, as the code that they are; a release serves nothing but what is registered. */
function registrationProblems(candidate: unknown): readonly Problem[] {
  const path = ["registry", "register_model"];
  if (valueAt(candidate, path) !== false) return [];
  const isTrained = valueAt(candidate, ["model_type"]) !== "rule-based";
  const isReleased = Number(valueAt(candidate, ["maturity_level"])) >= 3;
  const isServed = valueAt(candidate, ["serving"]) === "rest" && isReleased;
  if (!isTrained && !isServed) return [];
  const message = isTrained
    ? "is false, and a trained model is released from the registry; only a rule-based one can do without."
    : "is false, and a release serves a REST model from the registry.";
  return [{ path: formatPath(path), rule: "registration", message, suggestion: "Leave it at true." }];
}

function plainTextProblems(candidate: unknown): readonly Problem[] {
  return [...textsOf(candidate)]
    .filter(([, text]) => expression.test(text) || loneSurrogate.test(text))
    .map(([path]) => ({
      path: formatPath(path),
      rule: "plain-text",
      message: "holds text that Azure Pipelines would evaluate, or a broken character.",
      suggestion: "Write it without $(…), ${{ … }}, $[ … ] and ##vso[…].",
    }));
}
