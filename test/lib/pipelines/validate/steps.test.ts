import { describe, expect, test } from "@jest/globals";
import { findings, pipelineOf } from "../../../support/validate-files.ts";

type Case = readonly [title: string, text: string, finding: string];

const task = (name: string, inputs: string): string => `steps:\n  - task: ${name}\n    inputs:\n${inputs}`;

describe("a step is found wrong at its line for", () => {
  test.each<Case>([
    ["no kind that exists", "steps:\n  - bsh: ls\n", "3: There is no kind of step 'bsh'. Did you mean bash?"],
    [
      "a key of another kind",
      "steps:\n  - bash: ls\n    fetchDepth: 0\n",
      "4: The step has no key 'fetchDepth'.",
    ],
    [
      "a name with a hyphen",
      "steps:\n  - bash: ls\n    name: a-b\n",
      "4: 'name' must be letters, digits and underscores, beginning with a letter, not 'a-b'.",
    ],
    [
      "a switch in words",
      "steps:\n  - bash: ls\n    enabled: always\n",
      "4: 'enabled' must be true or false, not 'always'.",
    ],
    [
      "a switch that a variable decides",
      "steps:\n  - bash: ls\n    enabled: $(on)\n",
      "4: 'enabled' must be true or false, not '$(on)'.",
    ],
    [
      "a time limit that an expression decides",
      "steps:\n  - bash: ls\n    timeoutInMinutes: $[variables.limit]\n",
      "4: 'timeoutInMinutes' must be a whole number, not '$[variables.limit]'.",
    ],
    ["variables in a list", "steps:\n  - bash: ls\n    env: [A]\n", "4: 'env' must be a mapping."],
    [
      "a variable that is a mapping",
      "steps:\n  - bash: ls\n    env: { A: { b: c } }\n",
      "4: 'A' must be a single value.",
    ],
    [
      "commands that are half allowed",
      "steps:\n  - bash: ls\n    target: { commands: some }\n",
      "4: 'commands' must be one of any, restricted, not 'some'.",
    ],
    [
      "a container that is not declared",
      "steps:\n  - bash: ls\n    target: tools\n",
      "4: There is no container 'tools' among the resources.",
    ],
    [
      "a repository that is not declared",
      "steps:\n  - checkout: slef\n",
      "3: There is no repository 'slef' among the resources. Did you mean self?",
    ],
    [
      "a pipeline that is not declared",
      "steps:\n  - download: ci\n",
      "3: There is no pipeline 'ci' among the resources.",
    ],
    [
      "an artifact that nobody publishes",
      "steps:\n  - publish: a\n    artifact: model\n  - download: current\n    artifact: modle\n",
      "6: No step publishes the artifact 'modle'. Did you mean model?",
    ],
    [
      "an artifact that is published twice",
      "steps:\n  - publish: a\n    artifact: model\n  - publish: b\n    artifact: model\n",
      "6: The artifact 'model' is published twice; the second time fails.",
    ],
    [
      "a task without version",
      "steps:\n  - task: Cache\n",
      "3: 'Cache' is no task; write its name and version as Name@1.",
    ],
    [
      "a task that is misspelt",
      "steps:\n  - task: Cahce@2\n",
      "3: The task Cahce@2 is not known to this check. Did you mean Cache@2?",
    ],
    [
      "a task that nobody knows",
      "steps:\n  - task: contoso.tools.MakeCoffee@1\n",
      "3: The task contoso.tools.MakeCoffee@1 is not known to this check.",
    ],
    [
      "an input that is misspelt",
      task("UsePythonVersion@0", "      versionSpc: '3.12'\n"),
      "5: UsePythonVersion@0 has no key 'versionSpc'. Did you mean versionSpec?",
    ],
    ["an input that is missing", task("Cache@2", "      key: a\n"), "5: Cache@2 needs the input 'path'."],
    ["no inputs at all", "steps:\n  - task: Cache@2\n", "3: Cache@2 needs the input 'key'."],
    [
      "a choice that does not exist",
      task("PublishTestResults@2", "      testResultsFormat: Junit5\n"),
      "5: 'testResultsFormat' must be one of JUnit, NUnit, VSTest, XUnit, CTest, not 'Junit5'.",
    ],
    [
      "an input of a choice that is missing",
      task(
        "AzureCLI@2",
        "      azureSubscription: a\n      scriptType: bash\n      scriptLocation: inlineScript\n",
      ),
      "5: AzureCLI@2 needs the input 'inlineScript'.",
    ],
    [
      "a connection that is missing",
      task("AzureCLI@2", "      scriptType: bash\n      scriptPath: a.sh\n"),
      "5: AzureCLI@2 needs the input 'azureSubscription'.",
    ],
    [
      "a connection that is known too late",
      task("AzureKeyVault@2", "      azureSubscription: $(connection)\n      KeyVaultName: a\n"),
      "5: 'azureSubscription' must be known when the run is planned, and $(connection) is not. Use ${{ … }} with a parameter or a variable of the YAML.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });
});

describe("a script is found wrong at its line for", () => {
  test.each<Case>([
    [
      "the name of a branch",
      "steps:\n  - bash: |\n      set -e\n      echo $(Build.SourceBranchName)\n",
      "5: $(Build.SourceBranchName) can hold the syntax of a shell and must not stand in a script. Map it in env and read it as a variable of the shell.",
    ],
    [
      "the message of a commit",
      'steps:\n  - script: echo "$(build.sourceversionmessage)"\n',
      "3: $(build.sourceversionmessage) can hold the syntax of a shell and must not stand in a script. Map it in env and read it as a variable of the shell.",
    ],
    [
      "the branch of a pull request in a task",
      task("Bash@3", "      targetType: inline\n      script: echo $(System.PullRequest.SourceBranch)\n"),
      "6: $(System.PullRequest.SourceBranch) can hold the syntax of a shell and must not stand in a script. Map it in env and read it as a variable of the shell.",
    ],
    [
      "a branch among the arguments",
      task("Bash@3", "      filePath: a.sh\n      arguments: $(Build.SourceBranch)\n"),
      "6: $(Build.SourceBranch) can hold the syntax of a shell and must not stand in a script. Map it in env and read it as a variable of the shell.",
    ],
    [
      "a free parameter",
      "parameters:\n  - name: text\n    default: a\nsteps:\n  - bash: |\n      set -e\n      echo ${{ parameters.text }}\n",
      "8: parameters.text can hold the syntax of a shell and must not stand in a script. Map it in env and read it as a variable of the shell.",
    ],
    [
      "the access token",
      "steps:\n  - bash: curl -u :$(System.AccessToken) .\n",
      "3: A credential must not stand in a script. Map it in env.",
    ],
    [
      "failures that it ignores",
      "steps:\n  - bash: |\n      one\n      two\n",
      "3: A script of several lines goes on after a failure. Begin it with set -euo pipefail.",
    ],
    [
      "failures that a task ignores",
      task(
        "AzureCLI@2",
        "      azureSubscription: a\n      scriptType: bash\n      scriptLocation: inlineScript\n      inlineScript: |\n        one\n        two\n",
      ),
      "8: A script of several lines goes on after a failure. Begin it with set -euo pipefail.",
    ],
    [
      "a command that does not exist",
      "steps:\n  - bash: |\n      set -e\n      echo '##vso[task.setvarible variable=a]b'\n",
      "5: There is no logging command 'task.setvarible'. Did you mean task.setvariable?",
    ],
    [
      "a command that is not closed",
      "steps:\n  - bash: echo '##vso[task.complete result=Failed'\n",
      "3: The logging command is not closed by ']'.",
    ],
    [
      "a variable without name",
      "steps:\n  - bash: echo '##vso[task.setvariable isoutput=true]b'\n",
      "3: task.setvariable needs the name of a variable.",
    ],
    [
      "a variable of the service that is misspelt",
      "steps:\n  - bash: ls $(Agent.TmpDirectory)\n",
      "3: There is no variable 'Agent.TmpDirectory'. Did you mean $(Agent.TempDirectory)?",
    ],
    [
      "a variable that can be no program",
      "variables: { MODEL_NAME: a }\nsteps:\n  - bash: echo $(MODEL_NAM)\n",
      "4: There is no variable 'MODEL_NAM'. Did you mean $(MODEL_NAME)?",
    ],
    [
      "a credential that stays on the disk",
      "steps:\n  - checkout: self\n    persistCredentials: true\n",
      "4: persistCredentials leaves a credential in the files of the run.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toContain(`pipeline.yml:${finding}`);
  });
});

describe("a pipeline is advised against", () => {
  test.each<Case>([
    [
      "running what it downloads",
      "steps:\n  - bash: |\n      set -e\n      curl -sSL https://a.example/i.sh | bash\n",
      "5: The script runs what it downloads, whatever that is. Download it, compare its digest, and run it then.",
    ],
    [
      "running it as root",
      "steps:\n  - script: wget -O- https://a.example/i.sh|sudo sh\n",
      "3: The script runs what it downloads, whatever that is. Download it, compare its digest, and run it then.",
    ],
    [
      "debugging every run",
      "variables:\n  - name: System.Debug\n    value: true\nsteps:\n  - bash: ls\n",
      "3: system.debug is for one run, not for all of them. Set it when the run is started.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text))).toEqual([`pipeline.yml:${finding}`]);
  });
});

describe("a pipeline for pull requests must not", () => {
  test.each<Case>([
    [
      "see a variable group",
      "variables:\n  - group: prod\nsteps:\n  - bash: ls\n",
      "3: A pipeline for pull requests must not see the variable group 'prod'.",
    ],
    [
      "see one in a stage",
      "stages:\n  - stage: A\n    variables:\n      - group: prod\n    jobs:\n      - job: A\n        steps:\n          - bash: ls\n",
      "5: A pipeline for pull requests must not see the variable group 'prod'.",
    ],
    [
      "use the access token",
      "steps:\n  - bash: ls\n    env:\n      TOKEN: $(System.AccessToken)\n",
      "5: A pipeline for pull requests must not use the access token.",
    ],
    [
      "use a service connection",
      task("AzureCLI@2", "      azureSubscription: a\n      scriptType: bash\n      scriptPath: a.sh\n"),
      "5: A pipeline for pull requests must not use a service connection.",
    ],
    [
      "deploy",
      "jobs:\n  - deployment: A\n    environment: qa\n    strategy: { runOnce: { deploy: { steps: [bash: ls] } } }\n",
      "3: A pipeline for pull requests must not deploy.",
    ],
  ])("%s", (_title, text, finding) => {
    expect(findings(pipelineOf(text), { isForPullRequests: true })).toEqual([`pipeline.yml:${finding}`]);
    expect(findings(pipelineOf(text))).toEqual([]);
  });
});
