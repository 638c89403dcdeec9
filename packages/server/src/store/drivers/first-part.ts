/** The first part of packed keys, its end included: few keys share it with those of other tables. */
import type { KeyRange } from "../driver.ts";

const END = "\0";
const AFTER_END = "\x01";

export const firstPart = (key: string): string => key.slice(0, key.indexOf(END) + 1);

/** Greater than all keys with that first part, and not than any other that follows them. */
export const endOfPart = (part: string): string => part.slice(0, -1) + AFTER_END;

/** The first part of all keys in `range`; `undefined`: they have several. */
export function partOf({ from, to }: KeyRange): string | undefined {
  const part = firstPart(from);
  return part !== "" && to.startsWith(part) ? part : undefined;
}
