import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import {
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  DeleteUserCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { claimsOf, makePool, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";

async function signIn({ idp, clientId: ClientId }: TestPool, password = PASSWORD) {
  const { AuthenticationResult } = await idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD: password },
    }),
  );
  return {
    access: AuthenticationResult?.AccessToken,
    identity: AuthenticationResult?.IdToken,
    refresh: AuthenticationResult?.RefreshToken ?? "",
  };
}

const refresh = ({ idp, clientId: ClientId }: TestPool, REFRESH_TOKEN: string) =>
  idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } }));

const whoIs = ({ idp }: TestPool, AccessToken: string | undefined) => idp.send(new GetUserCommand({ AccessToken }));

const notAuthorized = (message: string) => ({ name: "NotAuthorizedException", message });

test("an access token is good for its hour, a refresh token for its days", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const tokens = await signIn(pool);
  expect((await whoIs(pool, tokens.access)).Username).toBe("ada");
  await pool.cloud.clock.advance(3600);
  await expect(whoIs(pool, tokens.access)).rejects.toMatchObject(notAuthorized("Access Token has expired"));
  const { AuthenticationResult } = await refresh(pool, tokens.refresh);
  expect(AuthenticationResult).not.toHaveProperty("RefreshToken");
  const before = claimsOf(tokens.access);
  const after = claimsOf(AuthenticationResult?.AccessToken);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
  expect(after["origin_jti"]).toBe(before["origin_jti"]);
  expect(after["auth_time"]).toBe(before["auth_time"]);
  expect(after["jti"]).not.toBe(before["jti"]);
  await pool.cloud.clock.advance(30 * 86_400);
  await expect(refresh(pool, tokens.refresh)).rejects.toMatchObject(notAuthorized("Refresh Token has expired"));
});

test("a token that was changed, or an identity token, opens nothing", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const { access = "", identity, refresh: token } = await signIn(pool);
  const [header = "", , signature = ""] = access.split(".");
  const forged = Buffer.from(JSON.stringify({ ...claimsOf(access), username: "bob" })).toString("base64url");
  const invalid = notAuthorized("Invalid Access Token");
  await expect(whoIs(pool, `${header}.${forged}.${signature}`)).rejects.toMatchObject(invalid);
  await expect(whoIs(pool, identity)).rejects.toMatchObject(invalid);
  await expect(whoIs(pool, "nonsense")).rejects.toMatchObject(invalid);
  await expect(refresh(pool, `${token}x`)).rejects.toMatchObject(notAuthorized("Invalid Refresh Token"));
});

test("signing out everywhere takes all tokens back", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId } = pool;
  await pool.makeUser("ada", PASSWORD);
  const one = await signIn(pool);
  const other = await signIn(pool);
  await idp.send(new GlobalSignOutCommand({ AccessToken: one.access }));
  await expect(whoIs(pool, other.access)).rejects.toMatchObject(notAuthorized("Access Token has been revoked"));
  await expect(refresh(pool, other.refresh)).rejects.toMatchObject(notAuthorized("Refresh Token has been revoked"));
  const again = await signIn(pool);
  expect((await whoIs(pool, again.access)).Username).toBe("ada");
  await idp.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "ada" }));
  await expect(whoIs(pool, again.access)).rejects.toMatchObject(notAuthorized("Access Token has been revoked"));
});

test("a refresh token that is taken back takes its access tokens with it, and no others", async () => {
  const pool = await makePool();
  const { idp, clientId: ClientId } = pool;
  await pool.makeUser("ada", PASSWORD);
  const one = await signIn(pool);
  const other = await signIn(pool);
  await idp.send(new RevokeTokenCommand({ ClientId, Token: one.refresh }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
  await expect(whoIs(pool, one.access)).rejects.toMatchObject(notAuthorized("Access Token has been revoked"));
  await expect(refresh(pool, one.refresh)).rejects.toMatchObject(notAuthorized("Refresh Token has been revoked"));
  expect((await whoIs(pool, other.access)).Username).toBe("ada");
});

test("refresh tokens that rotate are good once, and a moment longer", async () => {
  const pool = await makePool({
    client: {
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
    },
  });
  const { idp, clientId: ClientId } = pool;
  await pool.makeUser("ada", PASSWORD);
  const { refresh: first } = await signIn(pool);
  const next = async (RefreshToken: string) => {
    const answer = await idp.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
    return answer.AuthenticationResult?.RefreshToken ?? "";
  };
  await expect(refresh(pool, first)).rejects.toMatchObject({ name: "InvalidParameterException" });
  const second = await next(first);
  expect(second).not.toBe("");
  await pool.cloud.clock.advance(10);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html#using-the-refresh-token-rotation
  await expect(next(first)).rejects.toMatchObject({ name: "RefreshTokenReuseException" });
  expect(await next(second)).not.toBe("");
});

test("a token of a user who deleted themselves opens nothing", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const { access: AccessToken, refresh: token } = await signIn(pool);
  await pool.idp.send(new DeleteUserCommand({ AccessToken }));
  const gone = { name: "UserNotFoundException", message: "User does not exist." };
  await expect(whoIs(pool, AccessToken)).rejects.toMatchObject(gone);
  await expect(refresh(pool, token)).rejects.toMatchObject(gone);
});

test("what a user who is gone was given opens nothing of a new one of the same name", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  const { access: AccessToken, refresh: token } = await signIn(pool);
  await pool.idp.send(new DeleteUserCommand({ AccessToken }));
  await pool.makeUser("ada", PASSWORD);
  const revoked = notAuthorized("Refresh Token has been revoked");
  await expect(refresh(pool, token)).rejects.toMatchObject(revoked);
  await expect(whoIs(pool, AccessToken)).rejects.toMatchObject({ name: "UserNotFoundException" });
});

test("a user changes their password with the one before, which the pool may remember", async () => {
  const pool = await makePool({ Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } } });
  await pool.makeUser("ada", PASSWORD);
  const { access: AccessToken } = await signIn(pool);
  const change = (PreviousPassword: string, ProposedPassword: string) =>
    pool.idp.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));
  await expect(change("Wrong-horse-1", "Another-horse-2")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
  await expect(change(PASSWORD, PASSWORD)).rejects.toMatchObject({ name: "PasswordHistoryPolicyViolationException" });
  await change(PASSWORD, "Another-horse-2");
  expect((await signIn(pool, "Another-horse-2")).access).toBeDefined();
});

test("the key set verifies both kinds of tokens, and the discovery document names the issuer", async () => {
  const pool = await makePool();
  const { cloud, poolId } = pool;
  await pool.makeUser("ada", PASSWORD);
  const { access, identity } = await signIn(pool);
  const read = async (document: string) => {
    const headers = { host: "localhost:4566" };
    const { statusCode, body } = await cloud.send({
      method: "GET",
      path: `/${poolId}/.well-known/${document}`,
      headers,
    });
    expect(statusCode).toBe(200);
    return JSON.parse(Buffer.from(body).toString("utf8"));
  };
  const { keys } = await read("jwks.json");
  for (const token of [access, identity]) {
    const [header = "", claims = "", signature = ""] = (token ?? "").split(".");
    const { kid } = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
    const key = keys.find((each: JsonWebKey & { kid: string }) => each.kid === kid);
    const publicKey = createPublicKey({ key, format: "jwk" });
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  }
  const discovery = await read("openid-configuration");
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
  expect(discovery).toMatchObject({
    issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`,
    id_token_signing_alg_values_supported: ["RS256"],
  });
  expect(keys).toHaveLength(2);
});
