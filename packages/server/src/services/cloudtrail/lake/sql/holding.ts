/** How much a query may hold at a time, so that none takes the memory of all others. */
import { HELD_BYTES_MAX, HELD_ROWS_MAX, VALUE_SIZE_MAX } from "../limits.ts";
import { isList, isMap, Json, QueryFailure, Struct, type Value } from "./value.ts";

/** As Athena says it, which knows the same language. */
export const exhausted = (): QueryFailure => new QueryFailure("Query exhausted resources at this scale factor");

/** What is held for one purpose. */
export class Holding {
  #rows = 0;
  #bytes = 0;

  /** @throws {QueryFailure} where it is too much */
  add(values: readonly Value[]): void {
    this.#rows += 1;
    for (const value of values) this.#bytes += weightOf(value);
    if (this.#rows > HELD_ROWS_MAX || this.#bytes > HELD_BYTES_MAX) throw exhausted();
  }
}

const PLAIN_BYTES = 16;

/** About. */
function weightOf(value: Value): number {
  if (typeof value === "string") return value.length + PLAIN_BYTES;
  if (isList(value)) return value.reduce<number>((sum, one) => sum + weightOf(one), PLAIN_BYTES);
  if (value instanceof Json) return JSON.stringify(value.value)?.length ?? PLAIN_BYTES;
  if (!(value instanceof Struct) && !isMap(value)) return PLAIN_BYTES;
  const members = value instanceof Struct ? value.fields : value;
  let sum = PLAIN_BYTES;
  for (const [name, member] of members) sum += name.length + weightOf(member);
  return sum;
}

/** What functions made, where it is not too large. @throws {QueryFailure} */
export function requireSize<Sized extends { readonly length: number }>(value: Sized): Sized {
  if (value.length > VALUE_SIZE_MAX) throw exhausted();
  return value;
}

/** How much a query does before others have their turn. */
export class Effort {
  #steps = 0;

  /** @throws {QueryFailure} where a few events take too much of it */
  spend(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > STEPS_MAX) throw exhausted();
  }

  /** For what takes the longer, the longer its values are. @throws {QueryFailure} */
  spendOn(values: readonly Value[]): void {
    let size = 0;
    for (const value of values) size += sizeOf(value);
    this.spend(Math.floor(size / SIZE_PER_STEP));
  }

  rest(): void {
    this.#steps = 0;
  }
}

/** About a second. */
const STEPS_MAX = 5_000_000;
/** How many characters, or items, take as long as a step. */
const SIZE_PER_STEP = 256;

function sizeOf(value: Value): number {
  if (typeof value === "string" || isList(value)) return value.length;
  return isMap(value) ? value.size : 0;
}
