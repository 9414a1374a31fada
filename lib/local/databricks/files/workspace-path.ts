import { join } from "node:path";
import { invalidParameter } from "../workspace-error.ts";

const prefix = "/Workspace";

/** A path of the workspace in its one form: absolute, without `/Workspace` and without a slash at its end. */
export function parseWorkspacePath(path: string): string {
  if (!path.startsWith("/")) throw invalidParameter(`Path (${path}) doesn't start with '/'`);
  const below = path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  const segments = below.split("/").filter((segment) => segment !== "");
  const isHarmless = segments.every(
    (segment) => segment !== "." && segment !== ".." && !segment.includes("\0") && segment.length <= 255,
  );
  if (!isHarmless) throw invalidParameter(`Path (${path}) is invalid.`);
  return `/${segments.join("/")}`;
}

/** Where a path of the workspace is on this machine. */
export function placeOf(root: string, path: string): string {
  return join(root, ...parseWorkspacePath(path).split("/"));
}

/** A value as code on this machine needs it: `/Workspace/…` becomes the place where that is, anything else stays. */
export function localValue(root: string, value: string): string {
  if (!value.startsWith(`${prefix}/`)) return value;
  return placeOf(root, value);
}

/** The folder that a path is in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}
