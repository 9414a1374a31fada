import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Answers } from "../../lib/answers/answers.ts";
import { readTemplates } from "../../lib/template/read-templates.ts";
import { renderTree } from "../../lib/template/render-tree.ts";
import { anAnswers } from "../support/an-answers.ts";
import {
  findPythons,
  layeredEnvironment,
  run,
  sharedEnvironment,
  type Finished,
  type PythonEnvironment,
} from "../support/python-environment.ts";
import {
  batchFaults,
  platformFaults,
  restFaults,
  ruleBasedFaults,
  supervisedFaults,
  unsupervisedFaults,
  type Fault,
} from "../support/python-faults.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

interface Kind {
  readonly name: string;
  readonly answers: Answers;
  readonly faults: readonly Fault[];
  readonly needsServer: boolean;
}

const kind = (differences: Partial<Answers>, faults: readonly Fault[] = []): Kind => {
  const answers = anAnswers(differences);
  const name = `${answers.model_type} ${answers.serving} ${answers.environment_file}`;
  const needsServer = faults.length > 0 && answers.model_type !== "unsupervised";
  return { name, answers, faults, needsServer };
};

const kinds: readonly Kind[] = [
  kind({ model_type: "supervised", serving: "batch", environment_file: "pip" }, [
    ...supervisedFaults,
    ...batchFaults,
    ...platformFaults,
  ]),
  kind({ model_type: "rule-based", serving: "rest", environment_file: "pip", maturity_level: 5 }, [
    ...ruleBasedFaults,
    ...restFaults,
  ]),
  kind({ model_type: "unsupervised", serving: "batch", environment_file: "pip", maturity_level: 2 }, [
    ...unsupervisedFaults,
  ]),
  kind({ model_type: "supervised", serving: "rest", environment_file: "conda", maturity_level: 4 }),
  kind({ model_type: "unsupervised", serving: "rest", environment_file: "conda", model_folder: "churn" }),
  kind({ model_type: "rule-based", serving: "batch", environment_file: "conda", maturity_level: 1 }),
];

type Step = "tests" | "again" | "types" | "checks" | "chain" | "promotion";

const steps: readonly { readonly step: Step; readonly title: string }[] = [
  { step: "tests", title: "passes its own tests with the documented command" },
  { step: "again", title: "installs nothing when the command is run again" },
  { step: "types", title: "passes mypy in strict mode" },
  { step: "checks", title: "passes mloccli check all, with pylint at 10 of 10" },
  { step: "chain", title: "takes its model to a smoke-tested package" },
  { step: "promotion", title: "passes its model tests with the packaged model" },
];

/** No package index: the shared environment must be enough. Nothing of a pipeline that runs this test shows through. */
const environment = {
  PIP_NO_INDEX: "1",
  PIP_NO_BUILD_ISOLATION: "0",
  PYTHONDONTWRITEBYTECODE: "1",
  TF_BUILD: "",
};
const atOnce = 2;
/** The tests that start a real MLflow server are the same files in every kind; two kinds run them. */
const withoutServer = ["-m", "not server"];
const modelTests = ["tests/unit_test.py", "tests/model", "tests/platform/test_this_repository.py"];

const pythons = findPythons();
const describeWithPython = pythons.length === 0 ? describe.skip : describe;
const outcomes = new Map<string, Promise<Finished>>();
let folder: TemporaryFolder | undefined;

jest.setTimeout(900_000);

/** Starts all work, two repositories at a time; each test below waits for the one outcome it is about. */
beforeAll(async () => {
  if (pythons.length === 0) return;
  folder = await temporaryFolder();
  const root = folder.path;
  const waiting = kinds.map((entry, index) => {
    const { begin, started } = gate();
    const python = pythons[index % pythons.length] ?? "";
    planRepository(
      entry,
      started.then(async () => makeRepository(entry, await sharedEnvironment(python), root)),
    );
    return { begin, finished: () => allOf(entry) };
  });
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next.begin();
      await next.finished();
    }
  };
  void Promise.all(Array.from({ length: atOnce }, worker));
});

afterAll(async () => {
  await Promise.allSettled(outcomes.values());
  await folder?.[Symbol.asyncDispose]();
});

describeWithPython.each([...kinds])("a $name repository", ({ name }) => {
  test.each(steps)("$title", async ({ step }) => {
    const outcome = await outcomes.get(`${name}: ${step}`);

    expect(outcome).toBeDefined();
    expect(outcome?.exitCode === 0 ? "" : endOf(outcome?.output ?? "")).toBe("");
  });
});

const everyFault = kinds.flatMap(({ name: kindName, faults }) =>
  faults.map(({ name }) => ({ kind: kindName, name })),
);

describeWithPython("the tests of a generated repository", () => {
  test.each(everyFault)("notice that $name ($kind)", async ({ kind: kindName, name }) => {
    const outcome = await outcomes.get(`${kindName}: ${name}`);

    expect(outcome).toMatchObject({ exitCode: 1, output: expect.stringMatching(/\d+ (failed|error)/) });
  });
});

interface Repository {
  readonly path: string;
  readonly python: string;
}

async function makeRepository(
  { name, answers }: Kind,
  shared: PythonEnvironment,
  root: string,
): Promise<Repository> {
  const path = join(root, name.replaceAll(" ", "-"));
  for (const file of renderTree(await readTemplates(), answers)) {
    await mkdir(dirname(join(path, file.path)), { recursive: true });
    await writeFile(join(path, file.path), file.bytes);
  }
  return { path, python: await layeredEnvironment(shared, join(path, ".venv")) };
}

/** Registers an outcome for each step and fault; within one repository they happen one after the other. */
function planRepository(kind: Kind, made: Promise<Repository>): void {
  const { name, faults } = kind;
  let last: Promise<unknown> = made;
  const then = (key: string, act: (repository: Repository) => Promise<Finished>): void => {
    const outcome = last.then(() => made).then(act);
    last = outcome.catch(() => undefined);
    outcomes.set(`${name}: ${key}`, outcome);
    outcome.catch(() => undefined);
  };
  for (const { step } of steps) {
    then(step, (repository) => runStep(step, repository, kind));
  }
  for (const fault of faults) then(fault.name, (repository) => runWithFault(fault, repository));
}

function allOf({ name }: Kind): Promise<unknown> {
  const own = [...outcomes].filter(([key]) => key.startsWith(`${name}: `));
  return Promise.allSettled(own.map(([, outcome]) => outcome));
}

async function runStep(
  step: Step,
  repository: Repository,
  { answers, needsServer }: Kind,
): Promise<Finished> {
  switch (step) {
    case "tests": {
      const words = [await documentedCommand(repository), ...(needsServer ? [] : withoutServer)];
      return requireOutput(/ passed(?:, [^\n]*)? in /, await python(repository, words));
    }
    case "again": {
      const words = [await documentedCommand(repository), "--collect-only", "-q"];
      const outcome = await python(repository, words);
      return outcome.output.includes("Installing") ? { ...outcome, exitCode: -1 } : outcome;
    }
    case "types":
      return python(repository, ["-m", "mypy", "--strict"]);
    case "checks": {
      const report = join(repository.path, "test-results", "checks.xml");
      const outcome = await mloccli(repository, ["check", "all", "--junit", report]);
      return outcome.exitCode === 0
        ? requireOutput(/pylint rates the code 10\.00\/10/, {
            ...outcome,
            output: await readFile(report, "utf8"),
          })
        : outcome;
    }
    case "chain":
      return chain(repository, answers.model_type === "rule-based");
    case "promotion":
      return python(repository, ["-m", "pytest", "-q", "tests/model", "--model-package", "outputs/package"]);
  }
}

async function chain(repository: Repository, isRuleBased: boolean): Promise<Finished> {
  const commands = [...(isRuleBased ? [] : ["train"]), "evaluate", "gate", "package", "smoke-test"];
  let output = "";
  for (const command of commands) {
    const outcome = await mloccli(repository, ["model", command]);
    output += outcome.output;
    if (outcome.exitCode !== 0) return { ...outcome, output };
  }
  return requireOutput(/works as a (batch|rest) model: 5 rows scored/, { exitCode: 0, output });
}

async function runWithFault(fault: Fault, repository: Repository): Promise<Finished> {
  const path = join(repository.path, fault.file);
  const original = await readFile(path, "utf8");
  const [from, to] = fault.change;
  if (original.split(from).length !== 2) throw new Error(`${fault.file} does not hold ${from} exactly once.`);
  try {
    await writeFile(
      path,
      original.replace(from, () => to),
    );
    const files = fault.tests ?? modelTests;
    const which = fault.needsServer === true ? [] : withoutServer;
    return await python(repository, [
      "-m",
      "pytest",
      "-q",
      "-x",
      "-p",
      "no:cacheprovider",
      ...which,
      ...files,
    ]);
  } finally {
    await writeFile(path, original);
  }
}

/** The test command as the README gives it to a newcomer. */
async function documentedCommand({ path }: Repository): Promise<string> {
  const readme = await readFile(join(path, "README.md"), "utf8");
  const [, script] = /^ {4}python (\S+)$/m.exec(readme) ?? [];
  if (script === undefined) throw new Error("README.md documents no test command.");
  return script;
}

function mloccli(repository: Repository, words: readonly string[]): Promise<Finished> {
  return python(repository, ["-m", "mloccli", ...words]);
}

function python(repository: Repository, words: readonly string[]): Promise<Finished> {
  return run(repository.python, words, { cwd: repository.path, env: environment });
}

function requireOutput(pattern: RegExp, outcome: Finished): Finished {
  return outcome.exitCode === 0 && !pattern.test(outcome.output) ? { ...outcome, exitCode: -1 } : outcome;
}

/** The end of the output, where the programs say what failed. */
function endOf(output: string): string {
  return output.split("\n").slice(-60).join("\n");
}

function gate(): { readonly begin: () => void; readonly started: Promise<void> } {
  const held: { begin?: () => void } = {};
  const started = new Promise<void>((resolve) => {
    held.begin = resolve;
  });
  return { begin: () => held.begin?.(), started };
}
