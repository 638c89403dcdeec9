import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ListUsersCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { AttachManagedPolicyToPermissionSetCommand } from "@aws-sdk/client-sso-admin";
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  SSOClient,
} from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { expect, test } from "vitest";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { browserAt, firstSignIn } from "../../../../test/identity-center-portal.ts";

test("a device that a user let in gets credentials of the role that is assigned", async () => {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn, IdentityStoreId } = center;
  const account = await center.makeAccount("dev");
  const PermissionSetArn = await center.addPermissionSet("ReadOnly");
  const ManagedPolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await client.send(new AttachManagedPolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, ManagedPolicyArn }));
  await center.assign(PermissionSetArn, account, await center.addUser("ann"));

  const oidc = cloud.client(SSOOIDCClient);
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "cli", clientType: "public" }),
  );
  const started = await oidc.send(
    new StartDeviceAuthorizationCommand({
      clientId,
      clientSecret,
      startUrl: `https://${IdentityStoreId}.awsapps.com/start`,
    }),
  );
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const redeem = () =>
    oidc.send(new CreateTokenCommand({ clientId, clientSecret, grantType, deviceCode: started.deviceCode }));
  await expect(redeem()).rejects.toMatchObject({
    name: "AuthorizationPendingException",
    error: "authorization_pending",
  });
  const browser = browserAt(cloud, IdentityStoreId);
  const consent = await firstSignIn(cloud, browser, "ann", started.verificationUriComplete);
  expect(consent.text).toContain(started.userCode);
  await browser.submit(consent, { answer: "allow" });
  const { accessToken } = await redeem();
  const portal = cloud.client(SSOClient);
  const { accountList } = await portal.send(new ListAccountsCommand({ accessToken }));
  expect(accountList).toEqual([{ accountId: account, accountName: "dev", emailAddress: "dev@example.com" }]);
  const { roleList } = await portal.send(new ListAccountRolesCommand({ accessToken, accountId: account }));
  expect(roleList).toEqual([{ roleName: "ReadOnly", accountId: account }]);
  const { roleCredentials } = await portal.send(
    new GetRoleCredentialsCommand({ accessToken, accountId: account, roleName: "ReadOnly" }),
  );
  const credentials = {
    accessKeyId: roleCredentials?.accessKeyId ?? "",
    secretAccessKey: roleCredentials?.secretAccessKey ?? "",
    sessionToken: roleCredentials?.sessionToken,
  };
  const { Arn } = await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
  expect(Arn).toMatch(new RegExp(`^arn:aws:sts::${account}:assumed-role/AWSReservedSSO_ReadOnly_[0-9a-f]{16}/ann$`));
  await cloud.client(IAMClient, credentials).send(new ListUsersCommand());
  await expect(
    cloud.client(IAMClient, credentials).send(new CreateUserCommand({ UserName: "x" })),
  ).rejects.toMatchObject({ name: "AccessDenied" });
});
