import { describe, expect, test } from "@jest/globals";
import { formatProblem } from "../../../../lib/pipelines/problem.ts";
import { validatePipeline } from "../../../../lib/pipelines/validate/validate-pipeline.ts";

/** What is wrong with a pipeline, without advice. */
function faults(text: string): readonly string[] {
  const { problems } = validatePipeline({ file: "pipeline.yml", read: () => text });
  return problems.filter(({ isAdvice }) => isAdvice !== true).map(formatProblem);
}

const steps = "steps:\n  - bash: ls\n";

describe("the service accepts, and so does the check,", () => {
  test.each<readonly [title: string, text: string]>([
    ["a trigger of branches", `trigger: [main, releases/*]\n${steps}`],
    [
      "a trigger with every filter",
      `trigger:\n  batch: true\n  branches: { include: [main, refs/heads/f/*], exclude: ['*-old'] }\n  paths: { include: [src/**], exclude: [docs/*, README.md] }\n  tags: { include: [v*], exclude: ['*-rc'] }\n${steps}`,
    ],
    [
      "a trigger with filters without values",
      `trigger:\n  branches:\n  paths:\n    include:\npool:\n  name: Own\n  demands:\n${steps}`,
    ],
    ["a pr of branches", `pr: [main]\n${steps}`],
    [
      "a pr with every filter",
      `pr:\n  autoCancel: false\n  drafts: no\n  branches: { include: [main] }\n  paths: { exclude: ['*.md'] }\n${steps}`,
    ],
    [
      "schedules",
      `schedules:\n  - cron: '*/15 0-6,22 1-31/2 Jan,jul Mon-Fri'\n    displayName: Often\n    branches: { include: [main] }\n    always: true\n  - cron: 0 0 * * 0\n    branches: { include: [main], exclude: [old] }\n    batch: true\n${steps}`,
    ],
    [
      "pipelines as resources",
      `resources:\n  pipelines:\n    - pipeline: ci\n      project: Other\n      source: CI\n      version: 20260101.1\n      branch: main\n      tags: [good]\n      trigger:\n        enabled: true\n        branches: { include: [main], exclude: [x/*] }\n        stages: [Build]\n        tags: [good, better]\n    - pipeline: short.er\n      source: S\n      trigger: true\n    - pipeline: listed\n      source: L\n      trigger: { branches: [main] }\n${steps}`,
    ],
    [
      "a trigger of a pipeline with filters without values",
      `resources:\n  pipelines:\n    - pipeline: ci\n      source: CI\n      trigger:\n        branches:\n        stages: [Build]\n${steps}`,
    ],
    [
      "repositories as resources",
      `resources:\n  repositories:\n    - repository: a-b.c\n      type: github\n      endpoint: c\n      name: o/n\n      ref: refs/tags/v1\n      trigger: { branches: { include: [main] }, paths: { include: [src] } }\n      clean: true\n      fetchDepth: 1\n      lfs: false\n      submodules: recursive\n      persistCredentials: true\n${steps}`,
    ],
    ["the old list of repositories", `resources:\n  - repo: self\n    clean: true\n${steps}`],
    [
      "containers, packages, builds and webhooks as resources",
      `resources:\n  containers:\n    - container: c\n      type: ACR\n      azureSubscription: s\n      resourceGroup: g\n      registry: r\n      repository: i\n      trigger: { tags: { include: [v*] } }\n    - container: d\n      image: ubuntu:24.04\n      endpoint: e\n      env: { A: b }\n      ports: ['80:80']\n      volumes: [/a:/b]\n      mapDockerSocket: false\n      mountReadOnly: { work: false, tools: true }\n      options: --init\n  packages:\n    - package: p\n      type: npm\n      connection: c\n      name: o/p\n      version: 1.0.0\n      trigger: true\n  builds:\n    - build: b\n      type: Jenkins\n      connection: j\n      source: s\n      trigger: true\n  webhooks:\n    - webhook: w\n      connection: c\n      filters: [{ path: a.b, value: c }]\n${steps}`,
    ],
    [
      "a payload of a webhook",
      `resources:\n  webhooks:\n    - webhook: Told\n      connection: c\nsteps:\n  - bash: ls\n    env: { NAME: '\${{ parameters.Told.repository.full_name }}' }\n`,
    ],
    [
      "the metadata of a repository",
      `resources:\n  repositories:\n    - repository: tools\n      name: p/tools\nvariables:\n  ref: $[ resources.repositories.tools.ref ]\n${steps}`,
    ],
    [
      "pools of many kinds",
      `pool: Own\njobs:\n  - job: A\n    pool: { vmImage: ubuntu-24.04 }\n    ${steps.replaceAll("\n", "\n    ")}\n  - job: B\n    pool: { name: Own, demands: [python3, Agent.OS -equals Linux, Agent.Version -gtVersion 3.0.0] }\n    steps: [bash: ls]\n  - job: C\n    pool: { name: Own, demands: python3 }\n    steps: [bash: ls]\n  - job: D\n    pool: server\n    steps: [{ task: Delay@1, inputs: { delayForMinutes: 1 } }]\n  - job: E\n    pool: { name: Own, isCustom: true, type: linux }\n    steps: [bash: ls]\n`,
    ],
    [
      "jobs with everything",
      "lockBehavior: sequential\njobs:\n  - job: A\n    displayName: A job\n    dependsOn: []\n    condition: succeeded()\n    continueOnError: true\n    timeoutInMinutes: 0\n    cancelTimeoutInMinutes: 2\n    variables: { A: b }\n    container: { image: 'ubuntu:24.04', options: --init }\n    services: { redis: { image: redis }, db: pg }\n    workspace: { clean: all }\n    uses: { repositories: [a], pools: [b] }\n    templateContext: { sdl: { x: [1, { y: z }] } }\n    strategy: { parallel: 3 }\n    steps: [bash: ls]\n",
    ],
    [
      "a matrix",
      "jobs:\n  - job: A\n    strategy:\n      maxParallel: 2\n      matrix:\n        py3.12: { PYTHON: '3.12' }\n        linux-arm: { PYTHON: '3.13' }\n    steps: [bash: echo $(PYTHON)]\n",
    ],
    [
      "a matrix that another job computes",
      "jobs:\n  - job: Plan\n    steps:\n      - bash: echo '##vso[task.setvariable variable=legs;isOutput=true]{}'\n        name: made\n  - job: Legs\n    dependsOn: Plan\n    strategy: { matrix: \"$[ dependencies.Plan.outputs['made.legs'] ]\" }\n    steps: [bash: ls]\n",
    ],
    [
      "deployments of every strategy",
      "jobs:\n  - deployment: Once\n    environment: qa\n    strategy:\n      runOnce:\n        preDeploy: { steps: [bash: ls] }\n        deploy: { steps: [{ download: none }, { checkout: self }] }\n        routeTraffic: { steps: [bash: ls] }\n        postRouteTraffic: { steps: [bash: ls] }\n        on: { failure: { steps: [bash: ls] }, success: { steps: [bash: ls] } }\n  - deployment: Rolling\n    environment: { name: vms, resourceType: VirtualMachine, tags: 'web,db' }\n    strategy: { rolling: { maxParallel: 50%, deploy: { steps: [bash: ls] } } }\n  - deployment: Canary\n    environment: aks.space\n    strategy: { canary: { increments: [10, 20], deploy: { pool: server, steps: [bash: ls] } } }\n",
    ],
    [
      "settings of a job that a variable decides",
      "jobs:\n  - job: A\n    timeoutInMinutes: $[ variables.limit ]\n    cancelTimeoutInMinutes: $(limit)\n    continueOnError: $[ variables.soft ]\n    container: $[ variables.image ]\n    strategy: { parallel: $(parts) }\n    steps: [bash: ls]\n",
    ],
    [
      "a deployment that is called as its hook",
      "jobs:\n  - deployment: Deploy\n    environment: qa\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
    ],
    [
      "tasks of extensions by every form of their name",
      "steps:\n  - task: gitversion/setup@0\n    inputs: { versionSpec: 5.x }\n  - task: publisher.extension.contribution.Task@1\n  - task: 6c731c3c-3c68-459a-a5c9-bde6e6595b5b@3\n",
    ],
    [
      "logging commands of every name",
      `steps:\n  - bash: |\n      set -e\n${[
        "task.setvariable variable=a;isOutput=true;isSecret=false;isReadOnly=true",
        "task.setsecret",
        "task.logissue type=warning;sourcepath=a;linenumber=1;columnnumber=1;code=b",
        "task.issue type=error",
        "task.complete result=SucceededWithIssues;",
        "task.setprogress value=50",
        "task.logdetail id=a;type=b",
        "task.prependpath",
        "task.uploadsummary",
        "task.uploadfile",
        "task.addattachment type=a;name=b",
        "task.setendpoint id=a;field=url",
        "artifact.associate type=filepath;artifactname=a",
        "artifact.upload containerfolder=a;artifactname=b",
        "build.uploadlog",
        "build.updatebuildnumber",
        "build.addbuildtag",
        "release.updatereleasename",
        "$command a=b",
      ]
        .map((command) => `      echo '##vso[${command}]x'\n`)
        .join("")}`,
    ],
    [
      "outputs of a deployment to a resource",
      "jobs:\n  - deployment: A\n    environment: { name: qa, resourceType: virtualMachine }\n    strategy: { runOnce: { deploy: { steps: [{ bash: ls, name: s }] } } }\n  - job: B\n    dependsOn: A\n    variables: { url: \"$[ dependencies.A.outputs['Deploy_vm1.s.url'] ]\" }\n    steps: [bash: ls]\n",
    ],
    [
      "stages with everything",
      "stages:\n  - stage: A\n    displayName: First\n    pool: Own\n    lockBehavior: runLatest\n    isSkippable: false\n    trigger: manual\n    templateContext: { a: b }\n    variables:\n      - group: g\n      - { name: n, value: v, readonly: true }\n    jobs: [{ job: J, steps: [bash: ls] }]\n  - stage: B\n    dependsOn: [A]\n    condition: and(succeeded('A'), eq(dependencies.A.result, 'Succeeded'))\n    jobs: [{ job: J, steps: [bash: ls] }]\n",
    ],
    [
      "steps of every kind",
      "resources:\n  pipelines: [{ pipeline: ci, source: CI }]\n  containers: [{ container: c, image: i }]\nsteps:\n  - checkout: self\n    clean: true\n    fetchDepth: 0\n    fetchTags: false\n    fetchFilter: blob:none\n    lfs: true\n    submodules: recursive\n    persistCredentials: true\n    path: s/a\n    sparseCheckoutDirectories: src\n    workspaceRepo: true\n  - script: ls\n    workingDirectory: src\n    failOnStderr: true\n    target: c\n  - bash: ls\n    target: { container: host, commands: restricted, settableVariables: [A] }\n  - pwsh: ls\n    errorActionPreference: silentlyContinue\n    ignoreLASTEXITCODE: true\n  - powershell: ls\n    target: { settableVariables: none }\n  - task: Own.Thing.some-task@1.2.3\n    name: own\n    enabled: false\n    continueOnError: true\n    timeoutInMinutes: 5\n    retryCountOnTaskFailure: 3\n    condition: always()\n    env: { A: $(System.AccessToken) }\n    inputs: { any: thing }\n  - publish: out\n    artifact: a\n  - download: current\n    artifact: a\n    patterns: '**'\n  - download: ci\n  - download: none\n  - getPackage: p\n    path: q\n  - reviewApp: r\n",
    ],
    [
      "a task whose inputs are not written",
      "steps:\n  - task: PipAuthenticate@1\n    inputs:\n    env:\n  - task: NuGetAuthenticate@1\n",
    ],
    [
      "a command of Docker beside those of the list",
      "steps:\n  - task: Docker@2\n    inputs: { command: run, arguments: hello-world }\n",
    ],
    [
      "a connection that the page of the pipeline names",
      "steps:\n  - task: AzureCLI@2\n    inputs: { azureSubscription: $(connection), scriptType: bash, scriptLocation: inlineScript, inlineScript: ls }\n",
    ],
    [
      "an id of a subscription that a variable names",
      "steps:\n  - task: BicepDeploy@0\n    inputs: { subscriptionId: $(subscription) }\n",
    ],
    [
      "anything else in a condition's functions",
      `variables:\n  a: $[counter(format('{0:yyyyMMdd}', pipeline.startTime), 100)]\n${steps}`,
    ],
  ])("%s", (_title, text) => {
    expect(faults(text)).toEqual([]);
  });
});
