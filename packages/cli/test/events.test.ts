import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { startCloud } from "@kumobako/server/testing";
import { expect, test } from "vitest";
import { run } from "../src/main.ts";
import { RecordingTerminal } from "./recording-terminal.ts";

test("what services sent is listed, with what became of it and why", async () => {
  await using cloud = await startCloud();
  const kumobako = async (...args: readonly string[]) => {
    const terminal = new RecordingTerminal({ directory: "/nowhere" });
    const code = await run([...args, "--endpoint", cloud.endpoint], terminal);
    return { code, out: terminal.out };
  };
  expect(await kumobako("events")).toEqual({ code: 0, out: "nothing was sent\n" });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { endpoint: cloud.endpoint, region: "us-east-1", credentials };
  const events = new EventBridgeClient(config);
  await events.send(new PutRuleCommand({ Name: "r", EventPattern: '{"source":["shop"]}' }));
  const Arn = "arn:aws:sqs:us-east-1:000000000000:gone";
  await events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "1", Arn }] }));
  const Entries = [{ Source: "shop", DetailType: "order", Detail: "{}" }];
  await events.send(new PutEventsCommand({ Entries }));
  events.destroy();
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const Bucket = "photos";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  s3.destroy();
  await kumobako("clock", "advance", "1s");
  const { out } = await kumobako("events");
  expect(out).toMatch(
    /eventbridge to arn:aws:sqs:us-east-1:000000000000:gone: given up\n {2}after 1 attempt: QueueDoesNotExist:/,
  );
  expect(out).toMatch(
    /s3 to arn:aws:events:us-east-1:000000000000:event-bus\/default: arrived\n {2}Object Created: \{/,
  );
  const { events: listed }: { events: object[] } = JSON.parse((await kumobako("deliveries", "--json")).out);
  expect(listed).toMatchObject([
    { service: "s3", state: "arrived" },
    { service: "eventbridge", state: "given up" },
  ]);
});
