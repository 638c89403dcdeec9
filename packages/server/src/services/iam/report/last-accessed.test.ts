import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetRoleCommand,
  GetServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsWithEntitiesCommand,
  GetUserCommand,
  IAMClient,
  ListPoliciesGrantingServiceAccessCommand,
  PutUserPolicyCommand,
  GenerateOrganizationsAccessReportCommand,
  GetOrganizationsAccessReportCommand,
} from "@aws-sdk/client-iam";
import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const ANN = "arn:aws:iam::000000000000:user/ann";
const OPS = "arn:aws:iam::000000000000:group/ops";
const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });

/** `ann` may use iam herself, and s3 and s3-object-lambda by her group. */
async function withAnn() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new CreateUserCommand({ UserName: "ann" }));
  await root.send(new CreateUserCommand({ UserName: "bob" }));
  await root.send(new CreateGroupCommand({ GroupName: "ops" }));
  for (const UserName of ["ann", "bob"]) await root.send(new AddUserToGroupCommand({ UserName, GroupName: "ops" }));
  await root.send(new AttachGroupPolicyCommand({ GroupName: "ops", PolicyArn }));
  const PolicyDocument = policy({ Effect: "Allow", Action: ["iam:Get*", "sts:*"], Resource: "*" });
  await root.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "mine", PolicyDocument }));
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const report = async (Arn: string) => {
    await cloud.cloud.journal.flush();
    const { JobId } = await root.send(new GenerateServiceLastAccessedDetailsCommand({ Arn }));
    return { JobId, ...(await root.send(new GetServiceLastAccessedDetailsCommand({ JobId }))) };
  };
  return { cloud, root, key: AccessKey, ann: cloud.client(IAMClient, AccessKey), report };
}

test("a report names each service that is granted, and the last use of those used", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
  const { cloud, ann, report } = await withAnn();
  await ann.send(new GetUserCommand({}));
  const found = await report(ANN);
  expect(found).toMatchObject({ JobStatus: "COMPLETED", JobType: "SERVICE_LEVEL", IsTruncated: false });
  const services = found.ServicesLastAccessed ?? [];
  expect(services.map(({ ServiceNamespace }) => ServiceNamespace)).toEqual(["iam", "s3", "s3-object-lambda", "sts"]);
  expect(services[0]).toMatchObject({
    ServiceName: expect.stringContaining("AWS Identity and Access Management"),
    LastAuthenticatedEntity: ANN,
    LastAuthenticatedRegion: "us-east-1",
    TotalAuthenticatedEntities: 1,
  });
  const agoMs = cloud.clock.now().getTime() - (services[0]?.LastAuthenticated?.getTime() ?? 0);
  expect(agoMs).toBeLessThan(60_000);
  expect(services[1]).toEqual({ ServiceName: "Amazon S3", ServiceNamespace: "s3", TotalAuthenticatedEntities: 0 });
});

test("a group's report counts its members, and tells who it was", async () => {
  const { root, key, cloud, report } = await withAnn();
  await root.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "mine",
      PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
    }),
  );
  await cloud.client(STSClient, key).send(new GetCallerIdentityCommand({}));
  const { JobId } = await report(OPS);
  const entities = await root.send(
    new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId, ServiceNamespace: "sts" }),
  );
  const byName = new Map(entities.EntityDetailsList?.map((one) => [one.EntityInfo?.Name, one]));
  expect(byName.get("ann")).toMatchObject({ EntityInfo: { Arn: ANN, Type: "USER", Path: "/" } });
  expect(byName.get("ann")?.LastAuthenticated).toBeInstanceOf(Date);
  expect(byName.get("bob")?.LastAuthenticated).toBeUndefined();
});

test("a policy's report counts who has it, through a group too", async () => {
  const { root, report } = await withAnn();
  const found = await report(PolicyArn);
  expect(found.ServicesLastAccessed?.map(({ ServiceNamespace }) => ServiceNamespace)).toEqual([
    "s3",
    "s3-object-lambda",
  ]);
  const { EntityDetailsList } = await root.send(
    new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId: found.JobId, ServiceNamespace: "s3" }),
  );
  expect(EntityDetailsList).toHaveLength(2);
});

test("a use of more than 400 days ago is forgotten, a report after seven", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
  const { cloud, root, ann, report } = await withAnn();
  await ann.send(new GetUserCommand({}));
  const { JobId } = await report(ANN);
  await cloud.clock.advance(401 * 86_400);
  const later = await report(ANN);
  expect(later.ServicesLastAccessed?.[0]).toMatchObject({ ServiceNamespace: "iam", TotalAuthenticatedEntities: 0 });
  await expect(root.send(new GetServiceLastAccessedDetailsCommand({ JobId }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});

test("a role tells when and where it was last used", async () => {
  const { cloud, root, key } = await withAnn();
  const trust = policy({ Effect: "Allow", Principal: { AWS: ANN }, Action: "sts:AssumeRole" });
  await root.send(new CreateRoleCommand({ RoleName: "support", AssumeRolePolicyDocument: trust }));
  const { Credentials } = await cloud
    .client(STSClient, key)
    .send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::000000000000:role/support", RoleSessionName: "s1" }));
  await cloud.client(STSClient, Credentials, { region: "eu-west-1" }).send(new GetCallerIdentityCommand({}));
  await cloud.cloud.journal.flush();
  const { Role } = await root.send(new GetRoleCommand({ RoleName: "support" }));
  expect(Role?.RoleLastUsed).toMatchObject({ Region: "eu-west-1" });
  expect(Role?.RoleLastUsed?.LastUsedDate?.getTime()).toBeLessThanOrEqual(cloud.clock.now().getTime());
});

test("policies that grant access to a service are told, whatever denies it", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html
  const { root } = await withAnn();
  await root.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "all-but-ec2",
      PolicyDocument: policy([
        { Effect: "Allow", NotAction: "ec2:*", Resource: "*" },
        { Effect: "Deny", Action: "s3:*", Resource: "*" },
      ]),
    }),
  );
  const { PoliciesGrantingServiceAccess } = await root.send(
    new ListPoliciesGrantingServiceAccessCommand({ Arn: ANN, ServiceNamespaces: ["s3", "ec2"] }),
  );
  expect(PoliciesGrantingServiceAccess).toEqual([
    {
      ServiceNamespace: "s3",
      Policies: [
        { PolicyName: "all-but-ec2", PolicyType: "INLINE", EntityType: "USER", EntityName: "ann" },
        { PolicyName: "AmazonS3ReadOnlyAccess", PolicyType: "MANAGED", PolicyArn },
      ],
    },
    { ServiceNamespace: "ec2", Policies: [] },
  ]);
});

test("there is no report of an organization, because there is none", async () => {
  const { root } = await withAnn();
  const EntityPath = "o-a1b2c3d4e5/r-f6g7h8";
  await expect(root.send(new GenerateOrganizationsAccessReportCommand({ EntityPath }))).rejects.toMatchObject({
    name: "OrganizationNotFoundException",
  });
  const JobId = "0".repeat(36);
  await expect(root.send(new GetOrganizationsAccessReportCommand({ JobId }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});

/** The tracked actions of one service in a report of `ann`. */
async function actionsOf(root: IAMClient, service: string, Arn = ANN) {
  const { JobId } = await root.send(
    new GenerateServiceLastAccessedDetailsCommand({ Arn, Granularity: "ACTION_LEVEL" }),
  );
  const found = await root.send(new GetServiceLastAccessedDetailsCommand({ JobId }));
  expect(found.JobType).toBe("ACTION_LEVEL");
  return found.ServicesLastAccessed?.find(({ ServiceNamespace }) => ServiceNamespace === service)
    ?.TrackedActionsLastAccessed;
}

test("a report of actions tells which tracked ones were used, refused ones too, and which never were", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_TrackedActionLastAccessed.html
  const { root, ann } = await withAnn();
  await ann.send(new GetUserCommand({}));
  await expect(ann.send(new GetRoleCommand({ RoleName: "none" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
  const actions = (await actionsOf(root, "iam")) ?? [];
  const used = actions.filter(({ LastAccessedTime }) => LastAccessedTime !== undefined);
  expect(used.map(({ ActionName }) => ActionName)).toEqual(["GetRole", "GetUser"]);
  expect(used[0]).toMatchObject({ LastAccessedEntity: ANN, LastAccessedRegion: "us-east-1" });
  expect(actions).toContainEqual({ ActionName: "GetGroup" });
  expect(actions.every(({ ActionName = "" }) => ActionName.startsWith("Get"))).toBe(true);
});

test("of a service of which no tracked action was used, no actions are told", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceLastAccessed.html
  const { root, cloud, key } = await withAnn();
  const s3 = cloud.client(S3Client, key, { forcePathStyle: true });
  await expect(s3.send(new GetObjectCommand({ Bucket: "none", Key: "k" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
  expect(await actionsOf(root, "s3")).toBeUndefined();
  await s3.send(new ListBucketsCommand({}));
  const actions = (await actionsOf(root, "s3")) ?? [];
  expect(actions.find(({ ActionName }) => ActionName === "ListAllMyBuckets")?.LastAccessedTime).toBeInstanceOf(Date);
  expect(actions.map(({ ActionName }) => ActionName)).not.toContain("GetObject");
});

test("an operation that needs no permission is an action that was used all the same", async () => {
  const { root, cloud, key } = await withAnn();
  await cloud.client(STSClient, key).send(new GetCallerIdentityCommand({}));
  const used = (await actionsOf(root, "sts"))?.filter(({ LastAccessedTime }) => LastAccessedTime !== undefined);
  expect(used?.map(({ ActionName }) => ActionName)).toEqual(["GetCallerIdentity"]);
});

test("a report is given to who asked for it, and to nobody else", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
  const { root, ann } = await withAnn();
  await root.send(
    new PutUserPolicyCommand({
      UserName: "ann",
      PolicyName: "mine",
      PolicyDocument: policy({ Effect: "Allow", Action: "iam:*", Resource: "*" }),
    }),
  );
  const { JobId } = await ann.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: ANN }));
  const get = new GetServiceLastAccessedDetailsCommand({ JobId });
  expect(await ann.send(get)).toMatchObject({ JobStatus: "COMPLETED" });
  await expect(root.send(get)).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("what is denied without a condition, everywhere, is no service that may be used", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
  const { root, report } = await withAnn();
  const deny = { Effect: "Deny", Action: ["s3:*", "sts:Get*"], Resource: "*" };
  await root.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "no-s3", PolicyDocument: policy(deny) }));
  const found = await report(ANN);
  const services = found.ServicesLastAccessed?.map(({ ServiceNamespace }) => ServiceNamespace);
  expect(services).toEqual(["iam", "s3-object-lambda", "sts"]);
});
