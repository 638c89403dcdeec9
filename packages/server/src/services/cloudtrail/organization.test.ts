import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DeregisterOrganizationDelegatedAdminCommand,
  DescribeTrailsCommand,
  RegisterOrganizationDelegatedAdminCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { EnableAWSServiceAccessCommand } from "@aws-sdk/client-organizations";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../test/organizations.ts";
import { testCloud } from "../../../test/test-cloud.ts";
import {
  deliveredKeys,
  deliveredRecords,
  LOGS,
  TRAIL,
  trailBucketPolicy,
  untilDelivered,
} from "../../../test/trails.ts";

const creation = (more: object = {}) =>
  new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, IsOrganizationTrail: true, ...more });

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html */
test("an organization's trail needs its management account, all features and trusted access", async () => {
  const alone = await testCloud();
  await alone.client(S3Client).send(new CreateBucketCommand({ Bucket: LOGS }));
  const outside = alone.client(CloudTrailClient).send(creation());
  await expect(outside).rejects.toMatchObject({ name: "OrganizationsNotInUseException" });
  const { cloud, makeAccount } = await makeOrganization();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: LOGS }));
  const untrusted = cloud.client(CloudTrailClient).send(creation());
  await expect(untrusted).rejects.toMatchObject({ name: "CloudTrailAccessNotEnabledException" });
  const member = cloud.rootOf(await makeAccount("member"));
  const byMember = cloud.client(CloudTrailClient, member).send(creation());
  await expect(byMember).rejects.toMatchObject({ name: "NotOrganizationMasterAccountException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html */
test("one trail logs all accounts of an organization into one bucket, and members may not end it", async () => {
  const { cloud, client, organizationId, makeAccount } = await makeOrganization();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "cloudtrail.amazonaws.com" }));
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  const Policy = JSON.stringify(trailBucketPolicy(TRAIL, `AWSLogs/${organizationId}`));
  await s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy }));
  const trails = cloud.client(CloudTrailClient);
  expect(await trails.send(creation({ IsMultiRegionTrail: true }))).toMatchObject({ IsOrganizationTrail: true });
  await trails.send(new StartLoggingCommand({ Name: "audit" }));
  const made = await cloud.client(IAMClient).send(new GetRoleCommand({ RoleName: "AWSServiceRoleForCloudTrail" }));
  expect(made.Role?.Path).toBe("/aws-service-role/cloudtrail.amazonaws.com/");

  const account = await makeAccount("member");
  const member = cloud.rootOf(account);
  await cloud.client(IAMClient, member).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "CreateUser");
  expect(found).toMatchObject([{ recipientAccountId: account, requestParameters: { userName: "ann" } }]);
  const folder = `AWSLogs/${organizationId}/${account}/CloudTrail/us-east-1/`;
  expect((await deliveredKeys(cloud)).some((key) => key.startsWith(folder))).toBe(true);

  const theirs = cloud.client(CloudTrailClient, member);
  expect(await theirs.send(new DescribeTrailsCommand({}))).toMatchObject({
    trailList: [{ TrailARN: TRAIL, IsOrganizationTrail: true, HomeRegion: "us-east-1" }],
  });
  const ending = theirs.send(new DeleteTrailCommand({ Name: TRAIL }));
  await expect(ending).rejects.toMatchObject({ name: "NotOrganizationMasterAccountException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html */
test("a delegated administrator makes and ends trails of the organization, which are the management account's", async () => {
  const { cloud, client, organizationId, makeAccount } = await makeOrganization();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "cloudtrail.amazonaws.com" }));
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  const Policy = JSON.stringify(trailBucketPolicy(TRAIL, `AWSLogs/${organizationId}`));
  await s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy }));
  const trails = cloud.client(CloudTrailClient);
  const MemberAccountId = await makeAccount("security");
  const itself = trails.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: MANAGEMENT }));
  await expect(itself).rejects.toMatchObject({ name: "CannotDelegateManagementAccountException" });
  await trails.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId }));
  const again = trails.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId }));
  await expect(again).rejects.toMatchObject({ name: "AccountRegisteredException" });
  const theirs = cloud.client(CloudTrailClient, cloud.rootOf(MemberAccountId));
  expect(await theirs.send(creation())).toMatchObject({ TrailARN: TRAIL, IsOrganizationTrail: true });
  await theirs.send(new StartLoggingCommand({ Name: TRAIL }));
  await trails.send(new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: MemberAccountId }));
  const ending = theirs.send(new DeleteTrailCommand({ Name: TRAIL }));
  await expect(ending).rejects.toMatchObject({ name: "NotOrganizationMasterAccountException" });
  await trails.send(new DeleteTrailCommand({ Name: TRAIL }));
});
