import { ServiceError } from "./service-error.ts";

const longestRepositoryName = 64;
const forbiddenInRepository = /[\\/:*?"<>;#${},+=[\]|]/;
// oxlint-disable-next-line no-control-regex -- control characters are what the service refuses
const control = /[\u0000-\u001F\u007F]/;

/** Refuses a name that the service would not give to a repository (its documented naming restrictions). */
export function refuseRepositoryName(name: string): void {
  const isBad =
    name.trim() === "" ||
    name.length > longestRepositoryName ||
    forbiddenInRepository.test(name) ||
    control.test(name) ||
    /^[_.]|\.$/.test(name);
  if (!isBad) return;
  throw new ServiceError(
    400,
    "InvalidGitRepositoryNameException",
    `TF401025: '${name}' is not a valid name for a Git repository.`,
  );
}

const forbiddenInProject = /[\\/:*?"<>;#$&{},+=[\]|@~%]/;

/** Refuses a name that the service would not give to a project. */
export function refuseProjectName(name: string): void {
  const isBad =
    name.length > 64 || forbiddenInProject.test(name) || control.test(name) || /^[_.]|\.$/.test(name);
  if (!isBad) return;
  throw new ServiceError(
    400,
    "InvalidProjectNameException",
    `VS800075: The project name ${name} is not valid.`,
  );
}
