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

test("what services sent in vain is listed, with the reason", async () => {
  await using cloud = await startCloud();
  const kumobako = async (...args: readonly string[]) => {
    const terminal = new RecordingTerminal({ directory: "/nowhere" });
    const code = await run([...args, "--endpoint", cloud.endpoint], terminal);
    return { code, out: terminal.out };
  };
  expect(await kumobako("deliveries")).toEqual({ code: 0, out: "everything has arrived\n" });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint: cloud.endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  const Bucket = "photos";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  s3.destroy();
  await kumobako("clock", "advance", "1s");
  const { out } = await kumobako("deliveries");
  expect(out).toContain("s3 to arn:aws:events:us-east-1:000000000000:event-bus/default: given up");
  expect(out).toMatch(/after 1 attempt: NotImplemented: [^]*Object Created: \{/);
  const { deliveries }: { deliveries: object[] } = JSON.parse((await kumobako("deliveries", "--json")).out);
  expect(deliveries).toMatchObject([{ service: "s3", failed: true }]);
});
