import type { Shape } from "./shapes.ts";

type Shapes = Readonly<Record<string, Shape>>;

/** What a task takes: inputs by name, in any letter case. */
export interface Task {
  readonly inputs: Shapes;
  /** Those that it cannot do without, each with its other spellings. */
  readonly needed: readonly (readonly string[])[];
  /** Those that it needs when another input has a value; the empty value stands for an absent one. */
  readonly neededBeside?: readonly (readonly [names: readonly string[], other: string, value: string])[];
}

/** Inputs of one shape, their names separated by blanks. */
function all(shape: Shape, names: string): Shapes {
  return Object.fromEntries(names.split(" ").map((name) => [name, shape] as const));
}

function texts(names: string): Shapes {
  return all("text", names);
}

function flags(names: string): Shapes {
  return all("flag", names);
}

const preference: Shape = { oneOf: ["default", "stop", "continue", "silentlyContinue"] };
const fileOrInline: Shape = { oneOf: ["filePath", "inline"] };

const azureCli: Shapes = {
  ...texts("connectedServiceNameARM azureSubscription scriptPath inlineScript"),
  ...texts("scriptArguments arguments cwd workingDirectory"),
  scriptType: { oneOf: ["ps", "pscore", "batch", "bash"] },
  scriptLocation: { oneOf: ["inlineScript", "scriptPath"] },
  powerShellErrorActionPreference: { oneOf: ["stop", "continue", "silentlyContinue"] },
  ...flags("addSpnToEnvironment useGlobalConfig failOnStandardError powerShellIgnoreLASTEXITCODE"),
  ...flags("visibleAzLogin keepAzSessionActive"),
};

const azureCliNeeds: Task["neededBeside"] = [
  [["inlineScript"], "scriptLocation", "inlineScript"],
  [["scriptPath"], "scriptLocation", "scriptPath"],
  [["scriptPath"], "scriptLocation", ""],
];

const scriptNeeds: Task["neededBeside"] = [
  [["script"], "targetType", "inline"],
  [["filePath"], "targetType", "filePath"],
  [["filePath"], "targetType", ""],
];

/**
 * The tasks that generated pipelines use and those that teams add most, by name and major version.
 * Names of inputs are facts of https://learn.microsoft.com/azure/devops/pipelines/tasks/reference.
 */
export const tasks: Readonly<Record<string, Task>> = {
  "UsePythonVersion@0": {
    inputs: {
      ...texts("versionSpec githubToken"),
      architecture: { oneOf: ["x86", "x64", "arm64"] },
      ...flags("addToPath disableDownloadFromRegistry allowUnstable"),
    },
    needed: [],
  },
  "Cache@2": {
    inputs: texts("key path restoreKeys cacheHitVar"),
    needed: [["key"], ["path"]],
  },
  "PublishTestResults@2": {
    inputs: {
      ...all({ oneOf: ["JUnit", "NUnit", "VSTest", "XUnit", "CTest"] }, "testResultsFormat testRunner"),
      ...texts("testResultsFiles searchFolder testRunTitle"),
      ...texts("buildPlatform platform buildConfiguration configuration"),
      ...flags("mergeTestResults failTaskOnFailedTests failTaskOnFailureToPublishResults"),
      ...flags("failTaskOnMissingResultsFile publishRunAttachments"),
    },
    needed: [],
  },
  "PublishCodeCoverageResults@2": {
    inputs: { ...texts("summaryFileLocation pathToSources"), ...flags("failIfCoverageEmpty") },
    needed: [["summaryFileLocation"]],
  },
  "PublishPipelineArtifact@1": {
    inputs: {
      ...texts("path targetPath artifactName artifact fileSharePath parallelCount properties"),
      ...all({ oneOf: ["pipeline", "filepath"] }, "artifactType publishLocation"),
      ...flags("parallel"),
    },
    needed: [],
  },
  "DownloadPipelineArtifact@2": {
    inputs: {
      ...all({ oneOf: ["current", "specific"] }, "source buildType"),
      ...texts("project pipeline definition runBranch branchName runId pipelineId buildId tags"),
      ...all({ oneOf: ["latest", "latestFromBranch", "specific"] }, "runVersion buildVersionToDownload"),
      ...texts("artifact artifactName patterns itemPattern path targetPath downloadPath"),
      ...flags("preferTriggeringPipeline specificBuildWithTriggering"),
      ...flags("allowPartiallySucceededBuilds allowFailedBuilds"),
    },
    needed: [],
    neededBeside: ["source", "buildType"].flatMap((other) => [
      [["project"], other, "specific"] as const,
      [["pipeline", "definition"], other, "specific"] as const,
    ]),
  },
  "AzureCLI@2": {
    inputs: azureCli,
    needed: [["azureSubscription", "connectedServiceNameARM"], ["scriptType"]],
    neededBeside: azureCliNeeds,
  },
  "AzureCLI@3": {
    inputs: {
      ...azureCli,
      connectionType: { oneOf: ["azureRM", "azureDevOps"] },
      ...texts("azureDevOpsServiceConnection"),
      ...flags("allowNoSubscriptions"),
    },
    needed: [["scriptType"]],
    neededBeside: [
      ...azureCliNeeds,
      [["azureSubscription", "connectedServiceNameARM"], "connectionType", ""],
      [["azureSubscription", "connectedServiceNameARM"], "connectionType", "azureRM"],
      [["azureDevOpsServiceConnection"], "connectionType", "azureDevOps"],
    ],
  },
  "AzureKeyVault@2": {
    inputs: {
      ...texts("ConnectedServiceName azureSubscription KeyVaultName SecretsFilter"),
      ...flags("RunAsPreJob"),
    },
    needed: [["azureSubscription", "ConnectedServiceName"], ["KeyVaultName"]],
  },
  "Bash@3": {
    inputs: {
      targetType: fileOrInline,
      ...texts("filePath arguments script workingDirectory bashEnvValue"),
      ...flags("failOnStderr"),
    },
    needed: [],
    neededBeside: scriptNeeds,
  },
  "CmdLine@2": {
    inputs: { ...texts("script workingDirectory"), ...flags("failOnStderr") },
    needed: [],
  },
  "PowerShell@2": {
    inputs: {
      targetType: fileOrInline,
      ...texts("filePath arguments script workingDirectory"),
      ...all(preference, "errorActionPreference warningPreference informationPreference"),
      ...all(preference, "verbosePreference debugPreference progressPreference"),
      ...flags("failOnStderr showWarnings ignoreLASTEXITCODE pwsh runScriptInSeparateScope"),
    },
    needed: [],
    neededBeside: scriptNeeds,
  },
  "PythonScript@0": {
    inputs: {
      scriptSource: fileOrInline,
      ...texts("scriptPath script arguments pythonInterpreter workingDirectory"),
      ...flags("failOnStderr"),
    },
    needed: [],
    neededBeside: [
      [["script"], "scriptSource", "inline"],
      [["scriptPath"], "scriptSource", "filePath"],
      [["scriptPath"], "scriptSource", ""],
    ],
  },
  "PipAuthenticate@1": {
    inputs: { ...texts("artifactFeeds pythonDownloadServiceConnections"), ...flags("onlyAddExtraIndex") },
    needed: [],
  },
  "TwineAuthenticate@1": {
    inputs: texts("artifactFeed pythonUploadServiceConnection"),
    needed: [],
  },
  "ManualValidation@1": {
    inputs: {
      ...texts("notifyUsers approvers instructions"),
      onTimeout: { oneOf: ["reject", "resume"] },
      ...flags("allowApproversToApproveTheirOwnRuns"),
    },
    needed: [["notifyUsers"]],
  },
  "Docker@2": {
    inputs: {
      ...texts("command containerRegistry repository Dockerfile buildContext tags arguments container"),
      ...flags("addPipelineData addBaseImageData"),
    },
    needed: [],
  },
  "DownloadSecureFile@1": {
    inputs: texts("secureFile retryCount socketTimeout"),
    needed: [["secureFile"]],
  },
};
