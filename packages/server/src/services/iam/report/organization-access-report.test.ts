import {
  GenerateOrganizationsAccessReportCommand,
  GetOrganizationsAccessReportCommand,
  IAMClient,
  ListUsersCommand,
  type SortKeyType,
} from "@aws-sdk/client-iam";
import {
  CreateOrganizationCommand,
  DetachPolicyCommand,
  DisablePolicyTypeCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { makeOrganization } from "../../../../test/organizations.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const REGION = "eu-west-1";
const ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["s3:*", "sqs:*", "iam:*", "kms:*"], Resource: "*" },
    { Effect: "Deny", Action: "kms:*", Resource: "*" },
  ],
});

/** `blue` lies in the unit `team` and uses S3 and STS; `red` lies in the root and uses S3. */
async function world() {
  const organization = await makeOrganization();
  const { cloud, organizationId, rootId } = organization;
  const team = await organization.makeUnit("team");
  const blue = await organization.makeAccount("blue", team);
  const red = await organization.makeAccount("red");
  const iam = cloud.client(IAMClient);
  const report = async (EntityPath: string, more: { policy?: string; sort?: SortKeyType; max?: number } = {}) => {
    const generate = { EntityPath, ...(more.policy !== undefined && { OrganizationsPolicyId: more.policy }) };
    const { JobId } = await iam.send(new GenerateOrganizationsAccessReportCommand(generate));
    return iam.send(new GetOrganizationsAccessReportCommand({ JobId, SortKey: more.sort, MaxItems: more.max ?? 1000 }));
  };
  const as = (account: string) => [cloud.rootOf(account), { region: REGION }] as const;
  await cloud.client(S3Client, ...as(red)).send(new ListBucketsCommand({}));
  await cloud.clock.advance(3600);
  await cloud.client(S3Client, ...as(blue)).send(new ListBucketsCommand({}));
  await cloud.client(STSClient, ...as(blue)).send(new GetCallerIdentityCommand({}));
  const root = `${organizationId}/${rootId}`;
  return { ...organization, team, blue, red, iam, report, root };
}

const serviceOf = (details: Awaited<ReturnType<Awaited<ReturnType<typeof world>>["report"]>>, service: string) =>
  details.AccessDetails?.find(({ ServiceNamespace }) => ServiceNamespace === service);

test("the root's report counts the accounts that used a service, and tells which used it last", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateOrganizationsAccessReport.html
  const { report, root, team, blue } = await world();
  const found = await report(root);
  expect(found).toMatchObject({ JobStatus: "COMPLETED", IsTruncated: false });
  expect(found.NumberOfServicesAccessible).toBe(found.AccessDetails?.length);
  expect(found.NumberOfServicesAccessible).toBeGreaterThan(400);
  const used =
    found.AccessDetails?.filter(({ TotalAuthenticatedEntities = 0 }) => TotalAuthenticatedEntities > 0) ?? [];
  expect(found.NumberOfServicesNotAccessed).toBe((found.NumberOfServicesAccessible ?? 0) - used.length);
  expect(serviceOf(found, "s3")).toMatchObject({
    ServiceName: "Amazon S3",
    TotalAuthenticatedEntities: 2,
    EntityPath: `${root}/${team}/${blue}`,
    Region: REGION,
  });
  expect(serviceOf(found, "sqs")).toEqual({
    ServiceName: "Amazon SQS",
    ServiceNamespace: "sqs",
    TotalAuthenticatedEntities: 0,
  });
});

test("a unit's report counts the accounts below it, an account's itself, and none the management account", async () => {
  const { report, root, team, blue, red, iam } = await world();
  await iam.send(new ListUsersCommand({}));
  expect(serviceOf(await report(`${root}/${team}`), "s3")).toMatchObject({ TotalAuthenticatedEntities: 1 });
  expect(serviceOf(await report(`${root}/${team}/${blue}`), "sts")).toMatchObject({ TotalAuthenticatedEntities: 1 });
  expect(serviceOf(await report(`${root}/${red}`), "sts")).toMatchObject({ TotalAuthenticatedEntities: 0 });
  expect(serviceOf(await report(root), "organizations")).toMatchObject({ TotalAuthenticatedEntities: 0 });
});

test("the management account's report has all services, and its own use alone", async () => {
  const { report, root } = await world();
  const found = await report(`${root}/000000000000`);
  expect(serviceOf(found, "organizations")).toMatchObject({
    TotalAuthenticatedEntities: 1,
    EntityPath: `${root}/000000000000`,
  });
  expect(serviceOf(found, "s3")).toMatchObject({ TotalAuthenticatedEntities: 0 });
});

test("a report has the services that the policies of the entity and all above it allow", async () => {
  const { report, root, team, red, client, attach, makePolicy } = await world();
  await attach(await makePolicy("only", ONLY), team);
  await client.send(new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: team }));
  const found = await report(`${root}/${team}`);
  expect(found.AccessDetails?.map(({ ServiceNamespace }) => ServiceNamespace)).toEqual(["iam", "s3", "sqs"]);
  expect(found).toMatchObject({ NumberOfServicesAccessible: 3, NumberOfServicesNotAccessed: 2 });
  expect((await report(`${root}/${red}`)).NumberOfServicesAccessible).toBeGreaterThan(400);
});

test("a policy's report has the services that it allows, and the use of the accounts that it reaches", async () => {
  const { report, root, team, attach, makePolicy } = await world();
  const policy = await makePolicy("only", ONLY);
  expect(serviceOf(await report(root, { policy }), "s3")).toMatchObject({ TotalAuthenticatedEntities: 0 });
  await attach(policy, team);
  const found = await report(root, { policy });
  expect(found.AccessDetails?.map(({ ServiceNamespace }) => ServiceNamespace)).toEqual(["iam", "s3", "sqs"]);
  expect(serviceOf(found, "s3")).toMatchObject({ TotalAuthenticatedEntities: 1 });
});

test("a report is paged in the order that is asked for", async () => {
  const { report, root, iam } = await world();
  const { JobId } = await iam.send(new GenerateOrganizationsAccessReportCommand({ EntityPath: root }));
  for (const SortKey of ["SERVICE_NAMESPACE_DESCENDING", "LAST_AUTHENTICATED_TIME_DESCENDING"] as const) {
    const whole = await report(root, { sort: SortKey });
    const paged: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = new GetOrganizationsAccessReportCommand({ JobId, SortKey, MaxItems: 100, Marker });
      const found = await iam.send(page);
      paged.push(...(found.AccessDetails ?? []).map(({ ServiceNamespace }) => ServiceNamespace));
      ({ Marker } = found);
    } while (Marker !== undefined);
    expect(paged).toEqual(whole.AccessDetails?.map(({ ServiceNamespace }) => ServiceNamespace));
  }
  const latest = await report(root, { sort: "LAST_AUTHENTICATED_TIME_DESCENDING", max: 2 });
  expect(latest.AccessDetails?.map(({ ServiceNamespace }) => ServiceNamespace).toSorted()).toEqual(["s3", "sts"]);
  expect(latest.IsTruncated).toBe(true);
});

test("a report of what is not there fails, and says so", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOrganizationsAccessReport.html
  const { report, root, team } = await world();
  const path = { Code: "INVALID_ORGANIZATIONS_ENTITY_PATH" };
  for (const wrong of [`${root}/ou-none-00000000`, `${root}/`, `${root}/${team}/${team}`]) {
    expect(await report(wrong)).toMatchObject({ JobStatus: "FAILED", ErrorDetails: path });
  }
  expect(await report(root, { policy: "p-nosuchpolicy" })).toMatchObject({
    JobStatus: "FAILED",
    ErrorDetails: { Code: "INVALID_ORGANIZATIONS_POLICY" },
  });
});

const generate = (EntityPath: string) => new GenerateOrganizationsAccessReportCommand({ EntityPath });

test("reports are for the management account, about its own organization, with SCPs enabled", async () => {
  const { cloud, client, rootId, iam, root, blue, organizationId } = await world();
  const denied = { name: "AccessDenied" };
  await expect(cloud.client(IAMClient, cloud.rootOf(blue)).send(generate(root))).rejects.toMatchObject(denied);
  const other = root.replace(organizationId, "o-zzzzzzzzzz");
  await expect(iam.send(generate(other))).rejects.toMatchObject(denied);
  await client.send(new DisablePolicyTypeCommand({ RootId: rootId, PolicyType: "SERVICE_CONTROL_POLICY" }));
  await expect(iam.send(generate(root))).rejects.toMatchObject(denied);
});

test("who may not look at the organization gets a report that failed; nobody gets another's report", async () => {
  const { cloud, iam, root } = await world();
  const allow = ["iam:GenerateOrganizationsAccessReport", "iam:GetOrganizationsAccessReport"];
  const ann = cloud.client(IAMClient, await makeUser(cloud, "ann", { allow }));
  const { JobId } = await ann.send(new GenerateOrganizationsAccessReportCommand({ EntityPath: root }));
  const get = new GetOrganizationsAccessReportCommand({ JobId });
  expect(await ann.send(get)).toMatchObject({
    JobStatus: "FAILED",
    ErrorDetails: { Code: "ORGANIZATIONS_REPORT_ACCESS_DENIED" },
  });
  await expect(iam.send(get)).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("what was noted of a cloud that was emptied is not taken for known", async () => {
  const cloud = await testCloud();
  const list = async () => cloud.client(S3Client).send(new ListBucketsCommand({}));
  for (let time = 0; time < 3; time++) await list();
  await cloud.cloud.reset();
  const organizations = cloud.client(OrganizationsClient);
  const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const enable = { RootId: Roots?.[0]?.Id, PolicyType: "SERVICE_CONTROL_POLICY" } as const;
  await organizations.send(new EnablePolicyTypeCommand(enable));
  await list();
  const iam = cloud.client(IAMClient);
  const path = `${Organization?.Id}/${Roots?.[0]?.Id}/000000000000`;
  const { JobId } = await iam.send(generate(path));
  const found = await iam.send(new GetOrganizationsAccessReportCommand({ JobId, MaxItems: 1000 }));
  expect(serviceOf(found, "s3")).toMatchObject({ TotalAuthenticatedEntities: 1 });
});
