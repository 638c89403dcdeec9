import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { poolRole } from "../../../test/identity-pools.ts";
import { makePool } from "../../../test/user-pools.ts";

const PASSWORD = "Correct-Horse-7";

/** A user pool with a user, and an identity pool that takes its users. */
async function withBothPools({ checks = false }: { readonly checks?: boolean } = {}) {
  const userPool = await makePool();
  const { cloud, idp, poolId: UserPoolId, clientId } = userPool;
  await userPool.makeUser("ann", PASSWORD);
  const provider = `cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`;
  const admin = cloud.client(CognitoIdentityClient);
  const { IdentityPoolId = "" } = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "app",
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId, ServerSideTokenCheck: checks }],
    }),
  );
  const member = await poolRole(cloud, "member", {
    poolId: IdentityPoolId,
    amr: "authenticated",
    allow: ["s3:ListAllMyBuckets"],
  });
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: member } }));
  const tokens = async (ClientId = clientId) => {
    const AuthParameters = { USERNAME: "ann", PASSWORD };
    const flow = { AuthFlow: "USER_PASSWORD_AUTH", ClientId, AuthParameters } as const;
    const { AuthenticationResult } = await idp.send(new InitiateAuthCommand(flow));
    return { id: AuthenticationResult?.IdToken ?? "", access: AuthenticationResult?.AccessToken ?? "" };
  };
  const roleBy = async (token: string) => {
    const anyone = cloud.client(CognitoIdentityClient, { accessKeyId: "", secretAccessKey: "" });
    const Logins = { [provider]: token };
    const { IdentityId } = await anyone.send(new GetIdCommand({ IdentityPoolId, Logins }));
    const { Credentials } = await anyone.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }));
    const { AccessKeyId, SecretKey: SecretAccessKey, SessionToken } = Credentials ?? {};
    const sts = cloud.client(STSClient, { AccessKeyId, SecretAccessKey, SessionToken });
    return (await sts.send(new GetCallerIdentityCommand())).Arn?.split("/")[1];
  };
  return { cloud, idp, admin, UserPoolId, IdentityPoolId, clientId, provider, tokens, roleBy };
}

const refused = (message: RegExp) => ({
  name: "NotAuthorizedException",
  message: expect.stringMatching(message),
  $metadata: { httpStatusCode: 400 },
});

test("a user of a user pool logs in with the identity token, without a request over the network", async () => {
  const { tokens, roleBy } = await withBothPools();
  expect(await roleBy((await tokens()).id)).toBe("member");
});

test("an access token is no login, nor is one of another app client, or one that has ended", async () => {
  const { cloud, idp, UserPoolId, tokens, roleBy } = await withBothPools();
  const { id, access } = await tokens();
  // Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7
  await expect(roleBy(access)).rejects.toMatchObject(
    refused(/^Invalid login token\. Missing a required claim: aud\.$/),
  );
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "other",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  const other = await tokens(UserPoolClient?.ClientId);
  await expect(roleBy(other.id)).rejects.toMatchObject(
    refused(/^Token is not from a supported provider of this identity pool\.$/),
  );
  await cloud.clock.advance(3901);
  await expect(roleBy(id)).rejects.toMatchObject(refused(/^Invalid login token\. Token expired/));
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
test("STS takes the identity token as well, where IAM knows the user pool as a provider", async () => {
  const { cloud, clientId, provider, tokens } = await withBothPools();
  const iam = cloud.client(IAMClient);
  const Url = `https://${provider}`;
  const { OpenIDConnectProviderArn: Federated } = await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: [clientId] }),
  );
  const Condition = { StringEquals: { [`${provider}:aud`]: clientId } };
  const trust = { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated }, Condition };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "direct", AssumeRolePolicyDocument: policyText({ Statement: [trust] }) }),
  );
  const { id: WebIdentityToken, access } = await tokens();
  const sts = cloud.client(STSClient, { accessKeyId: "", secretAccessKey: "" });
  const assume = (token: string) =>
    sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: Role?.Arn, RoleSessionName: "ann", WebIdentityToken: token }),
    );
  expect(await assume(WebIdentityToken)).toMatchObject({ Provider: Url, Audience: clientId });
  await expect(assume(access)).rejects.toMatchObject({ name: "InvalidIdentityTokenException" });
});

test("the roles of a user's groups come with the token", async () => {
  const { cloud, idp, admin, UserPoolId, IdentityPoolId, clientId, provider, tokens, roleBy } = await withBothPools();
  const allow = ["s3:ListAllMyBuckets"];
  const names = { staff: 2, leads: 1 };
  for (const [GroupName, Precedence] of Object.entries(names)) {
    const RoleArn = await poolRole(cloud, GroupName, { poolId: IdentityPoolId, amr: "authenticated", allow });
    await idp.send(new CreateGroupCommand({ UserPoolId, GroupName, RoleArn, Precedence }));
    await idp.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username: "ann" }));
  }
  expect(await roleBy((await tokens()).id)).toBe("member");
  const RoleMappings = { [`${provider}:${clientId}`]: { Type: "Token", AmbiguousRoleResolution: "Deny" } as const };
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: {}, RoleMappings }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html#using-tokens-to-assign-roles-to-users
  expect(await roleBy((await tokens()).id)).toBe("leads");
});

// Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html (ServerSideTokenCheck)
test.each([
  ["signed out", AdminUserGlobalSignOutCommand],
  ["disabled", AdminDisableUserCommand],
  ["deleted", AdminDeleteUserCommand],
] as const)("a pool that checks takes no token of a user who was %s; one that does not, does", async (_, Command) => {
  const after = async (checks: boolean) => {
    const { idp, UserPoolId, tokens, roleBy } = await withBothPools({ checks });
    const { id } = await tokens();
    await roleBy(id);
    await idp.send(new Command({ UserPoolId, Username: "ann" }));
    return roleBy(id);
  };
  await expect(after(true)).rejects.toMatchObject(refused(/^Invalid login token\. /));
  expect(await after(false)).toBe("member");
});

test("a token that was changed is refused", async () => {
  const { tokens, roleBy } = await withBothPools();
  const [header = "", claims = "", signature = ""] = (await tokens()).id.split(".");
  const changed = Buffer.from(claims, "base64url").toString().replace('"token_use":"id"', '"token_use":"id","x":1');
  const forged = `${header}.${Buffer.from(changed).toString("base64url")}.${signature}`;
  await expect(roleBy(forged)).rejects.toMatchObject(refused(/^Invalid login token\. /));
});
