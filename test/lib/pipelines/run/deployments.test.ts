import { describe, expect, test } from "@jest/globals";
import { runYaml } from "../../../support/run-yaml.ts";

const deployment = (strategy: string, rest = ""): string => `
stages:
  - stage: Deploy
    jobs:
      - deployment: D
        environment: iris-qa
        strategy:
${strategy.replaceAll(/^/gm, "          ")}
${rest}`;

const runOnce = (script: string): string => `runOnce:
  preDeploy:
    steps:
      - bash: echo pre
  deploy:
    steps:
      - bash: ${script}
  routeTraffic:
    steps:
      - bash: echo route
  postRouteTraffic:
    steps:
      - bash: echo post
  on:
    success:
      steps:
        - bash: echo good
    failure:
      steps:
        - bash: echo roll back`;

describe("a deployment that runs once", () => {
  test("goes through its hooks", async () => {
    const run = await runYaml(deployment(runOnce("echo deploy $(Environment.Name)")));

    expect(run.lines.filter((line) => !line.startsWith("Downloaded"))).toEqual([
      "pre",
      "deploy iris-qa",
      "route",
      "post",
      "good",
    ]);
    expect(run.outcome.result).toBe("succeeded");
  });

  test("rolls back after a failure, and has failed", async () => {
    const run = await runYaml(deployment(runOnce("exit 1")));

    expect(run.lines.filter((line) => !line.startsWith("Downloaded"))).toEqual(["pre", "roll back"]);
    expect(run.job("D").result).toBe("failed");
  });

  test("gives its outputs under its own name", async () => {
    const run = await runYaml(
      deployment(
        `runOnce:
  deploy:
    steps:
      - bash: echo "##vso[task.setvariable variable=url;isoutput=true]http"
        name: s`,
        `
      - job: After
        dependsOn: D
        variables:
          - name: url
            value: $[ dependencies.D.outputs['D.s.url'] ]
        steps:
          - checkout: none
          - bash: echo "got $(url)"
  - stage: Next
    condition: eq(dependencies.Deploy.outputs['D.D.s.url'], 'http')
    jobs:
      - job: Far
        variables:
          - name: url
            value: $[ stageDependencies.Deploy.D.outputs['D.s.url'] ]
        steps:
          - checkout: none
          - bash: echo "far $(url)"
`,
      ),
    );

    expect(run.lines).toEqual(expect.arrayContaining(["got http", "far http"]));
  });
});

test.each<readonly [environment: string, strategy: string, path: string]>([
  ["qa", "runOnce: { deploy: STEPS }", "D.s.url"],
  ["qa", "runOnce: { deploy: STEPS }", "Deploy.s.url"],
  ["qa", "runOnce: { preDeploy: STEPS }", "preDeploy.s.url"],
  ["qa.space", "runOnce: { deploy: STEPS }", "Deploy_space.s.url"],
  ["{ name: qa, resourceName: vm1 }", "runOnce: { deploy: STEPS }", "Deploy_vm1.s.url"],
  ["qa", "canary: { increments: [10], deploy: STEPS }", "deploy_10.s.url"],
])("a deployment to %s by %s gives the output %s", async (environment, strategy, path) => {
  const steps = `{ steps: [{ bash: 'echo "##vso[task.setvariable variable=url;isoutput=true]http"', name: s }] }`;
  const { lines } = await runYaml(`
jobs:
  - deployment: D
    environment: ${environment}
    strategy: { ${strategy.replace("STEPS", steps)} }
  - job: After
    dependsOn: D
    variables:
      url: $[ dependencies.D.outputs['${path}'] ]
    steps:
      - checkout: none
      - bash: echo "got $(url)"`);

  expect(lines).toContain("got http");
});

test("a canary deploys each increment and then the whole", async () => {
  const run = await runYaml(
    deployment(`canary:
  increments: [10, 20]
  deploy:
    steps:
      - download: none
      - bash: echo $(strategy.action) $(strategy.increment)`),
  );

  expect(run.lines).toEqual(["deploy 10", "deploy 20", "promote 100"]);
});

test("a rolling deployment runs once here, and says so", async () => {
  const run = await runYaml(
    deployment(`rolling:
  deploy:
    steps:
      - download: none
      - bash: echo deploy`),
  );

  expect(run.lines).toEqual(["deploy"]);
  expect(run.outcome.notEmulated).toEqual([expect.stringContaining("rolling")]);
});

describe("artifacts", () => {
  test("come to a deployment by themselves, and to a job by download", async () => {
    const run = await runYaml(`
stages:
  - stage: Build
    jobs:
      - job: Make
        steps:
          - checkout: none
          - bash: mkdir out && echo data > out/file.txt
          - publish: out
            artifact: model
  - stage: Use
    jobs:
      - deployment: D
        environment: iris-qa
        strategy:
          runOnce:
            deploy:
              steps:
                - bash: cat $(Pipeline.Workspace)/model/file.txt
      - job: Load
        dependsOn: D
        steps:
          - checkout: none
          - download: current
            artifact: model
          - bash: cat ../model/file.txt
          - bash: ls ..
      - job: Wrong
        dependsOn: D
        steps:
          - checkout: none
          - download: current
            artifact: absent
`);

    expect(run.lines.filter((line) => line === "data")).toHaveLength(2);
    expect(run.job("Wrong").result).toBe("failed");
    expect(JSON.stringify(run.events)).toContain("There is no artifact absent to download. There are model.");
  });

  test("of a pipeline resource nobody has run are missed with a sentence", async () => {
    const run = await runYaml(`
steps:
  - checkout: none
  - download: ci
    artifact: code
`);

    expect(JSON.stringify(run.events)).toContain("No run of the pipeline resource ci is known here");
  });
});

describe("an approval", () => {
  test("is asked for once for each environment of a stage, before its jobs", async () => {
    const asked: string[] = [];
    const run = await runYaml(deployment(runOnce("echo deploy")), {
      approve: ({ stage, environment }) => {
        asked.push(`${stage} ${environment}`);
        return Promise.resolve("approved");
      },
    });

    expect(asked).toEqual(["Deploy iris-qa"]);
    expect(run.outcome.result).toBe("succeeded");
  });

  test("that is rejected fails the stage, and skips what comes after", async () => {
    const after = `
  - stage: After
    jobs:
      - job: J
        steps:
          - checkout: none
          - bash: echo never
`;
    const run = await runYaml(deployment(runOnce("echo never"), after), {
      approve: () => Promise.resolve("rejected"),
    });

    expect(run.lines).toEqual([]);
    expect(run.outcome.stages.map(({ result }) => result)).toEqual(["failed", "skipped"]);
    expect(run.events).toContainEqual(
      expect.objectContaining({ why: "The approval of iris-qa was rejected." }),
    );
  });

  test("is not asked for a stage that does not run", async () => {
    const asked: string[] = [];
    const text = deployment(runOnce("echo never")).replace(
      "- stage: Deploy",
      "- stage: Deploy\n    condition: failed()",
    );
    await runYaml(text, {
      approve: ({ stage }) => {
        asked.push(stage);
        return Promise.resolve("approved");
      },
    });

    expect(asked).toEqual([]);
  });
});
