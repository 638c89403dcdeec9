import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateConnectionCommand,
  DescribeConnectionCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, onTestFinished, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

const SECRET = "not-for-anybody";

test("what a connection keeps secret is neither in the store nor on record", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kumobako-secrecy-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { events, cloud } = await eventWorld({ storage: { kind: "embedded", directory } });
  const entry = (name: string) => [{ Key: name, Value: `${SECRET}-${name}`, IsValueSecret: true }];
  const InvocationHttpParameters = {
    HeaderParameters: entry("header"),
    QueryStringParameters: entry("query"),
    BodyParameters: entry("body"),
  };
  const AuthParameters = {
    BasicAuthParameters: { Username: "ann", Password: `${SECRET}-password` },
    InvocationHttpParameters,
  };
  await events.send(new CreateConnectionCommand({ Name: "c", AuthorizationType: "BASIC", AuthParameters }));
  const ApiKeyAuthParameters = { ApiKeyName: "k", ApiKeyValue: `${SECRET}-key` };
  const changed = { Name: "c", AuthorizationType: "API_KEY", AuthParameters: { ApiKeyAuthParameters } } as const;
  await events.send(new UpdateConnectionCommand(changed));
  expect(JSON.stringify(await events.send(new DescribeConnectionCommand({ Name: "c" })))).not.toContain(SECRET);
  await cloud.clock.advance(60);
  const { calls } = await cloud.cloud.journal.page({ sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER, limit: 100 });
  expect(calls.map(({ operation }) => operation)).toContain("UpdateConnection");
  expect(JSON.stringify(calls)).not.toContain(SECRET);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name)).toString("latin1"));
  expect(texts.some((text) => text.includes("eventbridge.connection"))).toBe(true);
  expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
});
