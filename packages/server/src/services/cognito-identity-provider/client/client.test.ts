import {
  AddUserPoolClientSecretCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolDomainCommand,
  DeleteUserPoolClientSecretCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUserPoolClientSecretsCommand,
  UpdateUserPoolClientCommand,
  type CreateUserPoolClientRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { makeUser } from "../../../../test/identities.ts";
import { makePool, secretHash } from "../../../../test/user-pools.ts";

test("settings of a client that cannot work are refused", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const create = (more: Partial<CreateUserPoolClientRequest>) =>
    idp.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: "web", ...more }));
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
  await expect(create({ AllowedOAuthFlows: ["client_credentials", "code"] })).rejects.toMatchObject({
    name: "InvalidOAuthFlowException",
  });
  await expect(create({ AllowedOAuthScopes: ["payroll/read"] })).rejects.toMatchObject({
    name: "ScopeDoesNotExistException",
  });
  // Source: https://github.com/aws/aws-cdk/issues/34379
  await expect(create({ ReadAttributes: ["custom:x"] })).rejects.toMatchObject({
    message: "Invalid read attributes specified while creating a client",
  });
  await expect(create({ CallbackURLs: ["http://example.com/"] })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await idp.send(
    new CreateResourceServerCommand({
      UserPoolId,
      Identifier: "payroll",
      Name: "payroll",
      Scopes: [{ ScopeName: "read", ScopeDescription: "reads" }],
    }),
  );
  await create({
    AllowedOAuthScopes: ["payroll/read"],
    CallbackURLs: ["http://localhost:3000/", "https://example.com/"],
  });
});

test("a secret is changed while both are good", async () => {
  const pool = await makePool({ client: { GenerateSecret: true } });
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  await pool.makeUser("ada", "Correct-horse-1");
  const signIn = (SECRET_HASH: string) =>
    idp.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "ada", PASSWORD: "Correct-horse-1", SECRET_HASH },
      }),
    );
  const { ClientSecretDescriptor } = await idp.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }));
  const next = secretHash({ ...pool, clientSecret: ClientSecretDescriptor?.ClientSecretValue }, "ada");
  await signIn(secretHash(pool, "ada"));
  await signIn(next);
  const { ClientSecrets } = await idp.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId }));
  expect(ClientSecrets).toHaveLength(2);
  const ClientSecretId = ClientSecrets?.[0]?.ClientSecretId;
  await idp.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }));
  await signIn(next);
  await expect(signIn(secretHash(pool, "ada"))).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html (ClientType)
test("clients are listed by how they came to be: none has registered itself", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const count = async (ClientType: "REGULAR" | "DCR") =>
    (await idp.send(new ListUserPoolClientsCommand({ UserPoolId, ClientType }))).UserPoolClients?.length;
  expect([await count("REGULAR"), await count("DCR")]).toEqual([1, 0]);
});

test("an update puts what it does not say back to what AWS says", async () => {
  const { idp, poolId: UserPoolId, clientId: ClientId } = await makePool({ client: { AccessTokenValidity: 2 } });
  const updated = await idp.send(
    new UpdateUserPoolClientCommand({ UserPoolId, ClientId, PreventUserExistenceErrors: "ENABLED" }),
  );
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
  expect(updated.UserPoolClient).not.toHaveProperty("AccessTokenValidity");
  expect(updated.UserPoolClient).toMatchObject({ ClientName: "web", RefreshTokenValidity: 30 });
});

test("a prefix is one pool's in its region, and keeps the pool from going", async () => {
  const { idp, poolId: UserPoolId, cloud } = await makePool();
  await idp.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: "payroll" }));
  const other = await makePool({}, cloud);
  const taken = new CreateUserPoolDomainCommand({ UserPoolId: other.poolId, Domain: "payroll" });
  await expect(idp.send(taken)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Domain already associated with another user pool.",
  });
  expect((await idp.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.Domain).toBe("payroll");
  await expect(idp.send(new DeleteUserPoolCommand({ UserPoolId }))).rejects.toMatchObject({
    message: "User pool cannot be deleted. It has a domain configured that should be deleted first.",
  });
  const none = await idp.send(new DescribeUserPoolDomainCommand({ Domain: "nobody" }));
  expect(none.DomainDescription).toEqual({});
});

test("a domain of one's own has dots and a certificate", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const Domain = "login.example.com";
  const CustomDomainConfig = { CertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/c1" };
  const made = await idp.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain, CustomDomainConfig }));
  const { DomainDescription } = await idp.send(new DescribeUserPoolDomainCommand({ Domain }));
  expect(DomainDescription).toMatchObject({
    Domain,
    UserPoolId,
    CustomDomainConfig,
    CloudFrontDistribution: made.CloudFrontDomain,
    Status: "ACTIVE",
  });
  expect((await idp.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.CustomDomain).toBe(Domain);
});

test("what an administrator may do is for policies to say, by the pool and its tags", async () => {
  const pool = await makePool({ UserPoolTags: { team: "pay" } });
  const { cloud, poolId: UserPoolId } = pool;
  const describes = await makeUser(cloud, "describes", {
    allow: {
      Statement: [
        {
          Effect: "Allow",
          Action: "cognito-idp:DescribeUserPool",
          Resource: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPoolId}`,
          Condition: { StringEquals: { "aws:ResourceTag/team": "pay" } },
        },
      ],
    },
  });
  const idp = cloud.client(CognitoIdentityProviderClient, describes);
  expect((await idp.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.Id).toBe(UserPoolId);
  await expect(idp.send(new DeleteUserPoolCommand({ UserPoolId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const other = await makePool({}, cloud);
  await expect(idp.send(new DescribeUserPoolCommand({ UserPoolId: other.poolId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});
