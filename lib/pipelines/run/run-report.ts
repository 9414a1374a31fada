import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../../errors/is-errno.ts";
import type { SecretMasker } from "./masker.ts";
import type { RunEvent, RunPlace } from "./run-types.ts";

export interface RunReportOptions {
  readonly masker: SecretMasker;
  readonly tell: (event: RunEvent) => void;
  /** The folder that keeps one log for each job. */
  readonly logs: string;
}

/** Tells what happens, with every secret masked, and keeps it in the logs. */
export class RunReport {
  private readonly options: RunReportOptions;
  private readonly missing = new Set<string>();
  private readonly toldMissing = new Set<string>();
  private isLost = false;
  /** Lines that are not in their log yet: one write for each would slow down steps that say much. */
  private readonly waiting = new Map<string, string[]>();

  constructor(options: RunReportOptions) {
    this.options = options;
    mkdirSync(options.logs, { recursive: true });
  }

  tell(event: RunEvent): void {
    const masked = maskEvent(event, this.options.masker);
    if (masked.type === "not emulated" && !this.isNew(masked)) return;
    this.keep(masked);
    this.options.tell(masked);
  }

  /** A step that asks for the same again and again is told so once. */
  private isNew({ at, what }: Extract<RunEvent, { readonly type: "not emulated" }>): boolean {
    const key = [at.stage, at.job, at.step, what].join("/");
    const isNew = !this.toldMissing.has(key);
    this.toldMissing.add(key);
    this.missing.add(what);
    return isNew;
  }

  /** What was not emulated so far, each once. */
  get notEmulated(): readonly string[] {
    return [...this.missing];
  }

  private keep(event: RunEvent): void {
    const text = logLine(event);
    const at = "at" in event ? event.at : undefined;
    if (text === undefined || at?.job === undefined) return;
    const name = logName(at);
    const lines = this.waiting.get(name) ?? [];
    this.waiting.set(name, lines);
    lines.push(text);
    if (event.type !== "finished" && lines.length < mostWaiting) return;
    this.write(join(this.options.logs, name), `${lines.splice(0).join("\n")}\n`);
  }

  /** A disk that is full ends what needs it, and not the run. */
  private write(path: string, text: string): void {
    if (this.isLost) return;
    try {
      appendFileSync(path, text);
    } catch (error) {
      this.isLost = true;
      const why = isErrno(error) ? error.message : String(error);
      const message = `From here on no log is kept: ${why}.`;
      this.options.tell({ type: "issue", at: {}, kind: "warning", message });
    }
  }
}

const mostWaiting = 200;

/** Names of stages and jobs hold letters, digits and underscores only; of the legs of a matrix also blanks. */
function logName({ stage = "", job = "" }: RunPlace): string {
  return `${stage}.${job}.log`.replaceAll(/[^\w.-]/g, "_");
}

function logLine(event: RunEvent): string | undefined {
  switch (event.type) {
    case "started":
      return `\n== ${event.title}`;
    case "finished":
      return `-- ${[event.result, event.why].filter(Boolean).join(": ")}`;
    case "line":
      return event.text;
    case "issue":
      return `${event.kind}: ${event.message}`;
    case "tests":
      return testsLine(event);
    case "not emulated":
      return `not emulated: ${event.what}`;
    case "approval":
    case "artifact":
      return undefined;
  }
}

function testsLine({
  title,
  passed,
  failed,
  skipped,
}: Extract<RunEvent, { readonly type: "tests" }>): string {
  return `tests: ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function maskPresent(
  { why, title }: Extract<RunEvent, { readonly type: "finished" }>,
  masker: SecretMasker,
): { readonly why?: string; readonly title?: string } {
  return {
    ...(why === undefined ? {} : { why: masker.mask(why) }),
    ...(title === undefined ? {} : { title: masker.mask(title) }),
  };
}

function maskEvent(event: RunEvent, masker: SecretMasker): RunEvent {
  switch (event.type) {
    case "started":
    case "tests":
      return { ...event, title: masker.mask(event.title) };
    case "finished":
      return { ...event, ...maskPresent(event, masker) };
    case "line":
      return { ...event, text: masker.mask(event.text) };
    case "issue":
      return { ...event, message: masker.mask(event.message) };
    case "not emulated":
      return { ...event, what: masker.mask(event.what) };
    case "artifact":
      return { ...event, name: masker.mask(event.name) };
    case "approval":
      return event;
  }
}
