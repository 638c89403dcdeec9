import { gunzipSync } from "node:zlib";
import {
  CancelExportTaskCommand,
  CreateExportTaskCommand,
  DescribeExportTasksCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { APP, logWorld } from "../../../../test/logs.ts";

const Bucket = "archive";

async function exportWorld() {
  const world = await logWorld();
  const { cloud, logs, now } = world;
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const start = (more: Partial<CreateExportTaskCommand["input"]> = {}) =>
    logs.send(
      new CreateExportTaskCommand({
        logGroupName: "app",
        from: now() - 3_600_000,
        to: now() + 1,
        destination: Bucket,
        ...more,
      }),
    );
  /** As the guide has it. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html */
  const letIn = (Action: readonly string[]) => {
    const Condition = {
      StringEquals: { "aws:SourceAccount": ["000000000000"] },
      ArnLike: { "aws:SourceArn": ["arn:aws:logs:us-east-1:000000000000:log-group:*"] },
    };
    const Principal = { Service: "logs.us-east-1.amazonaws.com" };
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
    const Statement = [{ Effect: "Allow", Action, Principal, Resource, Condition }];
    return s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyText({ Statement }) }));
  };
  return { ...world, s3, read, start, letIn };
}

test("a bucket's policy decides whether a group is exported there", async () => {
  const { start, letIn } = await exportWorld();
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  await expect(start({ destination: "not-there" })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "The given bucket does not exist. Please make sure the bucket is valid.",
  });
  await expect(start()).rejects.toThrow("GetBucketAcl call on the given bucket failed.");
  await letIn(["s3:GetBucketAcl"]);
  await expect(start()).rejects.toThrow("PutObject call on the given bucket failed.");
});

test("each stream becomes a folder of gzipped lines, beside a file that says that the way was free", async () => {
  const { start, letIn, logs, now, s3, read, stream, cloud } = await exportWorld();
  await letIn(["s3:GetBucketAcl", "s3:PutObject"]);
  await stream("app", "web/1");
  const at = now() - 1000;
  for (const logStreamName of ["main", "web/1"]) {
    const logEvents = [0, 1].map((more) => ({ timestamp: at + more, message: `${logStreamName} ${more}` }));
    await logs.send(new PutLogEventsCommand({ ...APP, logStreamName, logEvents }));
  }
  const { taskId = "" } = await start({ taskName: "all" });
  await cloud.clock.advance(1);
  const { exportTasks } = await logs.send(new DescribeExportTasksCommand({ taskId }));
  expect(exportTasks).toMatchObject([
    {
      taskName: "all",
      destinationPrefix: "exportedlogs",
      status: { code: "COMPLETED", message: "Completed successfully" },
    },
  ]);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_logs/test_export_tasks.py (verified)
  expect(Contents.map(({ Key }) => Key)).toEqual([
    "aws-logs-write-test",
    `exportedlogs/${taskId}/main/000000.gz`,
    `exportedlogs/${taskId}/web-1/000000.gz`,
  ]);
  expect((await read("aws-logs-write-test")).toString("utf8")).toBe("Permission Check Successful");
  const lines = gunzipSync(await read(`exportedlogs/${taskId}/web-1/000000.gz`)).toString("utf8");
  expect(lines).toBe(`${new Date(at).toISOString()} web/1 0\n${new Date(at + 1).toISOString()} web/1 1\n`);
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_logs/test_export_tasks.py (verified)
  await expect(logs.send(new CancelExportTaskCommand({ taskId }))).rejects.toThrow(
    "The specified export task has already finished",
  );
});

test("only streams with a prefix are exported, and only events of the time that is asked for", async () => {
  const { start, letIn, logs, now, s3, put, stream, cloud } = await exportWorld();
  await letIn(["s3:GetBucketAcl", "s3:PutObject"]);
  await stream("app", "other");
  await put(["x"], 2000);
  const logEvents = [{ timestamp: now(), message: "x" }];
  await logs.send(new PutLogEventsCommand({ ...APP, logStreamName: "other", logEvents }));
  await start({ logStreamNamePrefix: "ma", destinationPrefix: "p", to: now() - 1000 });
  await cloud.clock.advance(1);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const keys = Contents.map(({ Key }) => Key?.replace(/\/[\da-f-]{36}\//, "/ID/"));
  expect(new Set(keys)).toEqual(new Set(["p/ID/main/000000.gz", "p/aws-logs-write-test"]));
});
