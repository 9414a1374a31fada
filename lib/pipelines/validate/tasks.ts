import type { Shape } from "./shapes.ts";

/** What a task takes: inputs by name, in any letter case; `!` marks those that it needs. */
export interface Task {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly needed: readonly string[];
}

const codeFiles = ["targetType", "filePath", "arguments", "script", "workingDirectory", "failOnStderr"];

function inputs(names: readonly string[]): Readonly<Record<string, Shape>> {
  return Object.fromEntries(names.map((name) => [name, "text"] as const));
}

/**
 * The tasks that generated pipelines use and those that teams add most, by name and major version.
 * Names of inputs are facts of https://learn.microsoft.com/azure/devops/pipelines/tasks/reference.
 */
export const tasks: Readonly<Record<string, Task>> = {
  "UsePythonVersion@0": {
    inputs: {
      ...inputs(["versionSpec", "architecture", "githubToken"]),
      addToPath: "flag",
      disableDownloadFromRegistry: "flag",
      allowUnstable: "flag",
    },
    needed: [],
  },
  "Cache@2": {
    inputs: inputs(["key", "path", "restoreKeys", "cacheHitVar"]),
    needed: ["key", "path"],
  },
  "PublishTestResults@2": {
    inputs: {
      testResultsFormat: { oneOf: ["JUnit", "NUnit", "VSTest", "XUnit", "CTest"] },
      ...inputs(["testResultsFiles", "searchFolder", "testRunTitle", "buildPlatform", "buildConfiguration"]),
      mergeTestResults: "flag",
      failTaskOnFailedTests: "flag",
      failTaskOnFailureToPublishResults: "flag",
      failTaskOnMissingResultsFile: "flag",
      publishRunAttachments: "flag",
    },
    needed: ["testResultsFiles"],
  },
  "PublishCodeCoverageResults@2": {
    inputs: { ...inputs(["summaryFileLocation", "pathToSources"]), failIfCoverageEmpty: "flag" },
    needed: ["summaryFileLocation"],
  },
  "PublishPipelineArtifact@1": {
    inputs: inputs(["targetPath", "artifact", "artifactName", "publishLocation", "properties"]),
    needed: ["targetPath"],
  },
  "DownloadPipelineArtifact@2": {
    inputs: inputs([
      "source",
      "buildType",
      "project",
      "pipeline",
      "definition",
      "preferTriggeringPipeline",
      "runVersion",
      "runBranch",
      "runId",
      "tags",
      "artifact",
      "artifactName",
      "patterns",
      "itemPattern",
      "path",
      "targetPath",
      "allowPartiallySucceededBuilds",
      "allowFailedBuilds",
    ]),
    needed: [],
  },
  "AzureCLI@2": {
    inputs: {
      ...inputs(["azureSubscription", "connectedServiceNameARM", "scriptPath", "inlineScript"]),
      ...inputs(["arguments", "scriptArguments", "workingDirectory", "cwd"]),
      scriptType: { oneOf: ["ps", "pscore", "batch", "bash"] },
      scriptLocation: { oneOf: ["inlineScript", "scriptPath"] },
      powerShellErrorActionPreference: "text",
      addSpnToEnvironment: "flag",
      useGlobalConfig: "flag",
      failOnStandardError: "flag",
      powerShellIgnoreLASTEXITCODE: "flag",
      visibleAzLogin: "flag",
      keepAzSessionActive: "flag",
    },
    needed: ["scriptType"],
  },
  "AzureKeyVault@2": {
    inputs: { ...inputs(["azureSubscription", "KeyVaultName", "SecretsFilter"]), RunAsPreJob: "flag" },
    needed: ["azureSubscription", "KeyVaultName"],
  },
  "Bash@3": {
    inputs: { ...inputs([...codeFiles, "bashEnvValue"]), noProfile: "flag", noRc: "flag" },
    needed: [],
  },
  "CmdLine@2": { inputs: inputs(["script", "workingDirectory", "failOnStderr"]), needed: ["script"] },
  "PowerShell@2": {
    inputs: { ...inputs([...codeFiles, "errorActionPreference"]), pwsh: "flag" },
    needed: [],
  },
  "PythonScript@0": {
    inputs: inputs([
      "scriptSource",
      "scriptPath",
      "script",
      "arguments",
      "pythonInterpreter",
      "workingDirectory",
      "failOnStderr",
    ]),
    needed: [],
  },
  "PipAuthenticate@1": {
    inputs: { ...inputs(["artifactFeeds", "pythonDownloadServiceConnections"]), onlyAddExtraIndex: "flag" },
    needed: [],
  },
  "ManualValidation@1": {
    inputs: {
      ...inputs(["notifyUsers", "instructions", "onTimeout", "approvers"]),
      allowApproversToApproveTheirOwnRuns: "flag",
    },
    needed: ["notifyUsers"],
  },
};
