import { join } from "node:path";
import {
  findItem,
  listCommits,
  listItems,
  listRefs,
  readBlob,
  type GitItem,
} from "../../../git/bare-repository.ts";
import { repositoryFolder, type RepositoryRecord } from "../routes/repository-record.ts";
import { html, type Html } from "./html.ts";
import { addressOf, link, table, type Page } from "./layout.ts";
import type { ProjectPage } from "./project-pages.ts";

const shownCommits = 10;
const longestFile = 200_000;

/** A repository: how to clone it, its branches, and the file or folder of `path` on the default branch. */
export async function repositoryPage(page: ProjectPage, repository: RepositoryRecord): Promise<Page> {
  const { organization, project, baseUrl, query } = page;
  const folder = join(organization.gitFolder, repositoryFolder(repository));
  const address = addressOf(baseUrl, project.name, "_git", repository.name);
  const clone = html`<pre>git clone ${address}</pre>
    <p>${link("Pull requests", `${address}/pullrequests`)}</p>`;
  const { name, defaultBranch } = repository;
  if (defaultBranch === undefined)
    return { title: name, content: [clone, html`<p>The repository is empty.</p>`] };
  const path = (query.get("path") ?? "").replaceAll(/^\/+|\/+$/g, "");
  const item = await findItem(folder, defaultBranch, path);
  const content =
    item === undefined ? html`<p>There is no ${path}.</p>` : await itemContent(folder, item, address);
  const branches = (await listRefs(folder)).filter((ref) => ref.name.startsWith("refs/heads/"));
  const branchRows = branches.map((branch) => [
    branch.name.slice("refs/heads/".length),
    branch.objectId.slice(0, 8),
  ]);
  const commits = (await listCommits(folder, defaultBranch, { most: shownCommits })) ?? [];
  const commitRows = commits.map(({ commitId, comment, author }) => [
    commitId.slice(0, 8),
    comment.split("\n")[0],
    author.name,
    author.date,
  ]);
  return {
    title: path === "" ? name : `${name}/${path}`,
    content: [
      clone,
      html`<h2>${path === "" ? "Files" : path}</h2>`,
      content,
      html`<h2>Branches</h2>`,
      table(["Branch", "Commit"], branchRows, ""),
      html`<h2>Latest commits</h2>`,
      table(["Commit", "Message", "Author", "Date"], commitRows, ""),
    ],
  };
}

async function itemContent(folder: string, item: GitItem, address: string): Promise<Html> {
  if (item.type === "blob")
    return html`<pre>${(await readBlob(folder, item.objectId)).slice(0, longestFile)}</pre>`;
  const prefix = item.path === "" ? "" : `${item.path}/`;
  const below = await listItems(folder, item.objectId, { prefix, isRecursive: false });
  const rows = below.map(({ path, type }) => [
    link(
      path.slice(prefix.length) + (type === "tree" ? "/" : ""),
      `${address}?path=${encodeURIComponent(`/${path}`)}`,
    ),
  ]);
  return table(["Name"], rows, "The folder is empty.");
}
