import { invalidParameter, WorkspaceError } from "../workspace-error.ts";

export const languages = ["PYTHON", "SQL", "SCALA", "R"] as const;
export type Language = (typeof languages)[number];

export interface ImportRequest {
  readonly path: string;
  readonly format: string;
  readonly language: string | undefined;
  readonly content: Buffer;
}

/** What an import would put where. */
export interface PlannedImport {
  readonly path: string;
  /** Absent for a file. */
  readonly language: Language | undefined;
  readonly bytes: Buffer;
}

const largestImport = 10 * 1024 * 1024;

const headers: Readonly<Record<Language, string>> = {
  PYTHON: "# Databricks notebook source",
  SQL: "-- Databricks notebook source",
  SCALA: "// Databricks notebook source",
  R: "# Databricks notebook source",
};

const extensions: Readonly<Record<string, Language>> = {
  ".py": "PYTHON",
  ".sql": "SQL",
  ".scala": "SCALA",
  ".r": "R",
};

/** The extension that a notebook's source has outside a workspace. */
export const extensionOf: Readonly<Record<Language, string>> = {
  PYTHON: "py",
  SQL: "sql",
  SCALA: "scala",
  R: "r",
};

/** Decides what an import makes: SOURCE a notebook, RAW a file, AUTO a notebook where content and extension say so, without the extension. */
export function planImport({ path, format, language, content }: ImportRequest): PlannedImport {
  if (content.length > largestImport) {
    const message = `The content has ${content.length} bytes; at most ${largestImport} can be imported.`;
    throw new WorkspaceError(400, "MAX_NOTEBOOK_SIZE_EXCEEDED", message);
  }
  switch (format) {
    case "SOURCE":
      return notebook(path, parseLanguage(language), content);
    case "RAW":
      return { path, language: undefined, bytes: content };
    case "AUTO": {
      const extension = /\.[^./]+$/.exec(path)?.[0] ?? "";
      const found = extensions[extension.toLowerCase()];
      if (found === undefined || firstLine(content) !== headers[found])
        return { path, language: undefined, bytes: content };
      return notebook(path.slice(0, -extension.length), found, content);
    }
    default:
      throw invalidParameter(`The format ${format} is not supported here: use SOURCE, AUTO or RAW.`);
  }
}

/** A notebook always begins with the header of its language, whether or not its source did. */
function notebook(path: string, language: Language, content: Buffer): PlannedImport {
  if (firstLine(content) === headers[language]) return { path, language, bytes: content };
  return { path, language, bytes: Buffer.concat([Buffer.from(`${headers[language]}\n`), content]) };
}

function parseLanguage(language: string | undefined): Language {
  const known = languages.find((name) => name === language);
  if (known !== undefined) return known;
  throw invalidParameter(
    language === undefined
      ? "The language has to be given when the format is SOURCE."
      : `${language} is not a language of notebooks: use ${languages.join(", ")}.`,
  );
}

function firstLine(content: Buffer): string {
  const end = content.indexOf("\n");
  return content
    .subarray(0, end === -1 ? content.length : end)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimEnd();
}
