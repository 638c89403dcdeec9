/** Why a request to what a user named had no answer. */
export class OutwardError extends Error {
  override readonly name = "OutwardError";
  readonly why: "refused" | "unreachable" | "timeout";
  constructor(why: OutwardError["why"], message: string) {
    super(message);
    this.why = why;
  }
}
