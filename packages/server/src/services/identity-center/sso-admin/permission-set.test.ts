import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DeletePermissionSetCommand,
  DescribePermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  SSOAdminClient,
  UpdatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

async function withSet() {
  const center = await withIdentityCenter();
  const PermissionSetArn = await center.addPermissionSet("ReadOnly");
  return { ...center, on: { InstanceArn: center.InstanceArn, PermissionSetArn } };
}

/** Source of AWS's words: https://github.com/getmoto/moto/blob/master/tests/test_ssoadmin/test_ssoadmin_policies.py */
const gone = (message: string | RegExp) =>
  expect.objectContaining({ name: "ResourceNotFoundException", message: expect.stringMatching(message) });
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

test("a permission set is read back as it was made and changed", async () => {
  const { client, InstanceArn, addPermissionSet } = await withIdentityCenter();
  const RelayState = "https://console.aws.amazon.com/ec2";
  const PermissionSetArn = await addPermissionSet("Ops", {
    Description: "on call",
    SessionDuration: "PT4H",
    RelayState,
  });
  expect(PermissionSetArn).toMatch(/^arn:aws:sso:::permissionSet\/ssoins-[0-9a-f]{16}\/ps-[0-9a-f]{16}$/);
  const on = { InstanceArn, PermissionSetArn };
  await client.send(new UpdatePermissionSetCommand({ ...on, SessionDuration: "PT90M" }));
  const { PermissionSet } = await client.send(new DescribePermissionSetCommand(on));
  expect(PermissionSet).toMatchObject({ Name: "Ops", Description: "on call", SessionDuration: "PT90M", RelayState });
  await expect(addPermissionSet("Ops")).rejects.toMatchObject({ name: "ConflictException" });
});

test("a session lasts from one to twelve hours", async () => {
  const { addPermissionSet } = await withIdentityCenter();
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
  for (const SessionDuration of ["PT59M", "PT12H1M", "P1D"]) {
    await expect(addPermissionSet("X", { SessionDuration })).rejects.toMatchObject({ name: "ValidationException" });
  }
  await addPermissionSet("A", { SessionDuration: "PT3600S" });
  await addPermissionSet("B", { SessionDuration: "PT12H" });
});

test("permission sets are listed in pages that make up the whole", async () => {
  const { client, InstanceArn, addPermissionSet } = await withIdentityCenter();
  const made = [];
  for (const name of ["A", "B", "C"]) made.push(await addPermissionSet(name));
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const listed = await client.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 1, NextToken }));
    seen.push(...(listed.PermissionSets ?? []));
    NextToken = listed.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toHaveLength(3);
  expect(new Set(seen)).toEqual(new Set(made));
  const bad = client.send(new ListPermissionSetsCommand({ InstanceArn, NextToken: "bm9uc2Vuc2U" }));
  await expect(bad).rejects.toMatchObject({ name: "ValidationException" });
});

test("a permission set that is not there is not found, by its id", async () => {
  const { client, InstanceArn, on } = await withSet();
  await client.send(new DeletePermissionSetCommand(on));
  const id = on.PermissionSetArn.split("/").at(-1) ?? "";
  const message = `Could not find PermissionSet with id ${id}`;
  await expect(client.send(new DescribePermissionSetCommand(on))).rejects.toEqual(gone(message));
  const { PermissionSets } = await client.send(new ListPermissionSetsCommand({ InstanceArn }));
  expect(PermissionSets).toEqual([]);
});

test("AWS's policies are attached once, up to twenty, and listed", async () => {
  const { client, on } = await withSet();
  const attach = (ManagedPolicyArn: string) =>
    client.send(new AttachManagedPolicyToPermissionSetCommand({ ...on, ManagedPolicyArn }));
  await attach(READ_ONLY);
  const id = on.PermissionSetArn.split("/").at(-1) ?? "";
  await expect(attach(READ_ONLY)).rejects.toMatchObject({
    name: "ConflictException",
    message: `Permission set with id ${id} already has a typed link attachment to a manged policy with ${READ_ONLY}`,
  });
  const unknown = "arn:aws:iam::aws:policy/DoesNotExist";
  await expect(attach(unknown)).rejects.toEqual(gone(`Policy does not exist with ARN: ${unknown}`));
  const { AttachedManagedPolicies } = await client.send(new ListManagedPoliciesInPermissionSetCommand(on));
  expect(AttachedManagedPolicies).toEqual([{ Name: "ReadOnlyAccess", Arn: READ_ONLY }]);
  const detach = () =>
    client.send(new DetachManagedPolicyFromPermissionSetCommand({ ...on, ManagedPolicyArn: READ_ONLY }));
  await detach();
  await expect(detach()).rejects.toEqual(gone(`Could not find ManagedPolicy with arn ${READ_ONLY}`));
});

test("an account's own policies are named, whether they are there or not", async () => {
  const { client, on } = await withSet();
  const reference = (Path?: string) => ({ ...on, CustomerManagedPolicyReference: { Name: "own", Path } });
  const attach = (Path?: string) =>
    client.send(new AttachCustomerManagedPolicyReferenceToPermissionSetCommand(reference(Path)));
  await attach();
  await attach("/team/");
  await expect(attach("/")).rejects.toMatchObject({
    name: "ConflictException",
    message: "Given customer managed policy with name: own  and path / already attached",
  });
  const list = new ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...on, MaxResults: 1 });
  const first = await client.send(list);
  expect(first.CustomerManagedPolicyReferences).toEqual([{ Name: "own", Path: "/" }]);
  expect(first.NextToken).toBeDefined();
  const detach = () => client.send(new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand(reference()));
  await detach();
  await expect(detach()).rejects.toEqual(
    gone("Given managed policy with name: own  and path / does not exist on PermissionSet"),
  );
});

test("a policy in line has to be one, and is empty where there is none", async () => {
  const { client, on } = await withSet();
  const get = async () => (await client.send(new GetInlinePolicyForPermissionSetCommand(on))).InlinePolicy;
  const put = (InlinePolicy: string) => client.send(new PutInlinePolicyToPermissionSetCommand({ ...on, InlinePolicy }));
  expect(await get()).toBe("");
  const text = policyText(["s3:GetObject"]);
  await put(text);
  expect(await get()).toBe(text);
  await expect(put("{}")).rejects.toMatchObject({ name: "ValidationException" });
  await client.send(new DeleteInlinePolicyFromPermissionSetCommand(on));
  expect(await get()).toBe("");
});

test("a boundary is one policy, AWS's or the account's", async () => {
  const { client, on } = await withSet();
  const get = () => client.send(new GetPermissionsBoundaryForPermissionSetCommand(on));
  const put = (PermissionsBoundary: object) =>
    client.send(new PutPermissionsBoundaryToPermissionSetCommand({ ...on, PermissionsBoundary }));
  await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const CustomerManagedPolicyReference = { Name: "bound", Path: "/" };
  await put({ CustomerManagedPolicyReference });
  expect((await get()).PermissionsBoundary).toEqual({ CustomerManagedPolicyReference });
  await put({ ManagedPolicyArn: READ_ONLY });
  expect((await get()).PermissionsBoundary).toEqual({ ManagedPolicyArn: READ_ONLY });
  await expect(put({})).rejects.toMatchObject({ name: "ValidationException" });
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssoadmin/permissions_boundary_attachment_test.go
  await expect(put({ CustomerManagedPolicyReference, ManagedPolicyArn: READ_ONLY })).rejects.toMatchObject({
    name: "ValidationException",
    message: "Only ManagedPolicyArn or CustomerManagedPolicyReference should be given",
  });
  await client.send(new DeletePermissionsBoundaryFromPermissionSetCommand(on));
  await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("policies name instances and permission sets by ARN", async () => {
  const { cloud, on } = await withSet();
  const Statement = [{ Effect: "Allow", Action: "sso:DescribePermissionSet", Resource: [on.InstanceArn] }];
  const half = cloud.client(SSOAdminClient, await makeUser(cloud, "half", { allow: { Statement } }));
  const describe = (client: SSOAdminClient) => client.send(new DescribePermissionSetCommand(on));
  await expect(describe(half)).rejects.toThrow(
    `is not authorized to perform: sso:DescribePermissionSet on resource: ${on.PermissionSetArn}`,
  );
  const all = [{ ...Statement[0], Resource: [on.InstanceArn, on.PermissionSetArn] }];
  await describe(cloud.client(SSOAdminClient, await makeUser(cloud, "whole", { allow: { Statement: all } })));
});
