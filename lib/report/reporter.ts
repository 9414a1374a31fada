/** What happens to one thing: the verb shown in front of a step. */
export type StepAction = "create" | "update" | "replace" | "delete" | "keep" | "run";

/** Everything the user may be told, as data; renderers only choose how it looks. */
export type ReportEvent =
  | { readonly type: "section"; readonly title: string }
  | {
      readonly type: "step-started";
      readonly key: string;
      readonly action: StepAction;
      readonly title: string;
    }
  | {
      readonly type: "step-finished";
      readonly key: string;
      readonly action: StepAction;
      readonly title: string;
      readonly ms: number;
      /** Short outcome, such as a link or an id. */
      readonly detail?: string;
    }
  | {
      readonly type: "step-failed";
      readonly key: string;
      readonly action: StepAction;
      readonly title: string;
      readonly ms: number;
      readonly reason: string;
    }
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "warning"; readonly text: string; readonly hint?: string }
  | { readonly type: "link"; readonly title: string; readonly url: string }
  | { readonly type: "next-step"; readonly text: string; readonly command?: string };

/** Receives events as they happen; never throws and never blocks the work it reports. */
export interface Reporter {
  report(event: ReportEvent): void;
}
