/** A refusal in the service's own form: `{message, typeKey, typeName, errorCode, eventId}` with a status. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  /** Such as `GitRepositoryNotFoundException`. */
  readonly typeKey: string;

  constructor(status: number, typeKey: string, message: string) {
    super(message);
    this.status = status;
    this.typeKey = typeKey;
  }
}
