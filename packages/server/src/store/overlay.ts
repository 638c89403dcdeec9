import type { Entry, KeyRange, Write } from "./driver.ts";

/** How many entries to read below an overlay of `changes`, so that those it takes away can be made up for. */
export function limitBelow(range: KeyRange, changes: readonly Write[]): KeyRange {
  let takenAway = 0;
  for (const { value } of changes) if (value === undefined) takenAway++;
  return takenAway === 0 ? range : { ...range, limit: range.limit + takenAway };
}

/**
 * `entries`, as they look once `changes` are laid over them: both in the range's direction, each
 * key once, `entries` read with `limitBelow`.
 */
export function overlay(entries: readonly Entry[], changes: readonly Write[], range: KeyRange): readonly Entry[] {
  if (changes.length === 0) return entries;
  const merged: Entry[] = [];
  let at = 0;
  for (const { key, value } of changes) {
    for (let entry = entries[at]; entry && precedes(entry.key, key, range); entry = entries[++at]) merged.push(entry);
    if (entries[at]?.key === key) at++;
    if (value !== undefined) merged.push({ key, value });
  }
  return merged.concat(entries.slice(at)).slice(0, range.limit);
}

/** `writes`, one per key, in the range's direction. */
export function inOrder(writes: readonly Write[], { reverse }: KeyRange): Write[] {
  return writes.toSorted((a, b) => (a.key < b.key !== reverse ? -1 : 1));
}

function precedes(key: string, other: string, { reverse }: KeyRange): boolean {
  return reverse ? key > other : key < other;
}
