/** Thrown where the program itself is wrong; the caller sees an internal failure. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Holds `condition` to be true. `what` says the broken rule: lowercase, no full stop. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(what);
}

/** The end of an exhaustive `switch`. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value: ${JSON.stringify(value)}`);
}
