import type { Refusal, Verdict } from "./federation.ts";

/** Ends the reading of a token or an assertion; `verdictOf` makes a value of it. */
export class IdentityRefused extends Error {
  override readonly name = "IdentityRefused";
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.words);
    this.refusal = refusal;
  }
}

/** The outcome of `read` as a value. */
export async function verdictOf<Identity>(read: () => Promise<Identity>): Promise<Verdict<Identity>> {
  try {
    return { verdict: "verified", identity: await read() };
  } catch (error) {
    if (error instanceof IdentityRefused) return { verdict: "refused", refusal: error.refusal };
    throw error;
  }
}
