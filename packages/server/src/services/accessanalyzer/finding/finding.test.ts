import {
  AccessAnalyzerClient,
  GetAnalyzedResourceCommand,
  GetFindingCommand,
  GetFindingsStatisticsCommand,
  GetFindingV2Command,
  ListAnalyzedResourcesCommand,
  ListFindingsCommand,
  ListFindingsV2Command,
  StartResourceScanCommand,
  UpdateFindingsCommand,
} from "@aws-sdk/client-accessanalyzer";
import { CreateRoleCommand, DeleteRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { analyzerCloud } from "../../../../test/analyzers.ts";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import type { TestCloud } from "../../../../test/test-cloud.ts";

const FRIEND = "111111111111";

const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

const publicRead = (bucket: string) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: `arn:aws:s3:::${bucket}/*`,
});

async function makeBucket(cloud: TestCloud, Bucket: string, ...statements: readonly object[]): Promise<S3Client> {
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  if (statements.length > 0) {
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(...statements) }));
  }
  return s3;
}

// Source: ../shared/notes/behaviours/identity-access.md; https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html
test("iam-access-analyzer-external: a public bucket and a role that trusts an outside account are found, and resolved when they are not any more", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const s3 = await makeBucket(cloud, "payroll", publicRead("payroll"));
  const RoleName = "support";
  await makeRole(cloud, RoleName, { trusts: `arn:aws:iam::${FRIEND}:root` });
  const list = async () => (await client.send(new ListFindingsCommand({ analyzerArn }))).findings ?? [];

  const open = await list();
  expect(open).toHaveLength(2);
  expect(open.find(({ resource }) => resource === "arn:aws:s3:::payroll")).toMatchObject({
    resourceType: "AWS::S3::Bucket",
    isPublic: true,
    status: "ACTIVE",
    principal: { AWS: "*" },
    action: ["s3:GetObject"],
    condition: {},
    resourceOwnerAccount: "000000000000",
    sources: [{ type: "POLICY" }],
  });
  expect(open.find(({ resourceType }) => resourceType === "AWS::IAM::Role")).toMatchObject({
    isPublic: false,
    status: "ACTIVE",
    principal: { AWS: FRIEND },
    action: ["sts:AssumeRole"],
  });

  await cloud.clock.advance(60);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: "payroll" }));
  const own = policyOf({ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" });
  const iam = cloud.client(IAMClient);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: own }));
  const closed = await list();
  expect(closed.map(({ status }) => status)).toEqual(["RESOLVED", "RESOLVED"]);
  expect(new Set(closed.map(({ id }) => id))).toEqual(new Set(open.map(({ id }) => id)));
  for (const { createdAt, updatedAt } of closed) {
    expect((updatedAt?.getTime() ?? 0) - (createdAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(60_000);
  }
});

const role = (Principal: object | string, more: object = {}) => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...more,
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html, https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
test.each([
  ["another account", role({ AWS: FRIEND }), { principal: { AWS: FRIEND }, condition: {} }],
  [
    "another account with an external id",
    role({ AWS: FRIEND }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
    { principal: { AWS: FRIEND }, condition: { "sts:ExternalId": "x" } },
  ],
  [
    "an identity provider",
    role(
      { Federated: "cognito-identity.amazonaws.com" },
      {
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:p" } },
      },
    ),
    {
      principal: { Federated: "cognito-identity.amazonaws.com" },
      action: ["sts:AssumeRoleWithWebIdentity"],
      condition: { "cognito-identity.amazonaws.com:aud": "us-east-1:p" },
      isPublic: false,
    },
  ],
  ["everybody", role({ AWS: "*" }), { principal: { AWS: "*" }, isPublic: true }],
  [
    "everybody in an organization",
    role({ AWS: "*" }, { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } }),
    { principal: { AWS: "*" }, isPublic: false, condition: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
  ],
])("a role that trusts %s has a finding", async (_whom, statement, expected) => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  await cloud
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: policyOf(statement) }));
  const { findings } = await client.send(new ListFindingsCommand({ analyzerArn }));
  expect(findings).toEqual([expect.objectContaining({ status: "ACTIVE", ...expected })]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
test.each([
  ["its own account", role({ AWS: "000000000000" })],
  ["a service", role({ Service: "ec2.amazonaws.com" })],
  [
    "everybody in its own account",
    role({ AWS: "*" }, { Condition: { StringEquals: { "aws:PrincipalAccount": "000000000000" } } }),
  ],
  [
    "everybody with an ARN of its own account",
    role({ AWS: "*" }, { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::000000000000:role/*" } } }),
  ],
])("a role that trusts %s has none", async (_whom, statement) => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  await cloud
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: policyOf(statement) }));
  expect((await client.send(new ListFindingsCommand({ analyzerArn }))).findings).toEqual([]);
});

test("a bucket's owner is no outsider under the id that S3 has for it", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const { Owner } = await cloud.client(S3Client).send(new ListBucketsCommand({}));
  const theirs = await cloud.client(S3Client, cloud.rootOf(FRIEND)).send(new ListBucketsCommand({}));
  const Principal = { CanonicalUser: [Owner?.ID, theirs.Owner?.ID] };
  await makeBucket(cloud, "named", { ...publicRead("named"), Principal });
  const { findings } = await client.send(new ListFindingsCommand({ analyzerArn }));
  expect(findings?.map(({ principal }) => principal)).toEqual([{ CanonicalUser: theirs.Owner?.ID }]);
});

test("denials count: what they leave of an allow is what is found", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const everything = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::denied/*" };
  const outsiders = { StringNotEquals: { "aws:PrincipalAccount": "000000000000" } };
  const s3 = await makeBucket(
    cloud,
    "denied",
    everything,
    { ...everything, Effect: "Deny", Action: "s3:Put*" },
    { ...everything, Effect: "Deny", Action: "s3:GetObject", Condition: outsiders },
  );
  const list = async () => (await client.send(new ListFindingsCommand({ analyzerArn }))).findings ?? [];
  const [finding] = await list();
  expect(finding?.isPublic).toBe(true);
  expect(finding?.action).toContain("s3:DeleteObject");
  expect(finding?.action).not.toContain("s3:PutObject");
  expect(finding?.action).not.toContain("s3:GetObject");

  const Policy = policyOf(everything, { ...everything, Effect: "Deny", Condition: outsiders });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "denied", Policy }));
  expect((await list()).map(({ status }) => status)).toEqual(["RESOLVED"]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-s3
test("a bucket that restricts public policies has no finding for them", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const s3 = await makeBucket(cloud, "shut", publicRead("shut"));
  const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: "shut", PublicAccessBlockConfiguration }));
  expect((await client.send(new ListFindingsCommand({ analyzerArn }))).findings).toEqual([]);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "shut" }));
  expect((await client.send(new ListFindingsCommand({ analyzerArn }))).findings).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-work-with-findings.html
test("other permissions for the same principal are another finding, and the first is resolved", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const read = { ...publicRead("both"), Principal: { AWS: FRIEND } };
  const s3 = await makeBucket(cloud, "both", read);
  await client.send(new ListFindingsCommand({ analyzerArn }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "both", Policy: policyOf({ ...read, Action: "s3:PutObject" }) }));
  const { findings = [] } = await client.send(new ListFindingsCommand({ analyzerArn }));
  expect(findings.map(({ action, status }) => [action, status])).toEqual(
    expect.arrayContaining([
      [["s3:GetObject"], "RESOLVED"],
      [["s3:PutObject"], "ACTIVE"],
    ]),
  );
  expect(findings).toHaveLength(2);
});

test("a finding is shown in both forms, and a role that is deleted resolves it", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const arn = await makeRole(cloud, "r", { trusts: FRIEND });
  const { findings } = await client.send(new ListFindingsV2Command({ analyzerArn }));
  expect(findings).toEqual([expect.objectContaining({ resource: arn, findingType: "ExternalAccess" })]);
  const id = findings?.[0]?.id ?? "";
  const { finding } = await client.send(new GetFindingCommand({ analyzerArn, id }));
  expect(finding).toMatchObject({ id, resource: arn, resourceControlPolicyRestriction: "NOT_APPLICABLE" });
  const { findingDetails } = await client.send(new GetFindingV2Command({ analyzerArn, id }));
  expect(findingDetails).toEqual([
    { externalAccessDetails: expect.objectContaining({ principal: { AWS: FRIEND }, action: ["sts:AssumeRole"] }) },
  ]);
  await cloud.client(IAMClient).send(new DeleteRoleCommand({ RoleName: "r" }));
  expect((await client.send(new GetFindingCommand({ analyzerArn, id }))).finding?.status).toBe("RESOLVED");
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings-remediate.html
  await cloud.clock.advance(91 * 86_400);
  await expect(client.send(new GetFindingCommand({ analyzerArn, id }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("findings are filtered, sorted and paged", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  for (const name of ["a", "b", "c"]) await makeRole(cloud, name, { trusts: FRIEND });
  await makeBucket(cloud, "open", publicRead("open"));
  const names = async (query: object) =>
    (await client.send(new ListFindingsCommand({ analyzerArn, ...query }))).findings?.map(({ resource }) =>
      resource?.split(/[:/]/).at(-1),
    );
  expect(await names({ filter: { isPublic: { eq: ["true"] } } })).toEqual(["open"]);
  expect(await names({ filter: { "principal.AWS": { neq: [FRIEND] } } })).toEqual(["open"]);
  expect(await names({ filter: { resource: { contains: ["role/a", "role/c"] } } })).toHaveLength(2);
  expect(await names({ filter: { "condition.aws:SourceVpc": { exists: true } } })).toEqual([]);
  expect(await names({ sort: { attributeName: "resource", orderBy: "DESC" } })).toEqual(["open", "c", "b", "a"]);
  await expect(names({ filter: { colour: { eq: ["red"] } } })).rejects.toMatchObject({ name: "ValidationException" });
  const sort = { attributeName: "resource" };
  const first = await client.send(new ListFindingsCommand({ analyzerArn, sort, maxResults: 3 }));
  expect(first.findings).toHaveLength(3);
  const { nextToken } = first;
  const second = await client.send(new ListFindingsCommand({ analyzerArn, sort, maxResults: 3, nextToken }));
  expect(second.findings?.map(({ resource }) => resource)).toEqual(["arn:aws:s3:::open"]);
  expect(second.nextToken).toBeUndefined();
});

test("findings are archived and taken back, and counted", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  const resourceArn = await makeRole(cloud, "a", { trusts: FRIEND });
  await makeBucket(cloud, "open", publicRead("open"));
  await client.send(new UpdateFindingsCommand({ analyzerArn, resourceArn, status: "ARCHIVED" }));
  const count = async () =>
    (await client.send(new GetFindingsStatisticsCommand({ analyzerArn }))).findingsStatistics?.[0]
      ?.externalAccessFindingsStatistics;
  expect(await count()).toEqual({
    totalActiveFindings: 1,
    totalArchivedFindings: 1,
    totalResolvedFindings: 0,
    resourceTypeStatistics: {
      "AWS::S3::Bucket": { totalActivePublic: 1, totalActiveCrossAccount: 0, totalActiveErrors: 0 },
    },
  });
  const filter = { status: { eq: ["ARCHIVED"] } };
  const { findings = [] } = await client.send(new ListFindingsCommand({ analyzerArn, filter }));
  const ids = findings.flatMap(({ id }) => id ?? []);
  await client.send(new UpdateFindingsCommand({ analyzerArn, ids, status: "ACTIVE" }));
  expect((await count())?.totalActiveFindings).toBe(2);
  await expect(
    client.send(new UpdateFindingsCommand({ analyzerArn, ids: ["nope"], status: "ACTIVE" })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("what was looked at is listed and shown, and looked at again when asked", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  await makeBucket(cloud, "open", publicRead("open"));
  await makeRole(cloud, "own", {});
  const resourceType = "AWS::S3::Bucket";
  const listed = await client.send(new ListAnalyzedResourcesCommand({ analyzerArn, resourceType }));
  const resourceArn = "arn:aws:s3:::open";
  expect(listed.analyzedResources).toEqual([{ resourceArn, resourceType, resourceOwnerAccount: "000000000000" }]);
  const show = async () => (await client.send(new GetAnalyzedResourceCommand({ analyzerArn, resourceArn }))).resource;
  const before = await show();
  expect(before).toMatchObject({ isPublic: true, actions: ["s3:GetObject"], sharedVia: ["POLICY"], status: "ACTIVE" });
  await cloud.clock.advance(600);
  await client.send(new StartResourceScanCommand({ analyzerArn, resourceArn }));
  expect((await show())?.analyzedAt?.getTime()).toBeGreaterThan(before?.analyzedAt?.getTime() ?? Infinity);
  await expect(
    client.send(new StartResourceScanCommand({ analyzerArn, resourceArn: "arn:aws:s3:::none" })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("the newer operations need the rights of the older ones", async () => {
  const { cloud, analyzerArn } = await analyzerCloud();
  const reader = await makeUser(cloud, "reader", { allow: ["access-analyzer:ListFindings"] });
  const theirs = cloud.client(AccessAnalyzerClient, reader);
  await theirs.send(new ListFindingsV2Command({ analyzerArn }));
  await expect(theirs.send(new GetFindingV2Command({ analyzerArn, id: "x" }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});
