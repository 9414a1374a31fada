import type { GitConversation } from "./git-process.ts";
import { spawnGit } from "./spawn-git.ts";

/** One object of a repository, as git stores it. */
export interface GitObject {
  readonly objectId: string;
  readonly type: string;
  readonly bytes: Buffer;
}

interface Waiting {
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Header {
  readonly objectId: string;
  readonly type: string;
  readonly size: number;
}

const headerForm = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;
const lineFeed = 10;

/** Reads any number of objects of one repository through one git process; close it when done. */
export class ObjectReader implements AsyncDisposable {
  readonly #git: GitConversation;
  readonly #waiting: Waiting[] = [];
  #answered = 0;
  #chunks: Buffer[] = [];
  #length = 0;
  #header: Header | undefined;

  /** `gitFolder` is the bare repository itself, or `.git`. */
  constructor(gitFolder: string) {
    this.#git = spawnGit(gitFolder, ["cat-file", "--batch"]);
    this.#git.child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#git.ended.then(
      () => this.#failAll(new Error("git cat-file ended early")),
      (error: unknown) => this.#failAll(error),
    );
  }

  /** The object of a name such as an object id or `refs/heads/main^{tree}`; undefined where there is none. */
  read(name: string): Promise<GitObject | undefined> {
    if (name.includes("\n")) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#git.child.stdin.write(`${name}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#git.child.stdin.end();
    await this.#git.ended.catch(() => undefined);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#settleOne());
    // Answered ones are dropped all at once: shifting them one by one takes time that grows with their number.
    if (this.#answered === this.#waiting.length) this.#waiting.length = this.#answered = 0;
  }

  #settleOne(): boolean {
    this.#header ??= this.#takeHeader();
    if (this.#header === undefined || this.#length <= this.#header.size) return false;
    const { objectId, type, size } = this.#header;
    const bytes = this.#takeBytes(size + 1).subarray(0, size);
    this.#header = undefined;
    this.#answer({ objectId, type, bytes });
    return true;
  }

  /** The next header that has an object behind it; what git does not find is answered on the way. */
  #takeHeader(): Header | undefined {
    for (let line = this.#takeLine(); line !== undefined; line = this.#takeLine()) {
      const [, objectId, type, size] = headerForm.exec(line) ?? [];
      if (objectId !== undefined && type !== undefined) return { objectId, type, size: Number(size) };
      this.#answer(undefined);
    }
    return undefined;
  }

  #takeLine(): string | undefined {
    const end = this.#joined().indexOf(lineFeed);
    return end < 0
      ? undefined
      : this.#takeBytes(end + 1)
          .subarray(0, end)
          .toString("utf8");
  }

  #takeBytes(count: number): Buffer {
    const all = this.#joined();
    this.#chunks = [all.subarray(count)];
    this.#length -= count;
    return all.subarray(0, count);
  }

  #joined(): Buffer {
    const [only = Buffer.alloc(0), ...others] = this.#chunks;
    if (others.length === 0) return only;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #answer(object: GitObject | undefined): void {
    this.#waiting[this.#answered]?.resolve(object);
    this.#answered += 1;
  }

  #failAll(error: unknown): void {
    for (const waiting of this.#waiting.slice(this.#answered)) waiting.reject(error);
  }
}
