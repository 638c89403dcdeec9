import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateJobCommand, DescribeJobCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { replicated, rightsOf, rule, status, type Replicated } from "../../../../test/replicated-world.ts";
import { ACCOUNT as AccountId, policyOf } from "../../../../test/s3-world.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html */
const RIGHTS = ["s3:InitiateReplication", "s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"];

/** Has a batch job replicate what is there; how many it did. */
async function replicateExisting({ cloud }: Replicated, filter: object, Action = RIGHTS) {
  const iam = cloud.client(IAMClient);
  const trust = {
    Effect: "Allow",
    Principal: { Service: "batchoperations.s3.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "batch", AssumeRolePolicyDocument: policyOf(trust) }),
  );
  const PolicyDocument = policyOf({ Effect: "Allow", Action, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "batch", PolicyName: "p", PolicyDocument }));
  const control = cloud.client(S3ControlClient);
  const { JobId = "" } = await control.send(
    new CreateJobCommand({
      AccountId,
      ConfirmationRequired: false,
      Operation: { S3ReplicateObject: {} },
      Priority: 1,
      RoleArn: Role?.Arn,
      Report: { Enabled: false },
      ManifestGenerator: {
        S3JobManifestGenerator: { SourceBucket: "arn:aws:s3:::photos", EnableManifestOutput: false, Filter: filter },
      },
    }),
  );
  await cloud.clock.advance(60);
  const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
  return { status: Job?.Status, ...Job?.ProgressSummary };
}

test("a batch job replicates what was there before the rule, in all versions", async () => {
  const world = await replicated({ rules: [] });
  const { s3, there, bucket: Bucket } = world;
  for (const Body of ["1", "2"]) await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body }));
  await world.configure([rule()]);
  const done = await replicateExisting(world, { EligibleForReplication: true });
  expect(done).toMatchObject({ status: "Complete", TotalNumberOfTasks: 2, NumberOfTasksSucceeded: 2 });
  expect(await status(s3, Bucket, "a")).toBe("COMPLETED");
  const versionsOf = async (client: typeof s3, name: string) =>
    (await client.send(new ListObjectVersionsCommand({ Bucket: name }))).Versions?.map(({ VersionId }) => VersionId);
  expect(await versionsOf(there, "copies")).toEqual(await versionsOf(s3, Bucket));
});

test("a batch job tries again what failed, and only that", async () => {
  const world = await replicated({ rights: rightsOf("copies").slice(0, 2) });
  const { s3, cloud, bucket: Bucket } = world;
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  await world.allow(rightsOf("copies"));
  await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "1" }));
  await cloud.clock.advance(60);
  expect([await status(s3, Bucket, "a"), await status(s3, Bucket, "b")]).toEqual(["FAILED", "COMPLETED"]);
  const done = await replicateExisting(world, { ObjectReplicationStatuses: ["FAILED"] });
  expect(done).toMatchObject({ status: "Complete", TotalNumberOfTasks: 1, NumberOfTasksSucceeded: 1 });
  expect(await status(s3, Bucket, "a")).toBe("COMPLETED");
});

test("the role of the job needs the right to have it done", async () => {
  const world = await replicated({ rules: [] });
  await world.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1" }));
  await world.configure([rule()]);
  const done = await replicateExisting(world, { EligibleForReplication: true }, RIGHTS.slice(1));
  expect(done).toMatchObject({ TotalNumberOfTasks: 1, NumberOfTasksFailed: 1 });
});
