import {
  GetFindingsStatisticsCommand,
  GetFindingV2Command,
  ListFindingsCommand,
  ListFindingsV2Command,
  UpdateAnalyzerCommand,
} from "@aws-sdk/client-accessanalyzer";
import { CreateLoginProfileCommand, IAMClient, TagRoleCommand } from "@aws-sdk/client-iam";
import { S3Client, ListBucketsCommand } from "@aws-sdk/client-s3";
import { STSClient, AssumeRoleCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { EnableAWSServiceAccessCommand } from "@aws-sdk/client-organizations";
import { analyzerCloud, makeAnalyzer } from "../../../../test/analyzers.ts";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const DAY_SECONDS = 86_400;
const unused = (unusedAccessAge: number, more: object = {}) => ({
  configuration: { unusedAccess: { unusedAccessAge, ...more } },
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html
test("roles, keys, passwords and permissions that nobody used for so long are found", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT_UNUSED_ACCESS", unused(30));
  const list = async (filter: Readonly<Record<string, { eq: string[] }>> = {}) =>
    (await client.send(new ListFindingsV2Command({ analyzerArn, filter }))).findings ?? [];
  const role = await makeRole(cloud, "idle", { allow: ["s3:*"] });
  const busy = await makeRole(cloud, "busy", { trusts: "000000000000", allow: ["s3:*", "sqs:*"] });
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "Secret-1234567" }));
  await cloud.clock.advance(3 * 3600);
  expect(await list()).toEqual([]);

  await cloud.clock.advance(40 * DAY_SECONDS);
  const taken = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: busy, RoleSessionName: "work" }));
  await cloud.client(S3Client, taken.Credentials).send(new ListBucketsCommand({}));
  const found = await list();
  const short = found.map(({ findingType, resource }) => `${findingType} ${resource?.split(/[:/]/).at(-1)}`);
  expect(new Set(short)).toEqual(new Set(["UnusedIAMRole idle", "UnusedIAMUserPassword ann", "UnusedPermission busy"]));
  expect(found.find(({ resource }) => resource === role)).toMatchObject({
    resourceType: "AWS::IAM::Role",
    status: "ACTIVE",
  });
  const id = found.find(({ resource }) => resource === busy)?.id ?? "";
  const { findingDetails } = await client.send(new GetFindingV2Command({ analyzerArn, id }));
  expect(findingDetails?.map((detail) => detail.unusedPermissionDetails?.serviceNamespace)).toContain("sqs");

  await cloud.clock.advance(40 * DAY_SECONDS);
  const key = await list({ findingType: { eq: ["UnusedIAMUserAccessKey"] } });
  expect(key).toEqual([expect.objectContaining({ resource: ann.arn, resourceType: "AWS::IAM::User" })]);
  const details = await client.send(new GetFindingV2Command({ analyzerArn, id: key[0]?.id }));
  expect(details.findingDetails?.[0]?.unusedIamUserAccessKeyDetails).toMatchObject({
    accessKeyId: ann.accessKeyId,
    lastAccessed: expect.any(Date),
  });
});

test("what is used again is resolved, and what is excluded by its tags is not looked at", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT_UNUSED_ACCESS", unused(30));
  const roleArn = await makeRole(cloud, "r", { trusts: "000000000000" });
  await makeRole(cloud, "spare", {});
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  await cloud.clock.advance(40 * DAY_SECONDS);
  const statuses = async () => {
    const filter = { findingType: { eq: ["UnusedIAMRole"] } };
    const { findings = [] } = await client.send(new ListFindingsV2Command({ analyzerArn, filter }));
    return Object.fromEntries(findings.map(({ resource, status }) => [resource?.split("/").at(-1), status]));
  };
  expect(await statuses()).toEqual({ r: "ACTIVE", spare: "ACTIVE" });
  const taken = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "work" }));
  await cloud
    .client(S3Client, taken.Credentials)
    .send(new ListBucketsCommand({}))
    .catch(() => undefined);
  await cloud.clock.advance(7200);
  expect(await statuses()).toEqual({ r: "RESOLVED", spare: "ACTIVE" });

  const Tags = [{ Key: "keep", Value: "yes" }];
  await cloud.client(IAMClient).send(new TagRoleCommand({ RoleName: "spare", Tags }));
  const rule = { analysisRule: { exclusions: [{ resourceTags: [{ keep: "" }] }] } };
  const { configuration } = await client.send(
    new UpdateAnalyzerCommand({ analyzerName: "lookout", ...unused(30, rule) }),
  );
  expect(configuration).toEqual({ unusedAccess: { unusedAccessAge: 30, ...rule } });
  expect(await statuses()).toEqual({ r: "RESOLVED", spare: "RESOLVED" });
});

test("unused access is counted by type, and the older operations do not know it", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT_UNUSED_ACCESS", unused(1));
  for (const name of ["a", "b"]) await makeRole(cloud, name, {});
  await cloud.clock.advance(2 * DAY_SECONDS);
  const { findingsStatistics } = await client.send(new GetFindingsStatisticsCommand({ analyzerArn }));
  expect(findingsStatistics?.[0]?.unusedAccessFindingsStatistics).toEqual({
    totalActiveFindings: 2,
    totalArchivedFindings: 0,
    totalResolvedFindings: 0,
    unusedAccessTypeStatistics: [{ unusedAccessType: "UnusedIAMRole", total: 2 }],
  });
  // Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindings.html
  await expect(client.send(new ListFindingsCommand({ analyzerArn }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalysisRuleCriteria.html
test("an organization's analyzer looks at all accounts but those left out, and tells which has most", async () => {
  const { cloud, client: organizations, makeAccount } = await makeOrganization();
  const [first, second] = [await makeAccount("first"), await makeAccount("second")];
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "access-analyzer.amazonaws.com" }));
  const exclusions = [{ accountIds: [second] }];
  const { client, analyzerArn } = await makeAnalyzer(
    cloud,
    "ORGANIZATION_UNUSED_ACCESS",
    unused(1, { analysisRule: { exclusions } }),
  );
  for (const account of [first, second]) {
    for (const name of ["a", "b"]) await makeRole(cloud, name, { account });
  }
  await makeRole(cloud, "c", {});
  await cloud.clock.advance(3 * DAY_SECONDS);
  const filter = { resourceOwnerAccount: { neq: [MANAGEMENT] }, resource: { contains: ["role/a", "role/b"] } };
  const { findings } = await client.send(new ListFindingsV2Command({ analyzerArn, filter }));
  expect(findings?.map(({ resourceOwnerAccount }) => resourceOwnerAccount)).toEqual([first, first]);
  const { findingsStatistics } = await client.send(new GetFindingsStatisticsCommand({ analyzerArn }));
  const top = findingsStatistics?.[0]?.unusedAccessFindingsStatistics?.topAccounts;
  expect(top?.map(({ account }) => account)).toEqual([first, MANAGEMENT]);
  const own = { analysisRule: { exclusions: [{ accountIds: [MANAGEMENT] }] } };
  await expect(
    client.send(new UpdateAnalyzerCommand({ analyzerName: "lookout", ...unused(1, own) })),
  ).rejects.toMatchObject({ name: "ValidationException" });
});
