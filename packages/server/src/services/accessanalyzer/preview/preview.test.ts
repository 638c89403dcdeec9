import {
  CreateAccessPreviewCommand,
  GetAccessPreviewCommand,
  ListAccessPreviewFindingsCommand,
  ListAccessPreviewsCommand,
  ListFindingsCommand,
  type Configuration,
} from "@aws-sdk/client-accessanalyzer";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { analyzerCloud } from "../../../../test/analyzers.ts";
import { makeRole } from "../../../../test/identities.ts";

const FRIEND = "111111111111";
const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trusting = (AWS: string) => policyOf({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });

async function previewing() {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const create = async (arn: string, configuration: Configuration) =>
    (await client.send(new CreateAccessPreviewCommand({ analyzerArn, configurations: { [arn]: configuration } }))).id ??
    "";
  const findingsOf = async (accessPreviewId: string) =>
    (await client.send(new ListAccessPreviewFindingsCommand({ analyzerArn, accessPreviewId }))).findings ?? [];
  const show = async (accessPreviewId: string) =>
    (await client.send(new GetAccessPreviewCommand({ analyzerArn, accessPreviewId }))).accessPreview;
  return { cloud, client, analyzerArn, create, findingsOf, show };
}

// Source: https://github.com/aws/aws-cli/blob/develop/awscli/examples/accessanalyzer/list-access-preview-findings.rst
test("a bucket that does not exist is previewed with its policy and its list of grants", async () => {
  const { create, findingsOf, show } = await previewing();
  const arn = "arn:aws:s3:::amzn-s3-demo-bucket";
  const bucketPolicy = policyOf({
    Effect: "Allow",
    Principal: { AWS: [`arn:aws:iam::${FRIEND}:root`] },
    Action: ["s3:PutObject", "s3:PutObjectAcl"],
    Resource: `${arn}/*`,
  });
  const configuration = {
    s3Bucket: {
      bucketPolicy,
      bucketPublicAccessBlock: { ignorePublicAcls: true, restrictPublicBuckets: true },
      bucketAclGrants: [
        { permission: "READ" as const, grantee: { uri: "http://acs.amazonaws.com/groups/global/AllUsers" } },
      ],
    },
  };
  const id = await create(arn, configuration);
  expect(await show(id)).toMatchObject({ id, status: "COMPLETED", configurations: { [arn]: configuration } });
  expect(await findingsOf(id)).toEqual([
    expect.objectContaining({
      principal: { AWS: FRIEND },
      action: ["s3:PutObject", "s3:PutObjectAcl"],
      condition: {},
      resource: arn,
      isPublic: false,
      resourceType: "AWS::S3::Bucket",
      changeType: "NEW",
      status: "ACTIVE",
      sources: [{ type: "POLICY" }],
    }),
  ]);
  const open = { s3Bucket: { bucketAclGrants: configuration.s3Bucket.bucketAclGrants } };
  expect(await findingsOf(await create(arn, open))).toEqual([
    expect.objectContaining({ principal: { AWS: "*" }, isPublic: true, sources: [{ type: "BUCKET_ACL" }] }),
  ]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-preview-access-apis.html
test("what a new trust policy would change of an existing role is told", async () => {
  const { cloud, client, analyzerArn, create, findingsOf } = await previewing();
  const arn = await makeRole(cloud, "support", { trusts: FRIEND });
  const { findings } = await client.send(new ListFindingsCommand({ analyzerArn }));
  const existingFindingId = findings?.[0]?.id;
  expect(await findingsOf(await create(arn, { iamRole: {} }))).toEqual([
    expect.objectContaining({ changeType: "UNCHANGED", status: "ACTIVE", existingFindingId }),
  ]);
  const changed = await findingsOf(await create(arn, { iamRole: { trustPolicy: trusting("222222222222") } }));
  expect(changed.map(({ principal, changeType, status }) => [principal?.["AWS"], changeType, status])).toEqual(
    expect.arrayContaining([
      ["222222222222", "NEW", "ACTIVE"],
      [FRIEND, "CHANGED", "RESOLVED"],
    ]),
  );
  expect((await client.send(new ListFindingsCommand({ analyzerArn }))).findings).toEqual(findings);
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html
test.each<[string, string, Configuration, object]>([
  [
    "a queue",
    "arn:aws:sqs:us-east-1:000000000000:q",
    {
      sqsQueue: {
        queuePolicy: policyOf({ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }),
      },
    },
    { resourceType: "AWS::SQS::Queue", isPublic: true, action: ["sqs:SendMessage"] },
  ],
  [
    "a key with a grant",
    "arn:aws:kms:us-east-1:000000000000:key/k",
    {
      kmsKey: {
        grants: [{ granteePrincipal: `arn:aws:iam::${FRIEND}:root`, operations: ["Decrypt"], issuingAccount: FRIEND }],
      },
    },
    { resourceType: "AWS::KMS::Key", principal: { AWS: FRIEND }, action: ["kms:Decrypt"] },
  ],
])("%s is previewed although its service may not be built", async (_what, arn, configuration, expected) => {
  const { create, findingsOf } = await previewing();
  expect(await findingsOf(await create(arn, configuration))).toEqual([expect.objectContaining(expected)]);
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AccessPreviewStatusReason.html
test("a configuration that could not be set up fails, and others are refused", async () => {
  const { cloud, client, analyzerArn, create, findingsOf, show } = await previewing();
  const arn = "arn:aws:iam::000000000000:role/new";
  const id = await create(arn, { iamRole: { trustPolicy: "" } });
  expect(await show(id)).toMatchObject({ status: "FAILED", statusReason: { code: "INVALID_CONFIGURATION" } });
  await expect(findingsOf(id)).rejects.toMatchObject({ name: "ConflictException" });
  const refused = { name: "ValidationException" };
  await expect(create("arn:aws:s3:::b", { iamRole: {} })).rejects.toMatchObject(refused);
  await expect(create("arn:aws:ec2:us-east-1::snapshot/s", { ebsSnapshot: {} })).rejects.toMatchObject(refused);
  await expect(client.send(new CreateAccessPreviewCommand({ analyzerArn, configurations: {} }))).rejects.toMatchObject(
    refused,
  );
  await cloud.clock.advance(25 * 3600);
  await expect(show(id)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-preview-access-apis.html
test("previews of the last hour are listed, the newest first", async () => {
  const { cloud, client, analyzerArn, create } = await previewing();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "here" }));
  const list = async () =>
    (await client.send(new ListAccessPreviewsCommand({ analyzerArn }))).accessPreviews?.map(({ id }) => id);
  const first = await create("arn:aws:s3:::here", { s3Bucket: {} });
  await cloud.clock.advance(1800);
  const second = await create("arn:aws:s3:::here", { s3Bucket: {} });
  expect(await list()).toEqual([second, first]);
  await cloud.clock.advance(1900);
  expect(await list()).toEqual([second]);
});
