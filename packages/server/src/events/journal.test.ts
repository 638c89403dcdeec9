import { expect, onTestFinished, test, vi } from "vitest";
import { requestIdMaker } from "../kernel/ids.ts";
import { NOWHERE } from "../kernel/table.ts";
import { openMemory } from "../store/drivers/open.ts";
import type { RecordedQuery } from "../service/recorded-calls.ts";
import type { CallRecord } from "./call-record.ts";
import { batches } from "./journal-batch.ts";
import { Journal } from "./journal.ts";

const record = (requestId: string, atMs: number): CallRecord => ({
  requestId,
  atMs,
  service: "sts",
  operation: "GetCallerIdentity",
  account: "000000000000",
  region: "us-east-1",
  sourceIp: "127.0.0.1",
  userIdentity: { type: "Root" },
  questions: [],
});

const DAY_MS = 86_400_000;
const newRequestId = requestIdMaker();

const onLoss = (cause: unknown): never => {
  throw cause;
};

async function journalOf(recordsMax: number) {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  const time = { nowMs: 1_000_000 };
  const journal = new Journal({ store, scope: NOWHERE, now: () => time.nowMs, onLoss, recordsMax });
  const count = async () => (await journal.find({ limit: 10_000, matches: () => true })).length;
  return { journal, store, time, count };
}

test("records come back newest first, those of changes among those of reads", async () => {
  const { journal, store } = await journalOf(100);
  journal.append(record("read 1", 1));
  await journal.flush();
  await store.transact(NOWHERE, async (tx) => journal.write(record("change", 2), tx));
  journal.append(record("read 2", 3));
  const found = await journal.find({ limit: 10, matches: () => true });
  expect(found.map(({ requestId }) => requestId)).toEqual(["read 2", "change", "read 1"]);
});

test("records of reads that end soon after each other are written together", async () => {
  // however long the machine takes for three turns of the event loop
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { journal, store } = await journalOf(100);
  for (const id of ["1", "2", "3"]) {
    journal.append(record(id, 1));
    await new Promise((go) => setImmediate(go));
  }
  await journal.flush();
  const rows = await store.transact(NOWHERE, (tx) => tx.scan(batches, { limit: 10 }));
  expect(rows.map(({ records }) => records.length)).toEqual([3]);
});

test("after a flush nothing waits, not even what a change has to tell of its caller", async () => {
  const { journal, store } = await journalOf(100);
  const caller = journal.texts.on(1).text("a caller");
  const evidence = { caller, nowMs: 1, origin: { sourceIp: "127.0.0.1", secureTransport: false } };
  const userIdentity = { type: "IAMUser", arn: "arn:aws:iam::000000000000:user/ann", accessKeyId: "AKIA1" } as const;
  await journal.flush();
  await store.transact(NOWHERE, async (tx) => journal.write({ ...record("change", 1), userIdentity, evidence }, tx));
  await journal.flush();
  expect(journal.busy).toBe(false);
});

test("a record that comes while others are written, or the oldest deleted, is not forgotten", async () => {
  const { journal, count } = await journalOf(60);
  for (let hops = 0; hops < 30; hops++) {
    journal.append(record(`before ${hops}`, 1));
    const flushed = journal.flush();
    for (let hop = 0; hop < hops; hop++) await Promise.resolve();
    journal.append(record(`meanwhile ${hops}`, 1));
    await Promise.all([flushed, journal.flush()]);
    expect(await count()).toBe(2 * (hops + 1));
  }
});

test("of many records the latest are kept, whether reads or changes", async () => {
  const { journal, store, time, count } = await journalOf(100);
  for (let index = 0; index < 1000; index++) {
    time.nowMs++;
    if (index % 2 === 0) journal.append(record(`${index}`, time.nowMs));
    else await store.transact(NOWHERE, async (tx) => journal.write(record(`${index}`, time.nowMs), tx));
    if (index % 10 === 0) await journal.flush();
  }
  await journal.flush();
  expect(await count()).toBeGreaterThanOrEqual(90);
  expect(await count()).toBeLessThanOrEqual(210);
  const [latest] = await journal.find({ limit: 1, matches: () => true });
  expect(latest?.requestId).toBe("999");
});

test("records older than CloudTrail's history go", async () => {
  const { journal, time, count } = await journalOf(20);
  journal.append(record("old", time.nowMs));
  await journal.flush();
  time.nowMs += 91 * DAY_MS;
  journal.append(record("new", time.nowMs));
  await journal.flush();
  expect(await count()).toBe(1);
});

const pageOf = async (journal: Journal, query: Partial<RecordedQuery> = {}) => {
  const { calls, next } = await journal.page({ sinceMs: 0, untilMs: 10_000_000, ...query });
  return { ids: calls.map(({ requestId }) => requestId), next };
};

test("pages of records go on where the one before ended, the oldest first", async () => {
  const { journal, time } = await journalOf(100);
  for (const id of ["a", "b", "c"]) {
    journal.append(record(id, ++time.nowMs));
    await journal.flush();
  }
  const first = await pageOf(journal, { limit: 2 });
  expect(first.ids).toEqual(["a", "b"]);
  expect(await pageOf(journal, { limit: 2, after: first.next })).toEqual({ ids: ["c"], next: undefined });
});

test("a page holds the records of a time, an account and a principal", async () => {
  const { journal, time } = await journalOf(100);
  const roleArn = "arn:aws:iam::111111111111:role/ops";
  const sessionIssuer = { type: "Role", principalId: "AROA", arn: roleArn, userName: "ops" } as const;
  time.nowMs = 50;
  journal.append({ ...record("by role", 10), userIdentity: { type: "AssumedRole", sessionIssuer } });
  journal.append({ ...record("elsewhere", 20), account: "222222222222" });
  journal.append(record("late", 40));
  expect((await pageOf(journal, { principalArn: roleArn })).ids).toEqual(["by role"]);
  expect((await pageOf(journal, { account: "222222222222" })).ids).toEqual(["elsewhere"]);
  expect((await pageOf(journal, { sinceMs: 20, untilMs: 40 })).ids).toEqual(["elsewhere"]);
});

test("a call is found by its id, among those of one moment and in either form of it", async () => {
  const { journal, time } = await journalOf(2000);
  const ids = Array.from({ length: 600 }, () => newRequestId(time.nowMs));
  for (const id of ids) journal.append(record(id, time.nowMs));
  time.nowMs += DAY_MS;
  journal.append(record("later", time.nowMs));
  for (const id of [ids[0], ids[300], ids[599]]) expect((await journal.findCall(id ?? ""))?.requestId).toBe(id);
  expect((await journal.findCall(ids[7]?.toUpperCase() ?? ""))?.requestId).toBe(ids[7]);
  expect(await journal.findCall(newRequestId(time.nowMs - 1))).toBeUndefined();
  expect(await journal.findCall("no id")).toBeUndefined();
});

test("a text is found under its name on the day of its call, and goes with the calls of that day", async () => {
  const { journal, time } = await journalOf(20);
  time.nowMs = 100 * DAY_MS;
  const name = journal.texts.on(time.nowMs).text("a policy");
  expect(journal.texts.on(time.nowMs).text("a policy")).toBe(name);
  await journal.flush();
  expect(await journal.texts.find(name, time.nowMs)).toBe("a policy");
  expect(await journal.texts.find(name, time.nowMs + DAY_MS)).toBeUndefined();
  const early = time.nowMs;
  time.nowMs += 92 * DAY_MS;
  expect(journal.texts.on(time.nowMs).text("a policy")).toBe(name);
  for (const id of ["1", "2"]) journal.append(record(id, time.nowMs));
  await journal.flush();
  expect(await journal.texts.find(name, early)).toBeUndefined();
  expect(await journal.texts.find(name, time.nowMs)).toBe("a policy");
});

test("once the store was emptied, texts are written anew", async () => {
  const { journal, store, time } = await journalOf(20);
  const name = journal.texts.on(time.nowMs).text("a policy");
  await journal.flush();
  await store.reset();
  journal.forget();
  expect(journal.texts.on(time.nowMs).text("a policy")).toBe(name);
  await journal.flush();
  expect(await journal.texts.find(name, time.nowMs)).toBe("a policy");
});
