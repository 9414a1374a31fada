import type { PipelineModel } from "../pipeline-model.ts";
import type { Limit } from "./schedule.ts";

/** How a stage, job, step or run ended. */
export type RunResult = "succeeded" | "succeededWithIssues" | "failed" | "canceled" | "skipped";

export interface RunVariable {
  readonly value: string;
  readonly isSecret: boolean;
}

/** Whose approval a stage waits for before any of its jobs begins. */
export interface ApprovalRequest {
  readonly stage: string;
  readonly environment: string;
  /** It is a step that asks: the environment is the title of the step, and no checks are known of it. */
  readonly isQuestion?: true;
}

/** Everything that a run needs to know; it reads nothing else. */
export interface RunRequest {
  readonly model: PipelineModel;
  /** Empty or new: jobs, artifacts, logs and test results of this run are kept here. */
  readonly folder: string;
  /** What `checkout: self` gives: a repository on this machine, bare or not. */
  readonly source: { readonly repository: string; readonly branch: string; readonly commit: string };
  /** Predefined variables beyond those that the run itself knows, such as Build.BuildId. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those of the variables above that are secret, besides System.AccessToken; absent: none. */
  readonly secretNames?: readonly string[];
  /** Variable groups by name. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, RunVariable>>>>;
  /** The folder with the artifacts of the run that a pipeline resource stands for. */
  readonly artifactsOf: (alias: string) => string | undefined;
  readonly approve: (request: ApprovalRequest) => Promise<"approved" | "rejected">;
  /** Told everything that happens, secrets masked. */
  readonly report: (event: RunEvent) => void;
  /** Cancels the run: everything that it started ends. */
  readonly signal: AbortSignal;
  /** Ends at once also the steps that a canceled run would still run; absent: they have the time that their job gives them. */
  readonly stop?: AbortSignal;
  /** Shared with other runs: so many jobs of all of them run at a time; absent: only those of this run are counted. */
  readonly agents?: Limit;
  /** Variables of this machine that programs need, such as PATH and those of pip; nothing else is passed on. */
  readonly environ: Readonly<Record<string, string>>;
}

/** Where something happens; absent parts are about the whole. */
export interface RunPlace {
  readonly stage?: string;
  readonly job?: string;
  /** The number of the step in its job, from 1. */
  readonly step?: number;
}

export type RunEvent =
  | { readonly type: "started"; readonly at: RunPlace; readonly title: string }
  | {
      readonly type: "finished";
      readonly at: RunPlace;
      readonly result: RunResult;
      readonly why?: string;
      /** How people call what never started. */
      readonly title?: string;
    }
  | { readonly type: "line"; readonly at: RunPlace; readonly text: string }
  | {
      readonly type: "issue";
      readonly at: RunPlace;
      readonly kind: "error" | "warning";
      readonly message: string;
    }
  | {
      readonly type: "approval";
      readonly request: ApprovalRequest;
      readonly outcome?: "approved" | "rejected";
    }
  | { readonly type: "artifact"; readonly name: string; readonly folder: string }
  | {
      readonly type: "tests";
      readonly at: RunPlace;
      readonly title: string;
      readonly passed: number;
      readonly failed: number;
      readonly skipped: number;
    }
  | { readonly type: "not emulated"; readonly at: RunPlace; readonly what: string };

export interface StepOutcome {
  readonly title: string;
  readonly result: RunResult;
}

export interface JobOutcome {
  readonly name: string;
  readonly title: string;
  readonly result: RunResult;
  readonly steps: readonly StepOutcome[];
}

export interface StageOutcome {
  readonly name: string;
  readonly title: string;
  readonly result: RunResult;
  readonly jobs: readonly JobOutcome[];
}

/** What a run came to. */
export interface RunOutcome {
  readonly result: RunResult;
  readonly stages: readonly StageOutcome[];
  /** Folders by the names of the artifacts. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** What a real service would have done and this run did not; empty on a run that is worth its result. */
  readonly notEmulated: readonly string[];
  /** The tags that steps put on the run, for those that wait for it. */
  readonly tags: readonly string[];
  /** Build.BuildNumber at the end of the run. */
  readonly number: string;
}
