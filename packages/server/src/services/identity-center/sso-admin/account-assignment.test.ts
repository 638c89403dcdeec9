import { GetRoleCommand, GetSAMLProviderCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { AttachManagedPolicyToPermissionSetCommand } from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

test("an assignment makes the permission set's role in the account", async () => {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn } = center;
  const account = await center.makeAccount("dev");
  const PermissionSetArn = await center.addPermissionSet("ReadOnly");
  const ManagedPolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await client.send(new AttachManagedPolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, ManagedPolicyArn }));
  const user = await center.addUser("ann");
  const status = await center.assign(PermissionSetArn, account, user);
  expect(status).toMatchObject({ Status: "SUCCEEDED", TargetId: account, PrincipalId: user });
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: "/aws-reserved/" }));
  expect(Roles).toHaveLength(1);
  expect(Roles[0]?.RoleName).toMatch(/^AWSReservedSSO_ReadOnly_[0-9a-f]{16}$/);
});
