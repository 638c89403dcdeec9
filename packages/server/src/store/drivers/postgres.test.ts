import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { counts, HERE } from "../../../test/store/notes.ts";
import { bodyOf, piecesOf } from "../../../test/store/bodies.ts";
import { startPostgres } from "../../../test/postgres-server.ts";
import { setTimer } from "../../clock/timer.ts";
import { Timers, type RunTimer } from "../../clock/timers.ts";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import type { Transaction } from "../../kernel/table.ts";
import { BlobSweep } from "../blob-sweep.ts";
import { openPostgres } from "./open.ts";

const HOUR_MS = 3_600_000;

const server = await startPostgres();
const directory = mkdtempSync(join(tmpdir(), "kumobako-postgres-"));

const url = server?.url ?? "";
const open = () => openPostgres({ url, directory });

afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true });
});

/** No test here has a store that fails in the background. */
function unexpected(error: unknown): never {
  throw error;
}

const countRuns: RunTimer = async ({ key }, tx) => {
  const value = (await tx.get(counts, key))?.value ?? 0;
  tx.put(counts, { name: key, value: value + 1 });
};

async function raise(tx: Transaction): Promise<void> {
  const value = (await tx.get(counts, "a"))?.value ?? 0;
  tx.put(counts, { name: "a", value: value + 1 });
}

describe.skipIf(!server)("PostgreSQL (needs its server)", () => {
  describe("several servers over one PostgreSQL", () => {
    severalServers();
  });
  describe("servers whose connection is lost", () => {
    lostConnections();
  });
});

function severalServers(): void {
  test("may start at the same moment on an empty database", async () => {
    const opened = await Promise.all([open(), open(), open()]);
    expect(opened).toHaveLength(3);
    await Promise.all(opened.map(({ store }) => store.close()));
  });

  test("miss no raise of a counter", async () => {
    const opened = await Promise.all([open(), open()]);
    const stores = opened.map(({ store }) => store);
    await Promise.all(stores.flatMap((store) => Array.from({ length: 20 }, () => store.transact(HERE, raise))));
    for (const store of stores) expect((await store.transact(HERE, (tx) => tx.get(counts, "a")))?.value).toBe(40);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("say that others may write", async () => {
    const { store } = await open();
    expect(store.shared).toBe(true);
    await store.close();
  });

  test("run each timer once between them", async () => {
    const opened = await Promise.all([open(), open()]);
    const stores = opened.map(({ store }) => store);
    const clocks = await Promise.all(stores.map((store) => VirtualClock.open(store)));
    const timers = stores.flatMap((store, index) => {
      const clock = clocks[index];
      return clock ? [new Timers({ store, clock, run: countRuns, report: unexpected })] : [];
    });
    const keys = Array.from({ length: 20 }, (_, index) => `timer ${index}`);
    await stores[0]?.transact(HERE, async (tx) => {
      for (const key of keys) setTimer(tx, { ...HERE, service: "sqs", job: "count", key, dueMs: 1 });
    });
    await Promise.all(clocks.map((clock) => clock.settle()));
    const rows = await stores[1]?.transact(HERE, (tx) => tx.scan(counts, { startsWith: "timer", limit: 99 }));
    expect(rows?.map(({ name, value }) => [name, value])).toEqual(keys.toSorted().map((key) => [key, 1]));
    await Promise.all(timers.map((each) => each.close()));
    await Promise.all(stores.map((store) => store.close()));
  });

  test("leave each other's new bodies alone", async () => {
    const opened = await Promise.all([open(), open()]);
    const [first, second] = opened;
    if (!first || !second) throw new Error("there are two");
    await first.blobStore.write(piecesOf(bodyOf(100_000), 65_536));
    const sweep = new BlobSweep({ ...second, report: unexpected });
    expect(await sweep.collectOrphans(second.blobStore.realNow())).toBe(0);
    expect(await sweep.collectOrphans(second.blobStore.realNow() + 2 * HOUR_MS)).toBe(1);
    await Promise.all(opened.map(({ store }) => store.close()));
  });
}

function lostConnections(): void {
  test("outlive the loss of a connection: the transaction on it fails, the next one works", async () => {
    const { store } = await open();
    await store.transact(HERE, raise);
    const cut = store.transact(HERE, async (tx) => {
      await raise(tx);
      await endOtherSessions();
      await tx.get(counts, "b");
    });
    await expect(cut).rejects.toThrow(/terminat|not queryable/);
    expect((await store.transact(HERE, (tx) => tx.get(counts, "a")))?.value).toBe(41);
    await store.close();
  });

  test("write nothing when the connection is lost before the commit", async () => {
    const { store } = await open();
    const cut = store.transact(HERE, async (tx) => {
      await raise(tx);
      await endOtherSessions();
    });
    await expect(cut).rejects.toThrow(/terminat|not queryable/);
    expect((await store.transact(HERE, (tx) => tx.get(counts, "a")))?.value).toBe(41);
    await store.close();
  });
}

test("a database that cannot be reached is an error, soon", async () => {
  const nowhere = `postgres://kumobako@/postgres?host=${encodeURIComponent(directory)}`;
  await expect(openPostgres({ url: nowhere, directory })).rejects.toThrow(/ENOENT/);
});

async function endOtherSessions(): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kumobako'");
  await client.end();
}
