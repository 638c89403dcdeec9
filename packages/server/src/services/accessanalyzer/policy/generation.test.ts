import {
  AccessAnalyzerClient,
  CancelPolicyGenerationCommand,
  GetGeneratedPolicyCommand,
  ListPolicyGenerationsCommand,
  StartPolicyGenerationCommand,
} from "@aws-sdk/client-accessanalyzer";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const read = (policy: string | undefined): { Statement: unknown[] } => JSON.parse(policy ?? "{}");

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html
test("a policy is made of what a role did, and nothing that it was refused", async () => {
  const cloud = await testCloud();
  const client = cloud.client(AccessAnalyzerClient);
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const principalArn = await makeRole(cloud, "worker", { trusts: "000000000000", allow: ["s3:*"] });
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "box" }));
  const taken = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: principalArn, RoleSessionName: "work" }));
  const s3 = cloud.client(S3Client, taken.Credentials);
  await s3.send(new ListBucketsCommand({}));
  await s3.send(new ListObjectsV2Command({ Bucket: "box" }));
  await expect(
    cloud.client(IAMClient, taken.Credentials).send(new GetUserCommand({ UserName: "ann" })),
  ).rejects.toThrow("not authorized to perform: iam:GetUser");

  const policyGenerationDetails = { principalArn };
  const { jobId } = await client.send(new StartPolicyGenerationCommand({ policyGenerationDetails }));
  const get = (more: object = {}) => client.send(new GetGeneratedPolicyCommand({ jobId, ...more }));
  expect((await get()).jobDetails).toMatchObject({ jobId, status: "IN_PROGRESS" });
  await cloud.clock.advance(60);
  const { jobDetails, generatedPolicyResult } = await get();
  expect(jobDetails).toMatchObject({ status: "SUCCEEDED", completedOn: expect.any(Date) });
  expect(generatedPolicyResult?.properties).toEqual({ principalArn, isComplete: true });
  expect(read(generatedPolicyResult?.generatedPolicies?.[0]?.policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Sid: "SupportedServiceSid0", Effect: "Allow", Action: ["s3:ListAllMyBuckets", "s3:ListBucket"], Resource: "*" },
    ],
  });
  const placed = await get({ includeResourcePlaceholders: true });
  const statements = read(placed.generatedPolicyResult?.generatedPolicies?.[0]?.policy).Statement;
  expect(statements).toContainEqual(
    expect.objectContaining({
      Action: ["s3:ListBucket"],
      Resource: expect.arrayContaining(["arn:aws:s3:::${BucketName}"]),
    }),
  );
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html
test("one generation runs at a time, can be cancelled, and is listed for a week", async () => {
  const cloud = await testCloud();
  const client = cloud.client(AccessAnalyzerClient);
  const ann = await makeUser(cloud, "ann");
  const start = (clientToken: string) =>
    client.send(new StartPolicyGenerationCommand({ policyGenerationDetails: { principalArn: ann.arn }, clientToken }));
  const { jobId } = await start("one");
  expect((await start("one")).jobId).toBe(jobId);
  await expect(start("two")).rejects.toMatchObject({ name: "ServiceQuotaExceededException" });
  await client.send(new CancelPolicyGenerationCommand({ jobId }));
  await expect(client.send(new CancelPolicyGenerationCommand({ jobId }))).rejects.toMatchObject({
    name: "ValidationException",
  });
  await cloud.clock.advance(60);
  const second = await start("two");
  const list = async (principalArn?: string) =>
    (await client.send(new ListPolicyGenerationsCommand({ principalArn }))).policyGenerations?.map((job) => [
      job.jobId,
      job.status,
    ]);
  expect(await list()).toEqual([
    [second.jobId, "IN_PROGRESS"],
    [jobId, "CANCELED"],
  ]);
  expect(await list("arn:aws:iam::000000000000:user/bob")).toEqual([]);
  await cloud.clock.advance(8 * 86_400);
  expect(await list()).toEqual([]);
});

test("whom a policy cannot be made for is refused, and a role to read trails with has to be passed", async () => {
  const cloud = await testCloud();
  const principalArn = "arn:aws:iam::000000000000:user/nobody";
  const client = cloud.client(AccessAnalyzerClient);
  const refused = { name: "ValidationException" };
  await expect(
    client.send(new StartPolicyGenerationCommand({ policyGenerationDetails: { principalArn } })),
  ).rejects.toMatchObject(refused);
  const elsewhere = { principalArn: "arn:aws:iam::111111111111:role/r" };
  await expect(
    client.send(new StartPolicyGenerationCommand({ policyGenerationDetails: elsewhere })),
  ).rejects.toMatchObject(refused);

  const ann = await makeUser(cloud, "ann", { allow: ["access-analyzer:*"] });
  const command = new StartPolicyGenerationCommand({
    policyGenerationDetails: { principalArn: ann.arn },
    cloudTrailDetails: {
      trails: [{ cloudTrailArn: "arn:aws:cloudtrail:us-east-1:000000000000:trail/t", allRegions: true }],
      accessRole: "arn:aws:iam::000000000000:role/monitor",
      startTime: new Date(cloud.clock.now().getTime() - 86_400_000),
    },
  });
  await expect(cloud.client(AccessAnalyzerClient, ann).send(command)).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const { jobId } = await client.send(command);
  await cloud.clock.advance(60);
  const { generatedPolicyResult } = await client.send(new GetGeneratedPolicyCommand({ jobId }));
  expect(generatedPolicyResult?.properties?.cloudTrailProperties?.trailProperties).toEqual([
    { cloudTrailArn: "arn:aws:cloudtrail:us-east-1:000000000000:trail/t", regions: [], allRegions: true },
  ]);
});
