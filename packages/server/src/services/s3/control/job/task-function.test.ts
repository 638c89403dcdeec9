import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { jobWorld, reportTo, type JobWorld } from "../../../../../test/batch-jobs.ts";
import { ACCOUNT } from "../../../../../test/s3-world.ts";
import { serviceTrust } from "../../../../../test/service-policy.ts";
import { zipOf } from "../../../../../test/zip.ts";

const FunctionArn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:work`;

/** A function that says of a task what its key asks for, and of what it was told. */
const SOURCE = `
let seen = 0;
export const handler = async ({ invocationId, invocationSchemaVersion, job, tasks: [task] }) => {
  const key = decodeURIComponent(task.s3Key);
  if (key === "crash") throw new Error("no way");
  if (key === "missing") return { invocationSchemaVersion, treatMissingKeysAs: "PermanentFailure", invocationId, results: [] };
  if (key === "odd") return { results: [null, { taskId: task.taskId, resultCode: 7, resultString: { a: 1 } }] };
  if (key === "again" && seen++ === 0) return answer("TemporaryFailure", "not yet");
  return answer(key.startsWith("bad") ? "PermanentFailure" : "Succeeded", JSON.stringify({ ...task, taskId: undefined, ...job.userArguments }));
  function answer(resultCode, resultString) {
    return { invocationSchemaVersion, invocationId, results: [{ taskId: task.taskId, resultCode, resultString }] };
  }
};`;

async function withFunction(Action: readonly string[] = ["s3:*", "lambda:InvokeFunction"]): Promise<JobWorld> {
  const world = await jobWorld({ Action });
  const iam = world.cloud.client(IAMClient);
  const AssumeRolePolicyDocument = serviceTrust("lambda");
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument }));
  const Code = { ZipFile: zipOf({ "index.mjs": SOURCE }) };
  const usual = { FunctionName: "work", Runtime: "nodejs24.x", Handler: "index.handler", Code } as const;
  await world.cloud.client(LambdaClient).send(new CreateFunctionCommand({ ...usual, Role: Role?.Arn }));
  return world;
}

/** The lines of a job's reports, in the order of their keys. */
async function reported({ s3, bucket: Bucket }: JobWorld, JobId: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `reports/job-${JobId}/results/` }),
  );
  const files: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    files.push((await Body?.transformToString()) ?? "");
  }
  return files
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .toSorted();
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html, batch-ops-examples-reports.html
test("a function does a job's tasks, and the report has what it said of each", async () => {
  const world = await withFunction();
  const { bucket, cloud, create, describe: read } = world;
  const keys = ["a+b/1", "again", "bad", "crash", "missing", "odd"];
  const lines = keys.map((key) => `${bucket},${key}\n`).join("");
  const JobId = await create(lines, { Operation: { LambdaInvoke: { FunctionArn } }, ...reportTo(bucket) });
  await cloud.clock.advance(5);
  expect(await read(JobId)).toMatchObject({
    Status: "Complete",
    ProgressSummary: { TotalNumberOfTasks: 6, NumberOfTasksSucceeded: 2, NumberOfTasksFailed: 4 },
  });
  const told = (s3Key: string) =>
    `"{""s3Key"":""${s3Key}"",""s3VersionId"":null,""s3BucketArn"":""arn:aws:s3:::${bucket}""}"`;
  const lost: unknown = expect.stringMatching(
    new RegExp(`^${bucket},crash,,failed,200,PermanentFailure,"Lambda returned function error: \\{.*no way`),
  );
  expect(await reported(world, JobId)).toEqual([
    `${bucket},a%20b/1,,succeeded,200,,${told("a%20b/1")}`,
    `${bucket},again,,succeeded,200,,${told("again")}`,
    `${bucket},bad,,failed,200,PermanentFailure,${told("bad")}`,
    lost,
    `${bucket},missing,,failed,200,PermanentFailure,`,
    `${bucket},odd,,failed,200,PermanentFailure,`,
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_LambdaInvokeOperation.html
test("the later version names buckets, and takes arguments along", async () => {
  const world = await withFunction();
  const { bucket, cloud, create } = world;
  const UserArguments = { size: "small" };
  const LambdaInvoke = { FunctionArn, InvocationSchemaVersion: "2.0", UserArguments };
  const JobId = await create(`${bucket},a\n`, { Operation: { LambdaInvoke }, ...reportTo(bucket) });
  await cloud.clock.advance(5);
  const said = `"{""s3Key"":""a"",""s3VersionId"":null,""s3Bucket"":""${bucket}"",""size"":""small""}"`;
  expect(await reported(world, JobId)).toEqual([`${bucket},a,,succeeded,200,,${said}`]);
  const refused = { name: "BadRequestException" };
  const earlier = { Operation: { LambdaInvoke: { FunctionArn, UserArguments } } };
  await expect(create(`${bucket},a\n`, earlier)).rejects.toMatchObject(refused);
  await expect(create(`${bucket},a\n`, { Operation: { LambdaInvoke: {} } })).rejects.toMatchObject(refused);
});

test("a job whose role may not invoke the function fails its tasks, and other jobs go on", async () => {
  const world = await withFunction(["s3:*"]);
  const { bucket, cloud, put, create, describe: read } = world;
  await put("a");
  const JobId = await create(`${bucket},a\n`, { Operation: { LambdaInvoke: { FunctionArn } }, ...reportTo(bucket) });
  const other = await create(`${bucket},a\n`);
  await cloud.clock.advance(5);
  const [line = ""] = await reported(world, JobId);
  expect(line).toContain(`${bucket},a,,failed,403,AccessDeniedException,`);
  expect(line).toContain("lambda:InvokeFunction");
  expect(await read(other)).toMatchObject({ Status: "Complete", ProgressSummary: { NumberOfTasksSucceeded: 1 } });
});
