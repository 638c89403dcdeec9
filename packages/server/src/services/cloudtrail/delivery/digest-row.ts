/** What is kept of the chains of digests: one for each account and region that a trail logs. */
import { table, type Transaction } from "../../../kernel/table.ts";

/** A log file as digests tell of it. */
export interface DigestedFile {
  readonly key: string;
  readonly bucket: string;
  readonly sum: string;
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface Chain {
  /** The key of the trail. */
  readonly trail: string;
  readonly account: string;
  readonly region: string;
  /** When the hour began that the next digest is of. */
  readonly startMs: number;
  /** Delivered in that hour. */
  readonly files: readonly DigestedFile[];
  /** The digest before. */
  readonly previous?:
    | { readonly bucket: string; readonly key: string; readonly sum: string; readonly signature: string }
    | undefined;
}

export const chains = table<Chain>("cloudtrail.digest", "global", ({ trail, account, region }) => [
  trail,
  account,
  region,
]);

const CLEARED_AT_ONCE = 10_000;

export async function forgetDigests(trail: string, tx: Transaction): Promise<void> {
  await tx.clear(chains, { prefix: [trail], limit: CLEARED_AT_ONCE });
}
