import { expect, onTestFinished, test } from "vitest";
import { formatArn, parseAccountId } from "../kernel/arn.ts";
import { assert } from "../kernel/assert.ts";
import { NOWHERE } from "../kernel/table.ts";
import { openMemory } from "../store/drivers/open.ts";
import type { CallRecord } from "./call-record.ts";
import { batches } from "./journal-batch.ts";
import { Journal } from "./journal.ts";
import { isRepeat } from "./repeated-record.ts";

const ACCOUNT = parseAccountId("111111111111");
assert(ACCOUNT !== undefined, "an account id");
const ARN = formatArn({ partition: "aws", service: "iam", region: "", account: ACCOUNT, resource: "user/ann" });

const EVIDENCE = { caller: "a text", nowMs: 0, origin: { sourceIp: "127.0.0.1", secureTransport: false } };

const callOf = (requestId: string, changes: Partial<CallRecord> = {}): CallRecord => ({
  requestId,
  atMs: 5,
  service: "iam",
  operation: "GetUser",
  account: "111111111111",
  region: "us-east-1",
  sourceIp: "127.0.0.1",
  userAgent: "a client",
  userIdentity: { type: "IAMUser", arn: ARN, accountId: "111111111111", accessKeyId: "AKIA1", userName: "ann" },
  questions: [
    {
      access: { action: "iam:GetUser", resource: ARN, owner: ACCOUNT },
      decision: { decision: "allow", action: "iam:GetUser", resource: ARN, because: [] },
    },
  ],
  evidence: EVIDENCE,
  ...changes,
});

const onLoss = (cause: unknown): never => {
  throw cause;
};

async function journalWith(...calls: readonly CallRecord[]) {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  const journal = new Journal({ store, scope: NOWHERE, now: () => 5, onLoss });
  for (const call of calls) {
    journal.append(call);
    await journal.flush();
  }
  const found = await journal.find({ limit: 100, matches: () => true });
  const rows: string[] = [];
  for await (const page of store.entries()) rows.push(...page.map(({ value }) => value));
  return { found: found.toReversed(), timesSaid: (text: string) => rows.join("\n").split(text).length - 1 };
}

test("who calls from where is written with the first call and once for all that follow", async () => {
  const calls = ["1", "2", "3", "4", "5"].map((id) => callOf(id));
  const { found, timesSaid } = await journalWith(...calls);
  expect(found).toEqual(calls);
  expect(timesSaid("a client")).toBe(2);
});

test("another client, address or key is another setting", async () => {
  const calls = [
    callOf("1"),
    callOf("2"),
    callOf("3", { userAgent: "another client" }),
    callOf("4", { sourceIp: "127.0.0.2" }),
    callOf("5", { userIdentity: { ...callOf("").userIdentity, accessKeyId: "AKIA2" } }),
    callOf("6"),
  ];
  expect((await journalWith(...calls)).found).toEqual(calls);
});

test("a call through a service, one with a proof and one that asked nothing say all of themselves", async () => {
  const { evidence: _rests, ...asked } = callOf("1");
  const calls = [
    { ...asked, questions: [] },
    ...["2", "3"].flatMap((id) => [
      callOf(id, { evidence: { ...EVIDENCE, calling: { calledVia: ["s3.amazonaws.com"] } } }),
      callOf(`${id} vouched`, { userIdentity: { type: "SAMLUser", identityProvider: "idp" } }),
    ]),
  ];
  expect((await journalWith(...calls)).found).toEqual(calls);
});

test("a decision that is not about what was asked for keeps its own words", async () => {
  const asked = callOf("1");
  const questions = asked.questions.map((question) => ({
    ...question,
    decision: { ...question.decision, decision: "deny" as const, resource: "*" },
  }));
  expect((await journalWith({ ...asked, questions })).found).toEqual([{ ...asked, questions }]);
});

test("what a record leaves out because it goes without saying is found again, and what does not is kept", async () => {
  const [asked] = callOf("1").questions;
  const other = parseAccountId("222222222222");
  assert(asked !== undefined && other !== undefined, "there is a question, and another account");
  const { access, decision } = asked;
  const asking = (changes: Partial<typeof access>) => ({
    access: { ...access, ...changes },
    decision: { ...decision, action: changes.action ?? access.action },
  });
  const call = callOf("3", {
    atMs: 61_500,
    evidence: { ...EVIDENCE, nowMs: 60_999 },
    questions: [
      asking({ action: "iam:GetRole" }),
      asking({ owner: other }),
      asking({ resourceTags: { team: "blue" }, keys: { "iam:ResourceTag/team": "blue" } }),
    ],
  });
  const { found } = await journalWith(
    callOf("1"),
    callOf("2", { atMs: 1005, evidence: { ...EVIDENCE, nowMs: 1000 } }),
    call,
    {
      ...call,
      requestId: "4",
      questions: [asking({ resourceTags: {}, keys: { "iam:PolicyARN": undefined } })],
    },
  );
  expect(found.slice(1)).toEqual([
    callOf("2", { atMs: 1005, evidence: { ...EVIDENCE, nowMs: 1000 } }),
    call,
    { ...call, requestId: "4", questions: [asking({})] },
  ]);
});

test("records of one row say nothing of what the one before them says, and are read whole", async () => {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  const journal = new Journal({ store, scope: NOWHERE, now: () => 5, onLoss });
  journal.append(callOf("known from now on"));
  await journal.flush();
  const [question] = callOf("").questions;
  assert(question !== undefined, "it asked");
  const denied = { ...question, decision: { ...question.decision, decision: "deny" as const } };
  const reasoned = {
    ...question,
    decision: { ...question.decision, because: [{ layer: "root", effect: "allow" }] as const },
  };
  const calls = [
    callOf("1"),
    callOf("2", { parameters: { UserName: "ann" } }),
    callOf("3", { questions: [denied] }),
    callOf("4", { questions: [denied], error: { code: "AccessDenied", message: "no" } }),
    callOf("5", { questions: [denied] }),
    callOf("6", { questions: [] }),
    callOf("7", { questions: [reasoned] }),
    callOf("8", { questions: [question, reasoned] }),
    callOf("9", { operation: "GetRole", questions: [reasoned] }),
    callOf("10", {
      operation: "GetRole",
      questions: [reasoned],
      response: { Role: {} },
      atMs: 2500,
      evidence: { ...EVIDENCE, nowMs: 2000 },
    }),
    callOf("11", { operation: "GetRole", questions: [reasoned], atMs: 2700, evidence: { ...EVIDENCE, nowMs: 2000 } }),
    callOf("12", { operation: "GetRole", questions: [reasoned], atMs: 3001, evidence: { ...EVIDENCE, nowMs: 2000 } }),
    callOf("13", { operation: "GetRole", userIdentity: { type: "SAMLUser", identityProvider: "idp" } }),
    callOf("14", { operation: "GetRole" }),
    callOf("15", { operation: "GetRole", userAgent: "another client" }),
  ];
  for (const call of calls) journal.append(call);
  const found = await journal.find({ limit: calls.length, matches: () => true });
  expect(found.toReversed()).toEqual(calls);
  const rows = await store.transact(NOWHERE, (tx) => tx.scan(batches, { reverse: true, limit: 1 }));
  const forms = rows[0]?.records.map((record) => (isRepeat(record) ? "repeat" : "like" in record ? "like" : "own"));
  expect(forms).toEqual([
    "own",
    "repeat",
    "like",
    "like",
    "repeat",
    "like",
    "like",
    "like",
    "own",
    "like",
    "repeat",
    "like",
    "own",
    "own",
    "own",
  ]);
});

test("records that say what goes without saying, as earlier versions wrote them, are read", async () => {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  const journal = new Journal({ store, scope: NOWHERE, now: () => 5, onLoss });
  journal.append(callOf("1"));
  await journal.flush();
  journal.append(callOf("2"));
  await journal.flush();
  await store.transact(NOWHERE, async (tx) => {
    const latest = (await tx.scan(batches, { reverse: true, limit: 1 }))[0];
    const [record] = latest?.records ?? [];
    assert(latest !== undefined && record !== undefined && "setting" in record, "it names its setting");
    const { questions } = callOf("2");
    tx.put(batches, { ...latest, records: [{ ...record, questions, nowMs: 0 }] });
  });
  expect(await journal.find({ limit: 1, matches: () => true })).toEqual([callOf("2")]);
});

test("what a service had to say besides is found where earlier versions kept it", async () => {
  const { evidence: _none, ...asked } = callOf("1");
  const additional = { keyId: "k" };
  const own = { resources: [], details: undefined, type: undefined, readOnly: undefined };
  const former = { ...asked, own: { ...own, additional } };
  const { found } = await journalWith(former);
  expect(found.map((record) => record.additional)).toEqual([additional]);
});
