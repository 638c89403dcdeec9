import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  AssociateResourceSharePermissionCommand,
  CreatePermissionCommand,
  CreatePermissionVersionCommand,
  DeletePermissionCommand,
  DeletePermissionVersionCommand,
  DisassociateResourceSharePermissionCommand,
  GetPermissionCommand,
  GetResourceSharesCommand,
  ListPermissionAssociationsCommand,
  ListPermissionsCommand,
  type ListPermissionsCommandInput,
  ListPermissionVersionsCommand,
  ListReplacePermissionAssociationsWorkCommand,
  ListResourceSharePermissionsCommand,
  paginateListPermissions,
  PromotePermissionCreatedFromPolicyCommand,
  PromoteResourceShareCreatedFromPolicyCommand,
  ReplacePermissionAssociationsCommand,
  SetDefaultPermissionVersionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { cloudToShare, GUEST, OWNER, sharer, sharingOrganization } from "../../../test/resource-shares.ts";

const SUBNETS = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionSubnet";
const denied = { name: "UnauthorizedOperation" };

/** What a permission of an account says. */
const allowing = (Action: readonly string[], Condition?: object) =>
  JSON.stringify({ Effect: "Allow", Action, ...(Condition && { Condition }) });

test("AWS's own permissions are listed by type, in pages, and shown", async () => {
  const { ram } = sharer(await cloudToShare(), OWNER);
  const { permissions } = await ram.send(new ListPermissionsCommand({ resourceType: "ec2:subnet" }));
  expect(permissions).toMatchObject([
    { arn: SUBNETS, version: "1", defaultVersion: true, isResourceTypeDefault: true, permissionType: "AWS_MANAGED" },
  ]);
  const paged: unknown[] = [];
  for await (const page of paginateListPermissions({ client: ram, pageSize: 10 }, {})) {
    paged.push(...(page.permissions ?? []));
  }
  expect(paged).toEqual((await ram.send(new ListPermissionsCommand({}))).permissions);
  const { permission } = await ram.send(new GetPermissionCommand({ permissionArn: SUBNETS }));
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/security-ram-permissions.html
  const actions = ["ec2:RunInstances", "ec2:CreateNetworkInterface", "ec2:DescribeSubnets"];
  expect(JSON.parse(permission?.permission ?? "")).toEqual({ Effect: "Allow", Action: actions });
  const unpublished = new GetPermissionCommand({
    permissionArn: "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionTransitGateway",
  });
  await expect(ram.send(unpublished)).rejects.toMatchObject({ name: "NotImplemented" });
  const own = new DeletePermissionCommand({ permissionArn: SUBNETS });
  await expect(ram.send(own)).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  const unknown = new ListPermissionsCommand({ resourceType: "ec2:Moon" });
  await expect(ram.send(unknown)).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a share gets the default permission for what it has, and one for each type", async () => {
  const { of, owner } = await sharingOrganization();
  const { ram, share, makeSubnet } = of(owner);
  const { arn } = await makeSubnet();
  const resourceShareArn = await share({ resourceArns: [arn] });
  const list = new ListResourceSharePermissionsCommand({ resourceShareArn });
  expect((await ram.send(list)).permissions).toMatchObject([{ arn: SUBNETS, version: "1", status: "ASSOCIATED" }]);
  const twice = share({ permissionArns: [SUBNETS, SUBNETS] });
  await expect(twice).rejects.toMatchObject({ name: "InvalidParameterException" });
  const again = new AssociateResourceSharePermissionCommand({ resourceShareArn, permissionArn: SUBNETS });
  await expect(ram.send(again)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const replace = { resourceShareArn, permissionArn: SUBNETS, replace: true };
  await ram.send(new AssociateResourceSharePermissionCommand(replace));
  const old = new AssociateResourceSharePermissionCommand({ ...replace, permissionVersion: 7 });
  await expect(ram.send(old)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const drop = new DisassociateResourceSharePermissionCommand({ resourceShareArn, permissionArn: SUBNETS });
  // Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_DisassociateResourceSharePermission.html
  await expect(ram.send(drop)).rejects.toMatchObject({ name: "InvalidStateTransitionException" });
});

test("a template allows actions of its type's service, and conditions that RAM does not set itself", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/managed-permission-considerations.html
  const { ram } = sharer(await cloudToShare(), OWNER);
  const create = (policyTemplate: string, resourceType = "ec2:IpamPool") =>
    ram.send(new CreatePermissionCommand({ name: "p", resourceType, policyTemplate }));
  const malformed = { name: "MalformedPolicyTemplateException" };
  await expect(create("{")).rejects.toMatchObject(malformed);
  await expect(create("[]")).rejects.toMatchObject(malformed);
  await expect(create('{"Effect":"Deny","Action":"ec2:AllocateIpamPoolCidr"}')).rejects.toMatchObject(malformed);
  await expect(create('{"Effect":"Allow","Action":[]}')).rejects.toMatchObject(malformed);
  await expect(create('{"Effect":"Allow","Action":"ec2:AllocateIpamPoolCidr","Resource":"*"}')).rejects.toMatchObject(
    malformed,
  );
  const invalid = { name: "InvalidPolicyException" };
  await expect(create(allowing(["s3:GetObject"]))).rejects.toMatchObject(invalid);
  const actions = ["ec2:AllocateIpamPoolCidr"];
  for (const condition of [
    { StringNotEquals: { "ec2:Region": "us-east-1" } },
    { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    { StringEquals: { "aws:principalaccount": "1" } },
    { StringMatches: { "ec2:Region": "us-east-1" } },
  ]) {
    await expect(create(allowing(actions, condition))).rejects.toMatchObject(invalid);
  }
  await expect(create(allowing(["ec2:RunInstances"]), "ec2:Subnet")).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await create(allowing(actions, { StringEquals: { "aws:SourceIp": "10.0.0.1" } }));
  await expect(create(allowing(actions))).rejects.toMatchObject({ name: "PermissionAlreadyExistsException" });
});

test("a permission has up to five versions, and shares keep the one they have", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_CreatePermissionVersion.html
  const { ram, share, makePermission } = sharer(await cloudToShare(), OWNER);
  const permissionArn = await makePermission();
  const resourceShareArn = await share({ permissionArns: [permissionArn] });
  const policyTemplate = allowing(["ec2:GetIpamPoolCidrs"]);
  const next = new CreatePermissionVersionCommand({ permissionArn, policyTemplate });
  const { permission } = await ram.send(next);
  expect(permission).toMatchObject({ version: "2", defaultVersion: true, permission: policyTemplate });
  const held = new ListPermissionAssociationsCommand({ permissionArn });
  expect((await ram.send(held)).permissions).toMatchObject([
    { permissionVersion: "1", defaultVersion: false, resourceShareArn },
  ]);
  const removal = (permissionVersion: number) =>
    ram.send(new DeletePermissionVersionCommand({ permissionArn, permissionVersion }));
  await expect(removal(1)).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  await expect(removal(2)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(removal(9)).rejects.toMatchObject({ name: "UnknownResourceException" });
  await ram.send(new SetDefaultPermissionVersionCommand({ permissionArn, permissionVersion: 1 }));
  await removal(2);
  for (let made = 0; made < 4; made++) await ram.send(next);
  await expect(ram.send(next)).rejects.toMatchObject({ name: "PermissionVersionsLimitExceededException" });
  const versions = await ram.send(new ListPermissionVersionsCommand({ permissionArn }));
  expect(versions.permissions?.map(({ version }) => version)).toEqual(["1", "2", "3", "4", "5"]);
  const inUse = ram.send(new DeletePermissionCommand({ permissionArn }));
  await expect(inUse).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  await ram.send(new DisassociateResourceSharePermissionCommand({ resourceShareArn, permissionArn }));
  await ram.send(new DeletePermissionCommand({ permissionArn }));
  const gone = ram.send(new GetPermissionCommand({ permissionArn }));
  await expect(gone).rejects.toMatchObject({ name: "UnknownResourceException" });
});

test("replacing a permission changes at once what consumers may do", async () => {
  const cloud = await cloudToShare();
  const { ram, share, makePool, makePermission } = sharer(cloud, OWNER);
  const guest = sharer(cloud, GUEST);
  const pool = await makePool();
  const fromPermissionArn = await makePermission();
  const resourceShareArn = await share({ permissionArns: [fromPermissionArn], principals: [GUEST] });
  await ram.send(new AssociateResourceShareCommand({ resourceShareArn, resourceArns: [pool.arn] }));
  const { resourceShareInvitationArn } = (await guest.invitation()) ?? {};
  await guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await guest.allocate(pool.id);
  const policyTemplate = allowing(["ec2:GetIpamPoolCidrs"]);
  const reading = { name: "read", resourceType: "ec2:IpamPool", policyTemplate };
  const toPermissionArn = (await ram.send(new CreatePermissionCommand(reading))).permission?.arn;
  const replace = new ReplacePermissionAssociationsCommand({ fromPermissionArn, toPermissionArn });
  const { replacePermissionAssociationsWork: work } = await ram.send(replace);
  expect(work).toMatchObject({ status: "IN_PROGRESS", fromPermissionArn, toPermissionArn, toPermissionVersion: "1" });
  const works = new ListReplacePermissionAssociationsWorkCommand({ workIds: [work?.id ?? ""] });
  expect((await ram.send(works)).replacePermissionAssociationsWorks).toMatchObject([{ status: "COMPLETED" }]);
  await expect(guest.allocate(pool.id)).rejects.toMatchObject(denied);
  const using = new GetResourceSharesCommand({ resourceOwner: "SELF", permissionArn: toPermissionArn });
  expect((await ram.send(using)).resourceShares).toMatchObject([{ resourceShareArn }]);
});

test.each([
  { region: "us-east-1", outcome: "allowed" },
  { region: "eu-west-1", outcome: denied.name },
])("a permission's conditions bind the consumers: $region", async ({ region, outcome }) => {
  const cloud = await cloudToShare();
  const { ram, share, makePool } = sharer(cloud, OWNER);
  const guest = sharer(cloud, GUEST);
  const pool = await makePool();
  const policyTemplate = allowing(["ec2:AllocateIpamPoolCidr"], { StringEquals: { "aws:RequestedRegion": region } });
  const create = new CreatePermissionCommand({ name: "one-region", resourceType: "ec2:IpamPool", policyTemplate });
  const permissionArns = [(await ram.send(create)).permission?.arn ?? ""];
  await share({ permissionArns, resourceArns: [pool.arn], principals: [GUEST] });
  const { resourceShareInvitationArn } = (await guest.invitation()) ?? {};
  await guest.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  const used = guest.allocate(pool.id).then(
    () => "allowed",
    ({ name }: Error) => name,
  );
  expect(await used).toBe(outcome);
});

// Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_ListPermissions.html (AWS, LOCAL)
test("permissions are listed by whose they are, as the documentation names it and as the model does", async () => {
  const { ram, makePermission } = sharer(await cloudToShare(), OWNER);
  const own = await makePermission();
  const list = async (permissionType: string) => {
    const input: ListPermissionsCommandInput = JSON.parse(JSON.stringify({ permissionType }));
    return (await ram.send(new ListPermissionsCommand(input))).permissions?.map(({ arn }) => arn);
  };
  expect(await list("LOCAL")).toEqual([own]);
  expect(await list("CUSTOMER_MANAGED")).toEqual([own]);
  const ofAws = await list("AWS");
  expect(ofAws).toContain(SUBNETS);
  expect(ofAws).toEqual(await list("AWS_MANAGED"));
  await expect(list("OTHER")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "OTHER is not a valid scope. Must be one of: ALL, AWS, LOCAL.",
  });
});

test("what was not made from a resource's policy is not promoted", async () => {
  const { ram, share, makePermission } = sharer(await cloudToShare(), OWNER);
  const permissionArn = await makePermission();
  await ram.send(new TagResourceCommand({ resourceArn: permissionArn, tags: [{ key: "team", value: "net" }] }));
  const { permissions } = await ram.send(new ListPermissionsCommand({ permissionType: "CUSTOMER_MANAGED" }));
  expect(permissions).toMatchObject([{ arn: permissionArn, tags: [{ key: "team", value: "net" }] }]);
  const refused = { name: "OperationNotPermittedException" };
  const permission = new PromotePermissionCreatedFromPolicyCommand({ permissionArn, name: "other" });
  await expect(ram.send(permission)).rejects.toMatchObject(refused);
  const promotion = new PromoteResourceShareCreatedFromPolicyCommand({ resourceShareArn: await share({}) });
  await expect(ram.send(promotion)).rejects.toMatchObject(refused);
});
