import {
  CreateUserCommand,
  DeleteRoleCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { DeleteUserCommand } from "@aws-sdk/client-identitystore";
import { OrganizationsClient, RemoveAccountFromOrganizationCommand } from "@aws-sdk/client-organizations";
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateInstanceAccessControlAttributeConfigurationCommand,
  DeleteAccountAssignmentCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { ListAccountRolesCommand, ListAccountsCommand, LogoutCommand, SSOClient } from "@aws-sdk/client-sso";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { NEW_ACCOUNT_STAYS_SECONDS } from "../../../../test/organizations.ts";
import { policyText } from "../../../../test/identities.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { roleCredentials, tokenOf } from "../../../../test/identity-center-portal.ts";

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/** Ann may read in the account `dev`. */
async function withAssignment() {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn, IdentityStoreId } = center;
  const account = await center.makeAccount("dev");
  const PermissionSetArn = await center.addPermissionSet("ReadOnly", { SessionDuration: "PT2H" });
  const policy = { InstanceArn, PermissionSetArn, ManagedPolicyArn: READ_ONLY };
  await client.send(new AttachManagedPolicyToPermissionSetCommand(policy));
  const userId = await center.addUser("ann");
  await center.assign(PermissionSetArn, account, userId);
  const accessToken = await tokenOf(cloud, IdentityStoreId, "ann");
  const wanted = { accessToken, accountId: account, roleName: "ReadOnly" };
  const iamOf = async () => cloud.client(IAMClient, await roleCredentials(cloud, wanted));
  return { ...center, account, PermissionSetArn, userId, accessToken, wanted, iamOf };
}

/** Source: https://github.com/aws/aws-sam-cli/issues/2129 */
const noAccess = { name: "ForbiddenException", message: "No access", $metadata: { httpStatusCode: 403 } };
/** Source: https://github.com/aws/aws-cli/issues/7340 */
const sessionInvalid = {
  name: "UnauthorizedException",
  message: "Session token not found or invalid",
  $metadata: { httpStatusCode: 401 },
};

test("credentials are those of the permission set's role, in a session by the user's name", async () => {
  const { cloud, account, wanted } = await withAssignment();
  const credentials = await roleCredentials(cloud, wanted);
  const { Arn } = await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
  expect(Arn).toMatch(new RegExp(`^arn:aws:sts::${account}:assumed-role/AWSReservedSSO_ReadOnly_[0-9a-f]{16}/ann$`));
  const seconds = (credentials.expiresAtMs - cloud.clock.now().getTime()) / 1000;
  expect(Math.round(seconds)).toBeGreaterThan(7190);
  expect(Math.round(seconds)).toBeLessThanOrEqual(7200);
});

test("the role's policies hold, and so do those of the organization", async () => {
  const { iamOf, makePolicy, attach, account } = await withAssignment();
  const iam = await iamOf();
  await iam.send(new ListUsersCommand());
  await expect(iam.send(new CreateUserCommand({ UserName: "eve" }))).rejects.toMatchObject({ name: "AccessDenied" });
  const Statement = [{ Effect: "Deny", Action: "iam:List*", Resource: "*" }];
  await attach(await makePolicy("no-lists", policyText({ Statement })), account);
  await expect(iam.send(new ListUsersCommand())).rejects.toThrow(/explicit deny in a service control policy/);
});

test("a boundary bounds what the permission set allows", async () => {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn, IdentityStoreId } = center;
  const accountId = await center.makeAccount("dev");
  const PermissionSetArn = await center.addPermissionSet("Bounded");
  const InlinePolicy = policyText(["iam:ListUsers", "iam:ListRoles"]);
  await client.send(new PutInlinePolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, InlinePolicy }));
  const PermissionsBoundary = { ManagedPolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" };
  await client.send(
    new PutPermissionsBoundaryToPermissionSetCommand({ InstanceArn, PermissionSetArn, PermissionsBoundary }),
  );
  await center.assign(PermissionSetArn, accountId, await center.addUser("ann"));
  const accessToken = await tokenOf(cloud, IdentityStoreId, "ann");
  const credentials = await roleCredentials(cloud, { accessToken, accountId, roleName: "Bounded" });
  const listing = cloud.client(IAMClient, credentials).send(new ListUsersCommand());
  await expect(listing).rejects.toThrow(/no permissions boundary allows the iam:ListUsers action/);
});

test("a user sees the accounts and roles that are assigned, and no others", async () => {
  const { cloud, account, accessToken, addUser, IdentityStoreId } = await withAssignment();
  const portal = cloud.client(SSOClient);
  const { accountList } = await portal.send(new ListAccountsCommand({ accessToken }));
  expect(accountList).toEqual([{ accountId: account, accountName: "dev", emailAddress: "dev@example.com" }]);
  const { roleList } = await portal.send(new ListAccountRolesCommand({ accessToken, accountId: account }));
  expect(roleList).toEqual([{ roleName: "ReadOnly", accountId: account }]);
  await addUser("bob");
  const other = await tokenOf(cloud, IdentityStoreId, "bob");
  expect(await portal.send(new ListAccountsCommand({ accessToken: other }))).toMatchObject({ accountList: [] });
  const wanted = { accessToken: other, accountId: account, roleName: "ReadOnly" };
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject(noAccess);
});

test("no new credentials come of an assignment that was taken away", async () => {
  const { cloud, client, wanted, workDone, account, ...center } = await withAssignment();
  await roleCredentials(cloud, wanted);
  const { InstanceArn, PermissionSetArn, userId: PrincipalId } = center;
  const target = { TargetId: account, TargetType: "AWS_ACCOUNT", PrincipalId, PrincipalType: "USER" } as const;
  await client.send(new DeleteAccountAssignmentCommand({ InstanceArn, PermissionSetArn, ...target }));
  await workDone();
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject(noAccess);
  const roles = cloud
    .client(IAMClient, cloud.rootOf(account))
    .send(new ListRolesCommand({ PathPrefix: "/aws-reserved/" }));
  expect((await roles).Roles).toEqual([]);
});

test("a token is good for the portal's session, which ends in time, by signing out, and with its user", async () => {
  const { cloud, accessToken, wanted, store, IdentityStoreId, userId, ...center } = await withAssignment();
  const again = await tokenOf(cloud, IdentityStoreId, await center.addUser("bob").then(() => "bob"));
  await cloud.client(SSOClient).send(new LogoutCommand({ accessToken: again }));
  const portal = cloud.client(SSOClient);
  await expect(portal.send(new ListAccountsCommand({ accessToken: again }))).rejects.toMatchObject(sessionInvalid);
  const mangled = portal.send(new ListAccountsCommand({ accessToken: accessToken.slice(0, -8) }));
  await expect(mangled).rejects.toMatchObject(sessionInvalid);
  await cloud.clock.advance(7.9 * 3600);
  await roleCredentials(cloud, wanted);
  await store.send(new DeleteUserCommand({ IdentityStoreId, UserId: userId }));
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject(sessionInvalid);
});

test("a token expires with the session of eight hours", async () => {
  const { cloud, wanted } = await withAssignment();
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-user-session.html
  await cloud.clock.advance(8 * 3600 + 1);
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject(sessionInvalid);
});

test("attributes for access control are tags of the session", async () => {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn, IdentityStoreId } = center;
  const accountId = await center.makeAccount("dev");
  const AccessControlAttributes = [
    { Key: "team", Value: { Source: ["${path:enterprise.department}"] } },
    { Key: "mail", Value: { Source: ["${path:emails[primary eq true].value}"] } },
  ];
  await client.send(
    new CreateInstanceAccessControlAttributeConfigurationCommand({
      InstanceArn,
      InstanceAccessControlAttributeConfiguration: { AccessControlAttributes },
    }),
  );
  const PermissionSetArn = await center.addPermissionSet("ByTeam");
  const Condition = {
    StringEquals: { "aws:PrincipalTag/team": "sales", "aws:PrincipalTag/mail": "${aws:PrincipalTag/mail}" },
  };
  const InlinePolicy = policyText({
    Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*", Condition }],
  });
  await client.send(new PutInlinePolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, InlinePolicy }));
  for (const [user, department] of [
    ["ann", "sales"],
    ["bob", "legal"],
  ] as const) {
    const Extensions = { "aws:identitystore:enterprise": { department } };
    await center.assign(PermissionSetArn, accountId, await center.addUser(user, { Extensions }));
  }
  const listAs = async (user: string) => {
    const accessToken = await tokenOf(cloud, IdentityStoreId, user);
    const credentials = await roleCredentials(cloud, { accessToken, accountId, roleName: "ByTeam" });
    return cloud.client(IAMClient, credentials).send(new ListUsersCommand());
  };
  await listAs("ann");
  await expect(listAs("bob")).rejects.toMatchObject({ name: "AccessDenied" });
});

test("an account that has left the organization is not signed in to any more", async () => {
  const { cloud, account, unassign, PermissionSetArn, userId, IdentityStoreId, ...center } = await withAssignment();
  await cloud.clock.advance(NEW_ACCOUNT_STAYS_SECONDS);
  const wanted = { ...center.wanted, accessToken: await tokenOf(cloud, IdentityStoreId, "ann") };
  await roleCredentials(cloud, wanted);
  await cloud.client(OrganizationsClient).send(new RemoveAccountFromOrganizationCommand({ AccountId: account }));
  await expect(roleCredentials(cloud, wanted)).rejects.toMatchObject(noAccess);
  expect(await unassign(PermissionSetArn, account, userId)).toMatchObject({ Status: "SUCCEEDED" });
});

test("names may have characters that XML escapes", async () => {
  const { cloud, addUser, assign, PermissionSetArn, account, IdentityStoreId, wanted } = await withAssignment();
  const name = `o'neil"<&>`;
  await assign(PermissionSetArn, account, await addUser(name, { Emails: [{ Value: "oneil@example.com" }] }));
  const accessToken = await tokenOf(cloud, IdentityStoreId, name);
  const credentials = await roleCredentials(cloud, { ...wanted, accessToken });
  const { Arn } = await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
  expect(Arn).toMatch(/\/o_neil____$/);
});

test("the account cannot change the role, whoever asks", async () => {
  const { cloud, account } = await withAssignment();
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: "/aws-reserved/" }));
  const RoleName = Roles[0]?.RoleName;
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html, and IAM's own words for protected roles
  await expect(iam.send(new DeleteRoleCommand({ RoleName }))).rejects.toThrow(
    `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
  );
});

test("what was done for credentials is on record as STS's and IAM's own calls", async () => {
  const { cloud, wanted, account, userId } = await withAssignment();
  await roleCredentials(cloud, wanted);
  const [assumed] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "AssumeRoleWithSAML",
  });
  expect(assumed).toMatchObject({ account, userIdentity: { type: "SAMLUser", userName: "ann" } });
  const [asked] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "GetRoleCredentials",
  });
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  expect(asked).toMatchObject({
    account: "000000000000",
    userIdentity: { type: "IdentityCenterUser", accountId: "000000000000", onBehalfOf: { userId } },
  });
  const [created] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "CreateRole",
  });
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/slrconcept.html
  expect(created?.userIdentity).toMatchObject({
    type: "AssumedRole",
    sessionIssuer: { userName: "AWSServiceRoleForSSO" },
    invokedBy: "sso.amazonaws.com",
  });
});
