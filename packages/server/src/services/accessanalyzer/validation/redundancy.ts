/** Entries of a list that others of it make needless. */
import { covers } from "../../../identity/policy/algebra/cells.ts";
import type { Pattern } from "../../../identity/policy/algebra/pattern.ts";
import type { TextAt } from "./policy-text.ts";

interface Entry {
  readonly text: TextAt;
  readonly pattern: Pattern;
  /** One of what it matches. */
  readonly example: string;
  readonly test: (text: string) => boolean;
}

/** Longer lists are not compared: each would be held against each. */
const ENTRIES_MAX = 500;

/** One of what a glob matches. */
export const exampleOf = (glob: string): string => glob.replaceAll("*", "").replaceAll("?", "x");

/** Those that another one covers; of equal ones all but the first. */
export function redundantOf(entries: readonly Entry[]): readonly TextAt[] {
  if (entries.length > ENTRIES_MAX) return [];
  return entries
    .filter((own, at) =>
      entries.some((other, place) => place !== at && isWithin(own, other) && (place < at || !isWithin(other, own))),
    )
    .map(({ text }) => text);
}

/** What has no wildcard is its own example. */
const isWithin = (inner: Entry, outer: Entry): boolean =>
  outer.test(inner.example) && (inner.text.text.search(/[*?]/) === -1 || covers([outer.pattern], [inner.pattern]));
