import {
  CreateIdentityPoolCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
} from "@aws-sdk/client-cognito-identity";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { expect, test } from "vitest";
import { withIdentityPool } from "../../../test/identity-pools.ts";
import { pair } from "../../../test/web-identities.ts";

type World = Awaited<ReturnType<typeof withIdentityPool>>;

async function tokenOf(world: World, Logins?: Record<string, string>) {
  const { anyone, poolId: IdentityPoolId } = world;
  const { IdentityId } = await anyone.send(new GetIdCommand({ IdentityPoolId, Logins }));
  return anyone.send(new GetOpenIdTokenCommand({ IdentityId, Logins }));
}

const documentAt = async ({ cloud }: World, path: string): Promise<JSONWebKeySet> => {
  const headers = { host: "cognito-identity.amazonaws.com" };
  const { statusCode, body } = await cloud.send({ method: "GET", path, headers });
  expect(statusCode).toBe(200);
  return JSON.parse(Buffer.from(body).toString());
};

test("a token verifies with the keys that its issuer publishes, and says who came by which logins", async () => {
  const world = await withIdentityPool();
  const { issuer, poolId } = world;
  const { Token = "", IdentityId } = await tokenOf(world, await world.login("ann"));
  // Source: https://cognito-identity.amazonaws.com/.well-known/openid-configuration
  const discovery = await documentAt(world, "/.well-known/openid-configuration");
  expect(discovery).toMatchObject({ issuer: "https://cognito-identity.amazonaws.com" });
  const keySet = await documentAt(world, "/.well-known/jwks_uri");
  expect(JSON.stringify(keySet)).not.toContain('"d":');
  const { payload, protectedHeader } = await jwtVerify(Token, createLocalJWKSet(keySet), {
    issuer: "https://cognito-identity.amazonaws.com",
    audience: poolId,
    currentDate: world.cloud.clock.now(),
  });
  // Source: https://cognito-identity.amazonaws.com/.well-known/jwks_uri
  expect(protectedHeader.alg).toBe("RS512");
  expect(payload.sub).toBe(IdentityId);
  expect(payload["amr"]).toEqual(expect.arrayContaining(["authenticated", issuer.name]));
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html (10 minutes)
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
});

test("a guest's token says so, and nothing of logins", async () => {
  const { Token = "" } = await tokenOf(await withIdentityPool());
  expect(decodeJwt(Token)).toMatchObject({ amr: ["unauthenticated"] });
});

test("no token but ours is taken for one of an identity pool, and ours no longer than it lasts", async () => {
  const world = await withIdentityPool();
  const { cloud, issuer, poolId, member: RoleArn } = world;
  const sts = cloud.client(STSClient, { accessKeyId: "", secretAccessKey: "" });
  const assume = (WebIdentityToken: string) =>
    sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: "s1", WebIdentityToken }));
  const { Token = "" } = await tokenOf(world, await world.login("ann"));
  const iat = Math.floor(cloud.clock.now().getTime() / 1000);
  const iss = "https://cognito-identity.amazonaws.com";
  const claims = { iss, aud: poolId, sub: "us-east-1:1", amr: ["authenticated"], iat, exp: iat + 600 };
  const { kid = "" } = decodeProtectedHeader(Token);
  const [header = "", , signature = ""] = Token.split(".");
  const changed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
  for (const forged of [await issuer.token(claims, pair), await issuer.token(claims, { ...pair, kid }), changed]) {
    await expect(assume(forged)).rejects.toMatchObject({ name: "InvalidIdentityTokenException" });
  }
  await assume(Token);
  await cloud.clock.advance(901);
  await expect(assume(Token)).rejects.toMatchObject({ name: "ExpiredTokenException" });
});

test("a user pool that is not there vouches for nobody, and nobody is asked over the network", async () => {
  const world = await withIdentityPool({
    CognitoIdentityProviders: [{ ProviderName: "cognito-idp.us-east-1.amazonaws.com/us-east-1_none", ClientId: "app" }],
  });
  const name = "cognito-idp.us-east-1.amazonaws.com/us-east-1_none";
  const [token = ""] = Object.values(await world.login("ann", { iss: `https://${name}`, token_use: "id" }));
  await expect(tokenOf(world, { [name]: token })).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: expect.stringMatching(/^Invalid login token\. Couldn't retrieve verification key/),
  });
});

test("the classic flow works until it is switched off; what developers need works then too", async () => {
  const off = await withIdentityPool({ AllowClassicFlow: false });
  // Source: https://github.com/aws/aws-cli/issues/7652
  await expect(tokenOf(off)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Basic (classic) flow is not enabled, please use enhanced flow.",
  });
  const Logins = { "login.example": "user-1" };
  await off.admin.send(new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId: off.poolId, Logins }));
  const on = await withIdentityPool({ AllowClassicFlow: true });
  expect((await tokenOf(on)).Token).toBeDefined();
});

test("a pool's token is of that pool alone", async () => {
  const world = await withIdentityPool();
  const { admin, anyone } = world;
  const made = await admin.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: "other", AllowUnauthenticatedIdentities: true }),
  );
  const { IdentityId } = await anyone.send(new GetIdCommand({ IdentityPoolId: made.IdentityPoolId }));
  const { Token = "" } = await anyone.send(new GetOpenIdTokenCommand({ IdentityId }));
  const sts = world.cloud.client(STSClient, { accessKeyId: "", secretAccessKey: "" });
  const assuming = sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: world.guest, RoleSessionName: "g1", WebIdentityToken: Token }),
  );
  await expect(assuming).rejects.toMatchObject({ name: "AccessDenied" });
});
