import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { LocalOrganization } from "../../lib/local/start.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "data", "azure-devops", "recordings");

/** Whether the recorded conversations lie beside this project; tests that need them are skipped where they do not. */
export const hasRecordings: boolean = existsSync(folder);

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** One request that a client sent to the real service, and what the service answered. */
export interface Exchange {
  readonly method: string;
  /** What follows the organisation in the address. */
  readonly path: string;
  readonly body: Json;
  readonly headers: Record<string, string>;
  readonly status: number;
  readonly type: string | undefined;
  readonly answer: Json;
}

/** What the local organisation answered to the same request. */
export interface Replayed {
  readonly status: number;
  readonly type: string | undefined;
  readonly answer: Json;
}

/** The conversation of one file, in the order in which it was held. */
export function readConversation(name: string): readonly Exchange[] {
  const { interactions } = parse(readFileSync(join(folder, `${name}.yaml`), "utf8"));
  return interactions.map(({ request, response }: Json): Exchange => {
    const url = new URL(request.uri);
    const [, , ...path] = url.pathname.split("/");
    const { "content-type": type } = response.headers;
    return {
      method: request.method,
      path: path.join("/") + url.search,
      body: request.body === null || request.body === "" ? undefined : JSON.parse(String(request.body)),
      headers: Object.fromEntries(
        ["Accept", "Content-Type", "X-TFS-Session"].flatMap((key) =>
          request.headers[key] === undefined ? [] : [[key, request.headers[key][0]]],
        ),
      ),
      status: response.status.code,
      type: type?.[0],
      answer: parseAnswer(response.body.string),
    };
  });
}

function parseAnswer(text: string | undefined): Json {
  const json = (text ?? "").replace(/^\uFEFF/, "");
  return /^[[{]|^null$/.test(json) ? JSON.parse(json) : undefined;
}

/** Holds a recorded conversation again with a local organisation: what the service numbered is translated to what this one numbered. */
export class Replay {
  readonly #local: LocalOrganization;
  readonly #ids = new Map<string, string>();

  constructor(local: LocalOrganization) {
    this.#local = local;
  }

  async send(exchange: Exchange): Promise<Replayed> {
    const { method, headers, body, answer } = exchange;
    const response = await fetch(`${this.#local.url}/${this.#translatePath(exchange.path)}`, {
      method,
      headers: {
        ...headers,
        authorization: `Basic ${Buffer.from(`:${this.#local.token.reveal()}`).toString("base64")}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(this.#translate(body)) }),
    });
    const replayed = {
      status: response.status,
      type: response.headers.get("content-type") ?? undefined,
      answer: parseAnswer(await response.text()),
    };
    this.learn(answer, replayed.answer);
    return replayed;
  }

  /** Has the local organisation asked for something of its own wherever the conversation is about something of the service's. */
  know(recorded: unknown, ours: Json): void {
    if (ours !== undefined && ours !== null) this.#ids.set(String(recorded), String(ours));
  }

  /** Takes two answers to the same question and remembers which of their ids mean the same thing. */
  learn(recorded: Json, ours: Json): void {
    if (typeof recorded !== "object" || typeof ours !== "object" || recorded === null || ours === null)
      return;
    if (Array.isArray(recorded)) {
      for (const entry of recorded) this.learn(entry, counterpart(entry, ours));
      return;
    }
    for (const [key, value] of Object.entries(recorded)) {
      if (/^(?:id|pullRequestId|commitId)$/.test(key) || guid.test(String(value)))
        this.know(value, ours[key]);
      else this.learn(value, ours[key]);
    }
  }

  #translatePath(path: string): string {
    return path
      .split(/(?=[/?&=])/)
      .map((part) => part.slice(0, 1) + (this.#ids.get(part.slice(1)) ?? part.slice(1)))
      .join("")
      .replace(/^[^/]+/, (first) => this.#ids.get(first) ?? first);
  }

  #translate(value: Json): Json {
    const text = JSON.stringify(value, (key, entry: unknown) => {
      const known = /id$|^identifier$/i.test(key) ? this.#ids.get(String(entry)) : undefined;
      if (known === undefined) return entry;
      return typeof entry === "number" ? Number(known) : known;
    });
    return JSON.parse(text);
  }
}

function counterpart(entry: Json, ours: Json): Json {
  if (!Array.isArray(ours)) return undefined;
  const key = ["name", "path", "displayName"].find((name) => typeof entry?.[name] === "string");
  if (key === undefined) return ours[0];
  return (
    ours.find((candidate) => candidate?.[key] === entry[key]) ?? (ours.length === 1 ? ours[0] : undefined)
  );
}

/** How the form of an answer differs from the recorded one; null stands for any missing value. */
export function differences(recorded: Json, ours: Json): string[] {
  const wanted = shapeOf(recorded);
  const found = shapeOf(ours);
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((at) => {
    const left = wanted.get(at);
    const right = found.get(at);
    if (left === undefined) return [`+ ${at}`];
    if (right === undefined) return [`- ${at}`];
    const agree = [...left].some((type) => right.has(type));
    return agree ? [] : [`${at}: ${[...right].join("|")} instead of ${[...left].join("|")}`];
  });
}

/** The types of everything in a value, by its place; entries of a list share one place. */
function shapeOf(value: Json, at = "$", shape = new Map<string, Set<string>>()): Map<string, Set<string>> {
  const types = shape.get(at) ?? new Set();
  shape.set(at, types.add(typeOf(value)));
  if (Array.isArray(value)) for (const entry of value) shapeOf(entry, `${at}[]`, shape);
  else if (typeof value === "object" && value !== null)
    for (const [key, entry] of Object.entries(value)) shapeOf(entry, `${at}.${key}`, shape);
  return shape;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
