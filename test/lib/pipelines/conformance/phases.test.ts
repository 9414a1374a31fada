import { describe, expect, test } from "@jest/globals";
import { expanded } from "../../../support/expand-files.ts";

const of = (text: string): unknown => expanded({ "pipeline.yml": text });

describe("the old form", () => {
  test.each<readonly [title: string, old: string, today: string]>([
    [
      "of phases is jobs",
      "phases:\n  - phase: A\n    steps: [bash: ls]\n  - phase: B\n    dependsOn: A\n    steps: [bash: ls]\n",
      "jobs:\n  - job: A\n    steps: [bash: ls]\n  - job: B\n    dependsOn: A\n    steps: [bash: ls]\n",
    ],
    [
      "of phases behind directives is jobs",
      "phases:\n  - ${{ if true }}:\n      - phase: A\n        queue: Own\n        steps: [bash: ls]\n",
      "jobs:\n  - job: A\n    pool: Own\n    steps: [bash: ls]\n",
    ],
    ["of a queue is a pool", "queue: Own\nsteps: [bash: ls]\n", "pool: Own\nsteps: [bash: ls]\n"],
    [
      "of a queue keeps its demands",
      "phases:\n  - phase: A\n    queue: { name: Own, demands: [a -equals b] }\n",
      "jobs:\n  - job: A\n    pool: { name: Own, demands: [a -equals b] }\n",
    ],
    [
      "of a queue gives its settings to the job",
      "phases:\n  - phase: A\n    queue: { name: Own, timeoutInMinutes: 5, cancelTimeoutInMinutes: 1, container: c, workspace: { clean: all } }\n",
      "jobs:\n  - job: A\n    pool: { name: Own }\n    timeoutInMinutes: 5\n    cancelTimeoutInMinutes: 1\n    container: c\n    workspace: { clean: all }\n",
    ],
    [
      "of a queue gives its matrix to the strategy",
      "queue: { name: Own, matrix: { a: { b: c } }, parallel: 2 }\nsteps: [bash: ls]\n",
      "pool: { name: Own }\nstrategy: { matrix: { a: { b: c } }, maxParallel: 2 }\nsteps: [bash: ls]\n",
    ],
    [
      "of a queue in parallel parts is a strategy",
      "queue: { parallel: 2 }\nsteps: [bash: ls]\n",
      "strategy: { parallel: 2 }\nsteps: [bash: ls]\n",
    ],
    [
      "of a server is the pool of that name",
      "phases:\n  - phase: A\n    server: true\n  - phase: B\n    server: { timeoutInMinutes: 5 }\n",
      "jobs:\n  - job: A\n    pool: server\n  - job: B\n    pool: server\n    timeoutInMinutes: 5\n",
    ],
  ])("%s", (_title, old, today) => {
    expect(of(old)).toEqual(of(today));
  });

  test("may stand in a template", () => {
    const files = {
      "pipeline.yml": "jobs:\n  - template: t.yml\n    parameters: { name: A }\n",
      "t.yml":
        "parameters: { name: '' }\nphases:\n  - phase: ${{ parameters.name }}\n    steps: [bash: ls]\n",
    };

    expect(expanded(files)).toEqual({ jobs: [{ job: "A", steps: [{ bash: "ls" }] }] });
  });
});
