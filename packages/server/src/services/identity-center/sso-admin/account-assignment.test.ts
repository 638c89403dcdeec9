import {
  CreatePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetSAMLProviderCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  ListSAMLProvidersCommand,
} from "@aws-sdk/client-iam";
import { CreateGroupCommand, CreateGroupMembershipCommand, IdentitystoreClient } from "@aws-sdk/client-identitystore";
import { OrganizationsClient, RegisterDelegatedAdministratorCommand } from "@aws-sdk/client-organizations";
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreateInstanceCommand,
  CreatePermissionSetCommand,
  DeletePermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeInstanceCommand,
  DescribePermissionSetProvisioningStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListPermissionSetProvisioningStatusCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
  UpdateInstanceCommand,
  UpdatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { testCloud } from "../../../../test/test-cloud.ts";
import { roleCredentials, tokenOf } from "../../../../test/identity-center-portal.ts";

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

async function withMember() {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn } = center;
  const account = await center.makeAccount("dev");
  const PermissionSetArn = await center.addPermissionSet("ReadOnly");
  const on = { InstanceArn, PermissionSetArn };
  await client.send(new AttachManagedPolicyToPermissionSetCommand({ ...on, ManagedPolicyArn: READ_ONLY }));
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  return {
    ...center,
    account,
    on,
    iam,
    user: await center.addUser("ann"),
    reservedRoles: async () => (await iam.send(new ListRolesCommand({ PathPrefix: "/aws-reserved/" }))).Roles ?? [],
    provision: async () => {
      const { PermissionSetProvisioningStatus: status } = await client.send(
        new ProvisionPermissionSetCommand({ ...on, TargetType: "ALL_PROVISIONED_ACCOUNTS" }),
      );
      expect(status?.Status).toBe("IN_PROGRESS");
      await center.workDone();
      const ProvisionPermissionSetRequestId = status?.RequestId;
      return client.send(
        new DescribePermissionSetProvisioningStatusCommand({ InstanceArn, ProvisionPermissionSetRequestId }),
      );
    },
  };
}

test("an assignment makes the permission set's role in the account, trusting its provider", async () => {
  const { account, on, user, iam, reservedRoles, assign } = await withMember();
  const status = await assign(on.PermissionSetArn, account, user);
  expect(status).toMatchObject({ Status: "SUCCEEDED", TargetId: account, PrincipalId: user, PrincipalType: "USER" });
  const [role] = await reservedRoles();
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
  expect(role?.RoleName).toMatch(/^AWSReservedSSO_ReadOnly_[0-9a-f]{16}$/);
  expect(role?.Path).toBe("/aws-reserved/sso.amazonaws.com/");
  const { SAMLProviderList } = await iam.send(new ListSAMLProvidersCommand({}));
  const provider = SAMLProviderList?.[0]?.Arn;
  expect(provider).toMatch(/:saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/);
  await iam.send(new GetSAMLProviderCommand({ SAMLProviderArn: provider }));
  expect(JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ""))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: provider },
        Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      },
    ],
  });
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: role?.RoleName }));
  expect(Role?.MaxSessionDuration).toBe(43_200);
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role?.RoleName }));
  expect(AttachedPolicies).toEqual([{ PolicyName: "ReadOnlyAccess", PolicyArn: READ_ONLY }]);
});

test("outside of us-east-1 the role's path names the region", async () => {
  const cloud = await testCloud();
  const account = "000000000000";
  const admin = await makeUser(cloud, "admin", { allow: ["*"] });
  const region = { region: "eu-west-1" };
  const client = cloud.client(SSOAdminClient, admin, region);
  const { InstanceArn } = await client.send(new CreateInstanceCommand({}));
  await client.send(new UpdateInstanceCommand({ InstanceArn, PermissionSetsEnabled: true }));
  const { IdentityStoreId } = await client.send(new DescribeInstanceCommand({ InstanceArn }));
  const { PermissionSet } = await client.send(new CreatePermissionSetCommand({ InstanceArn, Name: "Own" }));
  const { GroupId } = await cloud
    .client(IdentitystoreClient, admin, region)
    .send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "all" }));
  const target = {
    TargetId: account,
    TargetType: "AWS_ACCOUNT",
    PrincipalId: GroupId,
    PrincipalType: "GROUP",
  } as const;
  const { PermissionSetArn } = PermissionSet ?? {};
  await client.send(new CreateAccountAssignmentCommand({ InstanceArn, PermissionSetArn, ...target }));
  await cloud.clock.advance(2);
  const { Roles } = await cloud.client(IAMClient).send(new ListRolesCommand({ PathPrefix: "/aws-reserved/" }));
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
  expect(Roles?.map(({ Path }) => Path)).toEqual(["/aws-reserved/sso.amazonaws.com/eu-west-1/"]);
});

test("an assignment is not there before its work is done, and its request is listed", async () => {
  const { cloud, client, account, on, user, workDone } = await withMember();
  const target = { TargetId: account, TargetType: "AWS_ACCOUNT", PrincipalId: user, PrincipalType: "USER" } as const;
  const create = () => client.send(new CreateAccountAssignmentCommand({ ...on, ...target }));
  const { AccountAssignmentCreationStatus: status } = await create();
  expect(status?.Status).toBe("IN_PROGRESS");
  // Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html (ConflictException while one is under way)
  await expect(create()).rejects.toMatchObject({ name: "ConflictException" });
  const assigned = async () =>
    (await client.send(new ListAccountAssignmentsCommand({ ...on, AccountId: account }))).AccountAssignments;
  const requests = async (Status: "IN_PROGRESS" | "SUCCEEDED") => {
    const { InstanceArn } = on;
    const listed = await client.send(
      new ListAccountAssignmentCreationStatusCommand({ InstanceArn, Filter: { Status } }),
    );
    return listed.AccountAssignmentsCreationStatus?.map(({ RequestId }) => RequestId);
  };
  expect(await assigned()).toEqual([]);
  expect(await requests("IN_PROGRESS")).toEqual([status?.RequestId]);
  await workDone();
  expect(await assigned()).toEqual([
    { AccountId: account, PermissionSetArn: on.PermissionSetArn, PrincipalType: "USER", PrincipalId: user },
  ]);
  expect(await requests("IN_PROGRESS")).toEqual([]);
  expect(await requests("SUCCEEDED")).toEqual([status?.RequestId]);
  await cloud.clock.advance(30 * 86_400);
  expect(await requests("SUCCEEDED")).toEqual([]);
  await create();
});

test("what cannot be assigned fails with its reason", async () => {
  const { assign, on, account, user, client, reservedRoles } = await withMember();
  const stranger = "11111111-2222-3333-4444-555555555555";
  const noUser = await assign(on.PermissionSetArn, account, stranger);
  expect(noUser).toMatchObject({ Status: "FAILED", FailureReason: expect.stringContaining("404") });
  expect(await assign(on.PermissionSetArn, "123456789012", user)).toMatchObject({ Status: "FAILED" });
  const CustomerManagedPolicyReference = { Name: "missing" };
  await client.send(
    new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...on, CustomerManagedPolicyReference }),
  );
  const noPolicy = await assign(on.PermissionSetArn, account, user);
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssoadmin/account_assignment_test.go (TestAccSSOAdminAccountAssignment_MissingPolicy)
  expect(noPolicy).toMatchObject({
    Status: "FAILED",
    FailureReason: expect.stringMatching(
      /^Received a 404 status error: Not supported policy arn:aws:iam::\d{12}:policy\/missing/,
    ),
  });
  // nothing half made is left behind
  expect(await reservedRoles()).toEqual([]);
  await client.send(new DeletePermissionSetCommand(on));
});

test("the account's own policies are attached where they are", async () => {
  const { assign, on, account, user, client, iam, reservedRoles } = await withMember();
  await iam.send(new CreatePolicyCommand({ PolicyName: "own", Path: "/team/", PolicyDocument: policyText(["s3:*"]) }));
  const CustomerManagedPolicyReference = { Name: "own", Path: "/team/" };
  await client.send(
    new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...on, CustomerManagedPolicyReference }),
  );
  expect(await assign(on.PermissionSetArn, account, user)).toMatchObject({ Status: "SUCCEEDED" });
  const [role] = await reservedRoles();
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role?.RoleName }));
  expect(new Set(AttachedPolicies.map(({ PolicyName }) => PolicyName))).toEqual(new Set(["ReadOnlyAccess", "own"]));
});

test("a changed permission set reaches accounts when it is provisioned again", async () => {
  const { assign, on, account, user, client, iam, reservedRoles, provision } = await withMember();
  await assign(on.PermissionSetArn, account, user);
  const accountsThat = async (
    ProvisioningStatus: "LATEST_PERMISSION_SET_PROVISIONED" | "LATEST_PERMISSION_SET_NOT_PROVISIONED",
  ) =>
    (await client.send(new ListAccountsForProvisionedPermissionSetCommand({ ...on, ProvisioningStatus }))).AccountIds;
  expect(await accountsThat("LATEST_PERMISSION_SET_PROVISIONED")).toEqual([account]);
  const InlinePolicy = policyText(["s3:*"]);
  await client.send(new PutInlinePolicyToPermissionSetCommand({ ...on, InlinePolicy }));
  await client.send(new UpdatePermissionSetCommand({ ...on, Description: "those who read" }));
  expect(await accountsThat("LATEST_PERMISSION_SET_NOT_PROVISIONED")).toEqual([account]);
  const RoleName = (await reservedRoles())[0]?.RoleName;
  const inline = () => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "AwsSSOInlinePolicy" }));
  await expect(inline()).rejects.toMatchObject({ name: "NoSuchEntityException" });
  expect((await provision()).PermissionSetProvisioningStatus?.Status).toBe("SUCCEEDED");
  expect(decodeURIComponent((await inline()).PolicyDocument ?? "")).toBe(InlinePolicy);
  // Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSSOServiceRolePolicy.html (iam:UpdateRole)
  expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Description).toBe("those who read");
  expect(await accountsThat("LATEST_PERMISSION_SET_NOT_PROVISIONED")).toEqual([]);
  const { InstanceArn, PermissionSetArn } = on;
  const { PermissionSets } = await client.send(
    new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId: account }),
  );
  expect(PermissionSets).toEqual([PermissionSetArn]);
  const listed = await client.send(new ListPermissionSetProvisioningStatusCommand({ InstanceArn }));
  expect(listed.PermissionSetsProvisioningStatus).toHaveLength(1);
});

// Source: https://github.com/hashicorp/terraform-provider-aws/issues/32006
test("a permission set is provisioned to an account before anybody there has it", async () => {
  const { client, on, account, workDone, reservedRoles } = await withMember();
  const { InstanceArn } = on;
  const provision = async (TargetId: string) => {
    const { PermissionSetProvisioningStatus: begun } = await client.send(
      new ProvisionPermissionSetCommand({ ...on, TargetType: "AWS_ACCOUNT", TargetId }),
    );
    await workDone();
    const ProvisionPermissionSetRequestId = begun?.RequestId;
    const asked = { InstanceArn, ProvisionPermissionSetRequestId };
    const ended = await client.send(new DescribePermissionSetProvisioningStatusCommand(asked));
    return ended.PermissionSetProvisioningStatus;
  };
  expect(await provision(account)).toMatchObject({ AccountId: account, Status: "SUCCEEDED" });
  expect(await reservedRoles()).toMatchObject([{ RoleName: expect.stringMatching(/^AWSReservedSSO_ReadOnly_/) }]);
  const { AccountIds } = await client.send(new ListAccountsForProvisionedPermissionSetCommand(on));
  expect(AccountIds).toEqual([account]);
  expect(await provision("999999999999")).toMatchObject({ Status: "FAILED" });
});

test("a permission set is provisioned to one account that is named, or to all that have it", async () => {
  const { client, on, account } = await withMember();
  const provision = (more: object) =>
    client.send(new ProvisionPermissionSetCommand({ ...on, TargetType: "AWS_ACCOUNT", ...more }));
  await expect(provision({})).rejects.toMatchObject({ name: "ValidationException" });
  const all = { TargetType: "ALL_PROVISIONED_ACCOUNTS", TargetId: account };
  await expect(provision(all)).rejects.toMatchObject({ name: "ValidationException" });
});

test("the role stays while somebody has it, and goes with the last, and the provider after the last role", async () => {
  const { assign, unassign, on, account, user, addUser, reservedRoles, iam, client } = await withMember();
  const bob = await addUser("bob");
  await assign(on.PermissionSetArn, account, user);
  await assign(on.PermissionSetArn, account, bob);
  expect(await reservedRoles()).toHaveLength(1);
  await expect(client.send(new DeletePermissionSetCommand(on))).rejects.toMatchObject({ name: "ConflictException" });
  expect(await unassign(on.PermissionSetArn, account, user)).toMatchObject({ Status: "SUCCEEDED" });
  expect(await reservedRoles()).toHaveLength(1);
  await unassign(on.PermissionSetArn, account, bob);
  expect(await reservedRoles()).toEqual([]);
  expect((await iam.send(new ListSAMLProvidersCommand({}))).SAMLProviderList).toEqual([]);
  await expect(unassign(on.PermissionSetArn, account, bob)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const { InstanceArn } = on;
  const deletions = await client.send(new ListAccountAssignmentDeletionStatusCommand({ InstanceArn }));
  expect(deletions.AccountAssignmentsDeletionStatus).toHaveLength(2);
  await client.send(new DeletePermissionSetCommand(on));
});

test("a group's assignment is its members', for as long as they are in it", async () => {
  const { cloud, store, IdentityStoreId, assign, on, account, user, client } = await withMember();
  const { GroupId = "" } = await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "readers" }));
  await assign(on.PermissionSetArn, account, GroupId, "GROUP");
  const wanted = {
    accessToken: await tokenOf(cloud, IdentityStoreId, "ann"),
    accountId: account,
    roleName: "ReadOnly",
  };
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject({ name: "ForbiddenException" });
  await store.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId: user } }));
  await roleCredentials(cloud, wanted);
  const { InstanceArn } = on;
  const ofPrincipal = async (PrincipalType: "GROUP" | "USER", PrincipalId: string, paging = {}) => {
    const whose = { InstanceArn, PrincipalType, PrincipalId, Filter: { AccountId: account } };
    return client.send(new ListAccountAssignmentsForPrincipalCommand({ ...whose, ...paging }));
  };
  const byGroup = { AccountId: account, PermissionSetArn: on.PermissionSetArn, PrincipalType: "GROUP" };
  expect((await ofPrincipal("GROUP", GroupId)).AccountAssignments).toEqual([{ ...byGroup, PrincipalId: GroupId }]);
  // Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccountAssignmentForPrincipal.html (whose the assignment is)
  expect((await ofPrincipal("USER", user)).AccountAssignments).toEqual([{ ...byGroup, PrincipalId: GroupId }]);
  await assign(on.PermissionSetArn, account, user);
  const first = await ofPrincipal("USER", user, { MaxResults: 1 });
  const second = await ofPrincipal("USER", user, { MaxResults: 1, NextToken: first.NextToken });
  const both = [...(first.AccountAssignments ?? []), ...(second.AccountAssignments ?? [])];
  expect(new Set(both.map(({ PrincipalId }) => PrincipalId))).toEqual(new Set([GroupId, user]));
  expect(second.NextToken).toBeUndefined();
});

test("in the management account the rights of whoever assigns count", async () => {
  const { cloud, on, user, client, ...center } = await withMember();
  const sso = await makeUser(cloud, "sso-only", { allow: ["sso:*"] });
  const target = {
    TargetId: "000000000000",
    TargetType: "AWS_ACCOUNT",
    PrincipalId: user,
    PrincipalType: "USER",
  } as const;
  const { AccountAssignmentCreationStatus: begun } = await cloud
    .client(SSOAdminClient, sso)
    .send(new CreateAccountAssignmentCommand({ ...on, ...target }));
  await center.workDone();
  const { InstanceArn } = on;
  const { AccountAssignmentCreationStatus: status } = await client.send(
    new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn,
      AccountAssignmentCreationRequestId: begun?.RequestId,
    }),
  );
  expect(status).toMatchObject({ Status: "FAILED", FailureReason: expect.stringContaining("iam:CreateSAMLProvider") });
  expect(await center.assign(on.PermissionSetArn, "000000000000", user)).toMatchObject({ Status: "SUCCEEDED" });
});

test("a delegated administrator keeps its hands off the management account", async () => {
  const { cloud, client, on, account, user, assign, makeAccount } = await withMember();
  const delegate = await makeAccount("identity");
  await cloud
    .client(OrganizationsClient)
    .send(new RegisterDelegatedAdministratorCommand({ AccountId: delegate, ServicePrincipal: "sso.amazonaws.com" }));
  const admin = cloud.client(SSOAdminClient, await makeUser(cloud, "admin", { allow: ["*"], account: delegate }));
  const target = { TargetType: "AWS_ACCOUNT", PrincipalId: user, PrincipalType: "USER" } as const;
  const give = (TargetId: string) => admin.send(new CreateAccountAssignmentCommand({ ...on, ...target, TargetId }));
  await give(account);
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
  await expect(give("000000000000")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await assign(on.PermissionSetArn, "000000000000", user);
  const change = admin.send(new PutInlinePolicyToPermissionSetCommand({ ...on, InlinePolicy: policyText(["s3:*"]) }));
  await expect(change).rejects.toMatchObject({ name: "AccessDeniedException" });
  await client.send(new PutInlinePolicyToPermissionSetCommand({ ...on, InlinePolicy: policyText(["s3:*"]) }));
});
