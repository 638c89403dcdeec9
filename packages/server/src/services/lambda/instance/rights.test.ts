import { mkdtempSync, writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, GetLogEventsCommand, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AddPermissionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";

test("a function's own calls have its role's rights, and no more", async () => {
  const world = await functionWorld();
  await world.cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "shelf" }));
  const source = `
    import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
    const s3 = new S3Client({ maxAttempts: 1 });
    export const handler = async ({ put }) => {
      try {
        if (put) await s3.send(new PutObjectCommand({ Bucket: "shelf", Key: "k", Body: "x" }));
        else return (await s3.send(new ListObjectsV2Command({ Bucket: "shelf" }))).KeyCount;
        return "put";
      } catch (error) {
        return error.message;
      }
    };`;
  const Role = await world.role("lister", "s3:ListBucket");
  await world.create("look", source, { Role, Timeout: 20 });
  expect((await world.invoke("look")).answer).toBe(0);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  expect((await world.invoke("look", { put: true })).answer).toBe(
    'User: arn:aws:sts::000000000000:assumed-role/lister/look is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::shelf/k" because no identity-based policy allows the s3:PutObject action',
  );
});

test("a function reaches none of our files, has a user and a /tmp of its own, and cannot read other processes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  writeFileSync(join(folder, "master.key"), "secret");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await functionWorld();
  const source = `
    import { readFileSync, readdirSync, writeFileSync } from "node:fs";
    const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
    export const handler = async ({ path, pid }) => {
      writeFileSync("/tmp/mine", "x");
      return {
        secret: attempt(() => readFileSync(path, "utf8")),
        environment: attempt(() => readFileSync("/proc/" + pid + "/environ", "utf8").length),
        task: attempt(() => writeFileSync("/var/task/x", "x")),
        tmp: readdirSync("/tmp"),
        isRoot: process.getuid() === 0,
      };
    };`;
  await world.create("look", source);
  const { answer } = await world.invoke("look", { path: join(folder, "master.key"), pid: process.pid });
  expect(answer).toEqual({
    secret: "ENOENT",
    environment: "ENOENT",
    task: expect.stringMatching(/^(EROFS|EACCES)$/),
    tmp: ["mine"],
    isRoot: false,
  });
});

test("lines go into the log with the role's rights, and nowhere without them", async () => {
  const world = await functionWorld();
  const logs = world.cloud.client(CloudWatchLogsClient);
  const Role = await world.role("writer", "logs:*");
  await world.create("told", `export const handler = async () => { console.log("hello"); };`, { Role });
  await world.create("mute", `export const handler = async () => { console.log("hello"); };`);
  await world.invoke("told");
  await world.invoke("mute");
  await world.cloud.clock.advance(1);
  const logGroupName = "/aws/lambda/told";
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  const logStreamName = logStreams[0]?.logStreamName ?? "";
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
  expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/);
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
  );
  expect(events.map(({ message = "" }) => message.split(/[\s]/, 1)[0])).toEqual([
    "INIT_START",
    "START",
    expect.stringMatching(/^\d{4}-/),
    "END",
    "REPORT",
  ]);
  const mute = logs.send(new DescribeLogStreamsCommand({ logGroupName: "/aws/lambda/mute" }));
  await expect(mute).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("who is to invoke a function needs its policy or a right of their own", async () => {
  const world = await functionWorld();
  await world.create("hello", "export const handler = async () => 1;");
  const other = world.cloud.client(LambdaClient, world.cloud.rootOf("111111111111"));
  const FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:hello";
  const ask = () => other.send(new InvokeCommand({ FunctionName }));
  await expect(ask()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const permission = { StatementId: "other", Action: "lambda:InvokeFunction", Principal: "111111111111" };
  await world.lambda.send(new AddPermissionCommand({ FunctionName: "hello", ...permission }));
  expect((await ask()).StatusCode).toBe(200);
});

test("a bucket's event starts the function that lets the bucket", async () => {
  const world = await functionWorld();
  const s3 = world.cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "inbox" }));
  await world.create(
    "seen",
    "let keys = []; export const handler = async (event) => event.Records ? void keys.push(event.Records[0].s3.object.key) : keys;",
  );
  const LambdaFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:seen";
  const permission = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
  await world.lambda.send(
    new AddPermissionCommand({
      FunctionName: "seen",
      ...permission,
      SourceArn: "arn:aws:s3:::inbox",
      SourceAccount: "000000000000",
    }),
  );
  const NotificationConfiguration = {
    LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ["s3:ObjectCreated:*" as const] }],
  };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "inbox", NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: "inbox", Key: "letter", Body: "x" }));
  await world.cloud.clock.advance(1);
  expect((await world.invoke("seen")).answer).toEqual(["letter"]);
});
