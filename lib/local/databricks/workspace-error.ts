/** A refusal in the service's own form: `{error_code, message}` with a status. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
  readonly status: number;
  /** Such as `RESOURCE_DOES_NOT_EXIST`; clients choose their exception by it. */
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** The request itself is wrong. */
export function invalidParameter(message: string): WorkspaceError {
  return new WorkspaceError(400, "INVALID_PARAMETER_VALUE", message);
}

/** The request is right, but not now. */
export function invalidState(message: string): WorkspaceError {
  return new WorkspaceError(400, "INVALID_STATE", message);
}

/** What the request names is not there. */
export function notThere(message: string): WorkspaceError {
  return new WorkspaceError(404, "RESOURCE_DOES_NOT_EXIST", message);
}

/** What the request would make is there. */
export function alreadyThere(message: string): WorkspaceError {
  return new WorkspaceError(400, "RESOURCE_ALREADY_EXISTS", message);
}
