/** Clouds over one directory, one after the other, and in between its rows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { asRegion, parseAccountId } from "../src/kernel/arn.ts";
import { assert } from "../src/kernel/assert.ts";
import { table, type Transaction } from "../src/kernel/table.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

const ACCOUNT = parseAccountId("000000000000");
assert(ACCOUNT !== undefined, "an account id");
/** Where rows are looked at. */
export const HERE = { account: ACCOUNT, region: asRegion("us-east-1") };

export function lastingStore() {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-lasting-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return {
    open: (): Promise<TestCloud> => testCloud({ storage: { kind: "embedded", directory } }),
    /** While no cloud is open. */
    rewrite: async (work: (tx: Transaction) => Promise<void>): Promise<void> => {
      const { store } = await openEmbedded({ directory });
      await store.transact(HERE, work);
      await store.close();
    },
  };
}

/** How many rows of a table of the region there are; a hundred at most. */
export async function countRows(name: string, tx: Transaction): Promise<number> {
  const any = table<object>(name, "region", () => []);
  return (await tx.scan(any, { limit: 100 })).length;
}
