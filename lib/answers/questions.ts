import { isMapping, type AnswersInput } from "./answers-input.ts";
import { answersSchema, type SchemaNode } from "./answers-schema.ts";
import { checkAnswers } from "./check-answers.ts";
import { mergeAnswers } from "./merge-answers.ts";

/** One question for a person, in the form that inquirer takes; `name` is the answer's name. */
export type Question = InputQuestion | SelectQuestion;

interface InputQuestion {
  readonly type: "input";
  readonly name: string;
  readonly message: string;
  readonly default?: string;
  /** True, or what is wrong with the reply. */
  readonly validate: (reply: string) => true | string;
}

interface SelectQuestion {
  readonly type: "select";
  readonly name: string;
  readonly message: string;
  readonly default?: string | number;
  readonly choices: readonly Choice[];
}

interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** The questions for what is not answered yet, in the order of the schema's prompts. */
export function deriveQuestions(given: AnswersInput): readonly Question[] {
  return Object.entries(answersSchema.properties ?? {})
    .filter(([name, node]) => node["x-prompt"] !== undefined && !Object.hasOwn(given, name))
    .toSorted(([, left], [, right]) => orderOf(left) - orderOf(right))
    .map(([name, node]) => deriveQuestion(name, node, given));
}

/** Turns replies into answers: a list of environments is asked for as names with commas between. */
export function answersFromReplies(replies: Readonly<Record<string, unknown>>): AnswersInput {
  const entries = Object.entries(replies).map(([name, reply]): [string, unknown] => [
    name,
    answerOf(name, reply),
  ]);
  return Object.fromEntries(entries);
}

function deriveQuestion(name: string, node: SchemaNode, given: AnswersInput): Question {
  const shared = { name, message: `${node["x-prompt"]?.message ?? name}:` };
  const initial = replyOf(node.default);
  const choices = choicesOf(node);
  if (choices !== undefined) {
    return { ...shared, type: "select", choices, ...(initial === undefined ? {} : { default: initial }) };
  }
  return {
    ...shared,
    type: "input",
    validate: (reply) => validateReply(name, reply, given),
    ...(initial === undefined ? {} : { default: String(initial) }),
  };
}

function choicesOf(node: SchemaNode): readonly Choice[] | undefined {
  if (node.enum !== undefined) return node.enum.map((value) => ({ name: value, value }));
  if (node.type !== "integer" || node.minimum === undefined || node.maximum === undefined) return undefined;
  const first = node.minimum;
  const names = (node.description ?? "").replace(/\.$/, "").split(", ");
  return Array.from({ length: node.maximum - first + 1 }, (_, index) => ({
    name: names[index] ?? String(first + index),
    value: first + index,
  }));
}

/** Checks one reply as the answer that it becomes, beside what is given already. */
function validateReply(name: string, reply: unknown, given: AnswersInput): true | string {
  const checked = checkAnswers(mergeAnswers([given, answersFromReplies({ [name]: reply })]));
  if (checked.ok) return true;
  const problem = checked.problems.find(({ path }) => path === name || path.startsWith(`${name}[`));
  return problem === undefined
    ? true
    : `${name} ${problem.message}${problem.suggestion === undefined ? "" : ` ${problem.suggestion}`}`;
}

function answerOf(name: string, reply: unknown): unknown {
  if (answersSchema.properties?.[name]?.type !== "array" || typeof reply !== "string") return trimmed(reply);
  const names = reply.split(/[\s,]+/).filter((part) => part !== "");
  return names.map((part) => ({ name: part }));
}

function trimmed(reply: unknown): unknown {
  return typeof reply === "string" ? reply.trim() : reply;
}

/** How a default is shown: names of environments with commas between. */
function replyOf(value: unknown): string | number | undefined {
  if (Array.isArray(value))
    return value.map((item) => (isMapping(item) ? String(item["name"]) : String(item))).join(", ");
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function orderOf(node: SchemaNode): number {
  return node["x-prompt"]?.order ?? 0;
}
