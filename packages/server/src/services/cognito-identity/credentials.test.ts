import {
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  SetIdentityPoolRolesCommand,
  SetPrincipalTagAttributeMapCommand,
  UpdateIdentityPoolCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { poolRole, withIdentityPool } from "../../../test/identity-pools.ts";

type World = Awaited<ReturnType<typeof withIdentityPool>>;

/** What the SDK has of an identity's credentials, as its clients take them. */
async function credentialsOf({ anyone }: World, IdentityId: string | undefined, more: object = {}) {
  const { Credentials } = await anyone.send(new GetCredentialsForIdentityCommand({ IdentityId, ...more }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretKey ?? "",
    sessionToken: Credentials?.SessionToken,
    expiration: Credentials?.Expiration,
  };
}

const idOf = async ({ anyone, poolId: IdentityPoolId }: World, Logins?: Record<string, string>) =>
  (await anyone.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId;

const badConfiguration = {
  name: "InvalidIdentityPoolConfigurationException",
  message: "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
  $metadata: { httpStatusCode: 400 },
};

test("who logged in gets the pool's role, for an hour", async () => {
  const world = await withIdentityPool();
  const Logins = await world.login("ann");
  const found = await credentialsOf(world, await idOf(world, Logins), { Logins });
  const { Arn } = await world.cloud.client(STSClient, found).send(new GetCallerIdentityCommand());
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
  expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/member/CognitoIdentityCredentials");
  await world.cloud.client(IAMClient, found).send(new ListUsersCommand());
  const creating = world.cloud.client(IAMClient, found).send(new CreateUserCommand({ UserName: "bob" }));
  await expect(creating).rejects.toMatchObject({ name: "AccessDenied" });
  const seconds = ((found.expiration?.getTime() ?? 0) - world.cloud.clock.now().getTime()) / 1000;
  expect(seconds).toBeGreaterThan(3590);
  expect(seconds).toBeLessThanOrEqual(3600);
});

test("a guest gets the guests' role, and what AWS lets guests do at most", async () => {
  const world = await withIdentityPool();
  const found = await credentialsOf(world, await idOf(world));
  await world.cloud.client(S3Client, found).send(new ListBucketsCommand());
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies
  await expect(world.cloud.client(IAMClient, found).send(new ListUsersCommand())).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("no session policy allows the iam:ListUsers action"),
  });
});

test("in the classic flow a guest's session is bounded by the role alone", async () => {
  const world = await withIdentityPool();
  const { Token } = await world.anyone.send(new GetOpenIdTokenCommand({ IdentityId: await idOf(world) }));
  const { Credentials } = await world.cloud
    .client(STSClient, { accessKeyId: "", secretAccessKey: "" })
    .send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: world.guest, RoleSessionName: "g1", WebIdentityToken: Token }),
    );
  const { Users } = await world.cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies
  expect(Users).toEqual([]);
});

test("a guest's token is no key to the members' role", async () => {
  const world = await withIdentityPool();
  const { Token } = await world.anyone.send(new GetOpenIdTokenCommand({ IdentityId: await idOf(world) }));
  const sts = world.cloud.client(STSClient, { accessKeyId: "", secretAccessKey: "" });
  const assuming = sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: world.member, RoleSessionName: "m1", WebIdentityToken: Token }),
  );
  await expect(assuming).rejects.toMatchObject({ name: "AccessDenied" });
});

test("the role is taken on by STS: its boundary bounds the session, and the record says who came", async () => {
  const world = await withIdentityPool();
  const PermissionsBoundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await world.cloud
    .client(IAMClient)
    .send(new PutRolePermissionsBoundaryCommand({ RoleName: "member", PermissionsBoundary }));
  const Logins = await world.login("ann");
  const IdentityId = await idOf(world, Logins);
  const found = await credentialsOf(world, IdentityId, { Logins });
  await expect(world.cloud.client(IAMClient, found).send(new ListUsersCommand())).rejects.toMatchObject({
    message: expect.stringContaining("because no permissions boundary allows the iam:ListUsers action"),
  });
  const [taken] = await world.cloud.cloud.journal.find({ limit: 1, matches: ({ service }) => service === "sts" });
  expect(taken).toMatchObject({
    operation: "AssumeRoleWithWebIdentity",
    account: "000000000000",
    sourceIp: "cognito-identity.amazonaws.com",
    userIdentity: { type: "WebIdentityUser", userName: IdentityId, identityProvider: "cognito-identity.amazonaws.com" },
  });
});

test("a role that does not trust the pool is said to be badly configured", async () => {
  const world = await withIdentityPool();
  const { poolId, guest } = world;
  const elsewhere = "us-east-1:00000000-0000-4000-8000-000000000000";
  const stranger = await poolRole(world.cloud, "stranger", {
    poolId: elsewhere,
    amr: "authenticated",
    allow: ["s3:*"],
  });
  const Roles = { authenticated: stranger, unauthenticated: guest };
  await world.admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles }));
  const Logins = await world.login("ann");
  const IdentityId = await idOf(world, Logins);
  await expect(credentialsOf(world, IdentityId, { Logins })).rejects.toMatchObject(badConfiguration);
  await world.admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: {} }));
  await expect(credentialsOf(world, IdentityId, { Logins })).rejects.toMatchObject(badConfiguration);
});

test("a policy can speak of the identity, of its pool, and of the claims that became tags", async () => {
  const world = await withIdentityPool();
  const { poolId: IdentityPoolId, issuer } = world;
  const Condition = {
    StringEquals: {
      "cognito-identity.amazonaws.com:aud": IdentityPoolId,
      "aws:PrincipalTag/department": "engineering",
    },
    StringLike: { "cognito-identity.amazonaws.com:sub": "us-east-1:*" },
  };
  const Statement = [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*", Condition }];
  await world.cloud
    .client(IAMClient)
    .send(
      new PutRolePolicyCommand({ RoleName: "member", PolicyName: "tags", PolicyDocument: policyText({ Statement }) }),
    );
  const list = async (dept: string) => {
    const Logins = await world.login(dept, { dept });
    const found = await credentialsOf(world, await idOf(world, Logins), { Logins });
    return world.cloud.client(S3Client, found).send(new ListBucketsCommand());
  };
  await expect(list("engineering")).rejects.toMatchObject({ name: "AccessDenied" });
  await world.admin.send(
    new SetPrincipalTagAttributeMapCommand({
      IdentityPoolId,
      IdentityProviderName: issuer.name,
      PrincipalTags: { department: "dept" },
    }),
  );
  await list("engineering");
  await expect(list("legal")).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a developer's token is good for the identity it was made for, until it ends", async () => {
  const world = await withIdentityPool();
  const { poolId: IdentityPoolId } = world;
  const make = (user: string) =>
    world.admin.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins: { "login.example": user } }),
    );
  const ann = await make("ann");
  const bob = await make("bob");
  const Logins = { "cognito-identity.amazonaws.com": ann.Token ?? "" };
  const found = await credentialsOf(world, ann.IdentityId, { Logins });
  await world.cloud.client(IAMClient, found).send(new ListUsersCommand());
  await expect(credentialsOf(world, bob.IdentityId, { Logins })).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  await expect(credentialsOf(world, ann.IdentityId)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html (15 minutes)
  await world.cloud.clock.advance(900 + 301);
  await expect(credentialsOf(world, ann.IdentityId, { Logins })).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: expect.stringMatching(/^Invalid login token\. Token expired/),
  });
});

test("a guest's token is good no longer where the pool takes no guests any more", async () => {
  const world = await withIdentityPool();
  const IdentityId = await idOf(world);
  const { Token = "" } = await world.anyone.send(new GetOpenIdTokenCommand({ IdentityId }));
  const Logins = { "cognito-identity.amazonaws.com": Token };
  const found = await credentialsOf(world, IdentityId, { Logins });
  // what guests may do at most goes for this way too
  await expect(world.cloud.client(IAMClient, found).send(new ListUsersCommand())).rejects.toMatchObject({
    name: "AccessDenied",
  });
  const settings = { IdentityPoolName: "m", AllowUnauthenticatedIdentities: false };
  await world.admin.send(new UpdateIdentityPoolCommand({ IdentityPoolId: world.poolId, ...settings }));
  await expect(credentialsOf(world, IdentityId, { Logins })).rejects.toMatchObject({ name: "NotAuthorizedException" });
});
