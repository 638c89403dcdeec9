/** Indexes of patterns that are used over and over: what was made of one version of a set is kept. */
import { BoundedCache } from "../bounded-cache.ts";
import type { PatternIndex } from "./pattern-index.ts";

/** Each some hundred kilobytes, where a set is large. */
const KEPT_MAX = 200;

const kept = new BoundedCache<string, PatternIndex<string>>(KEPT_MAX);

/** The index of the set's `version`, an id that no other set and no other state of it has. */
export async function indexOf(
  version: string,
  make: () => Promise<PatternIndex<string>>,
): Promise<PatternIndex<string>> {
  const there = kept.get(version);
  if (there !== undefined) return there;
  const index = await make();
  kept.set(version, index);
  return index;
}
