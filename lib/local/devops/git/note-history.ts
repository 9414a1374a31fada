import { join } from "node:path";
import { listRefs, repositorySize, setHead } from "../../../git/bare-repository.ts";
import {
  isRepository,
  repositoryFolder,
  repositoryKind,
  type RepositoryRecord,
} from "../routes/repository-record.ts";
import type { Organization } from "../state/organization.ts";

const preferred = ["refs/heads/main", "refs/heads/master"];

/** Keeps what the organisation says about the contents of a repository: its size, and its first branch as the default one. */
export async function noteHistory(organization: Organization, id: string): Promise<void> {
  const before = find(organization, id);
  if (before === undefined) return;
  const folder = join(organization.gitFolder, repositoryFolder(before));
  const size = await repositorySize(folder);
  const branches = (await listRefs(folder))
    .map(({ name }) => name)
    .filter((name) => name.startsWith("refs/heads/"));
  const first = preferred.find((name) => branches.includes(name)) ?? branches[0];
  const isFirst = before.defaultBranch === undefined && first !== undefined;
  if (isFirst) await setHead(folder, first);
  // Read again: another request may have changed the record meanwhile.
  const now = find(organization, id);
  if (now === undefined) return;
  const updated: RepositoryRecord = {
    ...now,
    size,
    ...(isFirst && now.defaultBranch === undefined ? { defaultBranch: first } : {}),
  };
  organization.put(repositoryKind, updated);
}

function find(organization: Organization, id: string): RepositoryRecord | undefined {
  return organization.list(repositoryKind, isRepository).find((repository) => repository.id === id);
}
