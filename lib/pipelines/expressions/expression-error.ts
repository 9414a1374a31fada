/** What is wrong with an expression, and where in its text, counted from 0. */
export class ExpressionError extends Error {
  override readonly name: string = "ExpressionError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
