/** What the process that is killed writes, and its witness reads. */
import { table } from "../../src/kernel/table.ts";
import type { BlobRef } from "../../src/store/blobs.ts";

/** Of each pair there are both or none. */
export interface Half {
  readonly number: number;
  readonly side: "left" | "right";
  readonly ref: BlobRef;
}

export const halves = table<Half>("crash.half", "region", ({ number, side }) => [number, side]);

/** How many pairs there are. */
export const total = table<{ readonly pairs: number }>("crash.total", "region", () => []);

/** From nothing, through those in rows and those of one record, to those of several. */
export function bodySize(number: number): number {
  return (number * 7919) % 150_000;
}
