import { noObject } from "../../../git/bare-repository.ts";
import { folderOf, readRefs } from "../review/merge-branches.ts";
import type { Organization } from "../state/organization.ts";

/** A branch or tag that was made, moved or deleted; `noObject` stands for one that is not there. */
export interface RefMove {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Finds out which branches and tags moved since it looked last; each move is found once. */
export class RefWatch {
  readonly #organization: Organization;
  readonly #seen = new Map<string, ReadonlyMap<string, string>>();

  constructor(organization: Organization) {
    this.#organization = organization;
  }

  /** Looks for the first time, where it has not yet. */
  async look(repositoryId: string): Promise<void> {
    if (this.#seen.has(repositoryId)) return;
    const refs = await this.#read(repositoryId);
    if (!this.#seen.has(repositoryId)) this.#seen.set(repositoryId, refs);
  }

  /** What moved since; nothing where it never looked before. */
  async moves(repositoryId: string): Promise<readonly RefMove[]> {
    const after = await this.#read(repositoryId);
    const before = this.#seen.get(repositoryId) ?? after;
    this.#seen.set(repositoryId, after);
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((name) => ({ name, from: before.get(name) ?? noObject, to: after.get(name) ?? noObject }))
      .filter(({ from, to }) => from !== to);
  }

  async #read(repositoryId: string): Promise<ReadonlyMap<string, string>> {
    const refs = await readRefs(folderOf(this.#organization, repositoryId));
    return new Map([...refs].filter(([name]) => /^refs\/(?:heads|tags)\//.test(name)));
  }
}
