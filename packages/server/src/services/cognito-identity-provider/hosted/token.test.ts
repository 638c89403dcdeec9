import {
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  CreateResourceServerCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from "jose";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { CALLBACK, CHALLENGE, VERIFIER, withHostedPages } from "../../../../test/hosted-pages.ts";
import { FUNCTION, letPoolIn } from "../../../../test/triggered-pools.ts";

interface Given {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly token_type: string;
}

const given = ({ text }: { readonly text: string }): Given => JSON.parse(text);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
const refusedWith = (error: string, status = 400) => ({ status, text: JSON.stringify({ error }) });
const invalidGrant = refusedWith("invalid_grant");

const basic = (id: string, secret: string | undefined) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
});

const proven = { code_challenge: CHALLENGE, code_challenge_method: "S256" };

test("a code is good for tokens that verify with the pool's keys", async () => {
  const { cloud, poolId, app, codeFor, redeem } = await withHostedPages();
  const answer = await redeem(await codeFor({ nonce: "n1", scope: "openid email" }));
  expect(answer.status).toBe(200);
  expect(answer.headers["cache-control"]).toBe("no-store");
  const tokens = given(answer);
  expect(tokens).toMatchObject({ expires_in: 3600, token_type: "Bearer", refresh_token: expect.any(String) });
  const headers = { host: "localhost:4566" };
  const { body } = await cloud.send({ method: "GET", path: `/${poolId}/.well-known/jwks.json`, headers });
  const published: JSONWebKeySet = JSON.parse(Buffer.from(body).toString());
  const keySet = createLocalJWKSet(published);
  const options = { issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`, currentDate: cloud.clock.now() };
  const id = await jwtVerify(tokens.id_token, keySet, { ...options, audience: app.id });
  expect(id.payload).toMatchObject({ token_use: "id", nonce: "n1", email: "ann@example.com" });
  const access = await jwtVerify(tokens.access_token, keySet, options);
  expect(access.payload).toMatchObject({ token_use: "access", client_id: app.id, scope: "openid email" });
});

test("a code is good once; who shows it again ends the session of who showed it first", async () => {
  const { cloud, admin, app, codeFor, redeem, ask } = await withHostedPages();
  const code = await codeFor();
  const tokens = given(await redeem(code));
  await admin.send(new GetUserCommand({ AccessToken: tokens.access_token }));
  expect(await redeem(code)).toMatchObject(invalidGrant);
  await expect(admin.send(new GetUserCommand({ AccessToken: tokens.access_token }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  const { refresh_token } = tokens;
  expect(await ask({ grant_type: "refresh_token", client_id: app.id, refresh_token })).toMatchObject(invalidGrant);
  await cloud.clock.advance(600);
  expect(await redeem(code)).toMatchObject(invalidGrant);
});

test("of many who show a code at the same time one is given tokens, which then are good for nothing", async () => {
  const { admin, codeFor, redeem } = await withHostedPages();
  const code = await codeFor();
  const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(code)));
  const [winner, ...others] = answers.filter(({ status }) => status === 200);
  expect(others).toEqual([]);
  const { access_token: AccessToken } = given(winner ?? { text: "{}" });
  await expect(admin.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
});

test("a code that is tried in vain stays good for its own app", async () => {
  const { codeFor, redeem, newClient } = await withHostedPages();
  const code = await codeFor(proven);
  const other = await newClient();
  expect(await redeem(code, { client_id: other.id, code_verifier: VERIFIER })).toMatchObject(invalidGrant);
  expect(await redeem(code, { code_verifier: "b".repeat(43) })).toMatchObject(invalidGrant);
  expect(await redeem(code)).toMatchObject(invalidGrant);
  const redirect_uri = "https://app.example.com/callback";
  expect(await redeem(code, { code_verifier: VERIFIER, redirect_uri })).toMatchObject(invalidGrant);
  expect(await redeem(code, { code_verifier: CHALLENGE })).toMatchObject(invalidGrant);
  expect((await redeem(code, { code_verifier: VERIFIER })).status).toBe(200);
});

test("a key is not taken for a code that was asked for without a lock", async () => {
  const { codeFor, redeem } = await withHostedPages();
  expect(await redeem(await codeFor(), { code_verifier: VERIFIER })).toMatchObject(invalidGrant);
});

test("a code ends after five minutes, and with its user's sessions", async () => {
  const { cloud, admin, poolId: UserPoolId, codeFor, redeem } = await withHostedPages();
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (five minutes)
  const late = await codeFor();
  await cloud.clock.advance(301);
  expect(await redeem(late)).toMatchObject(invalidGrant);
  const code = await codeFor();
  await admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "ann" }));
  expect(await redeem(code)).toMatchObject(invalidGrant);
});

test("nothing but a code that was given is a code", async () => {
  const { redeem, codeFor } = await withHostedPages();
  const code = await codeFor();
  for (const wrong of [code.toUpperCase(), `${code} `, "none"]) {
    expect(await redeem(wrong)).toMatchObject(invalidGrant);
  }
});

test("an app with a secret shows it, in the header or in the body", async () => {
  const { app, codeFor, redeem, ask } = await withHostedPages({ client: { GenerateSecret: true } });
  const { id, secret = "" } = app;
  const wrong = { client_secret: `${secret.slice(1)}x` };
  for (const more of [{}, wrong])
    expect(await redeem(await codeFor(), more)).toMatchObject(refusedWith("invalid_client"));
  const form = async () => ({ grant_type: "authorization_code", redirect_uri: CALLBACK, code: await codeFor() });
  expect(await ask(await form(), basic(id, wrong.client_secret))).toMatchObject(refusedWith("invalid_client"));
  expect(await ask(await form(), basic("other", secret))).toMatchObject(refusedWith("invalid_client"));
  expect(await ask({ ...(await form()), client_id: "other" }, basic(id, secret))).toMatchObject(
    refusedWith("invalid_client"),
  );
  expect((await ask(await form(), basic(id, secret))).status).toBe(200);
  expect((await redeem(await codeFor(), { client_secret: secret })).status).toBe(200);
});

test("a request that lacks something, or has it twice, is no request", async () => {
  const { app, browser, ask, redeem, codeFor } = await withHostedPages();
  const invalid = refusedWith("invalid_request");
  expect(await ask({ client_id: app.id })).toMatchObject(invalid);
  expect(await ask({ grant_type: "refresh_token", client_id: app.id })).toMatchObject(invalid);
  expect(await ask({ grant_type: "authorization_code" })).toMatchObject(invalid);
  expect(await redeem("")).toMatchObject(invalid);
  const code = await codeFor();
  const twice = `grant_type=authorization_code&client_id=${app.id}&code=${code}&code=${code}`;
  expect(
    await browser().post("/oauth2/token", Object.fromEntries(new URLSearchParams(twice)), {
      "content-type": "text/plain",
    }),
  ).toMatchObject(invalid);
  expect(await ask({ grant_type: "password", client_id: app.id })).toMatchObject(refusedWith("unsupported_grant_type"));
  expect(await ask({ grant_type: "constructor", client_id: app.id })).toMatchObject(
    refusedWith("unsupported_grant_type"),
  );
  expect(await ask({ grant_type: "authorization_code", client_id: "none" })).toMatchObject(
    refusedWith("invalid_client"),
  );
});

test("a refresh token gives new tokens of the same scopes to its own app, and no other one", async () => {
  const { cloud, app, codeFor, redeem, ask, newClient } = await withHostedPages();
  const { refresh_token } = given(await redeem(await codeFor({ scope: "openid" })));
  const refresh = (client_id = app.id) => ask({ grant_type: "refresh_token", client_id, refresh_token });
  await cloud.clock.advance(60);
  const fresh = given(await refresh());
  expect(decodeJwt(fresh.access_token)).toMatchObject({ scope: "openid", username: "ann" });
  expect(decodeJwt(fresh.id_token)).toMatchObject({ token_use: "id" });
  expect(fresh.refresh_token).toBeUndefined();
  expect(await refresh((await newClient()).id)).toMatchObject(invalidGrant);
  await cloud.clock.advance(31 * 86_400);
  expect(await refresh()).toMatchObject(invalidGrant);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html (rotation)
test("where refresh tokens are rotated each is good once", async () => {
  const { app, codeFor, redeem, ask } = await withHostedPages({
    client: {
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    },
  });
  const first = given(await redeem(await codeFor()));
  const refresh = (refresh_token: string) => ask({ grant_type: "refresh_token", client_id: app.id, refresh_token });
  const second = given(await refresh(first.refresh_token));
  expect(await refresh(first.refresh_token)).toMatchObject(invalidGrant);
  expect((await refresh(second.refresh_token)).status).toBe(200);
});

test("an app that acts for itself has the scopes of resource servers that it is allowed", async () => {
  const { admin, poolId: UserPoolId, newClient, ask } = await withHostedPages();
  const Scopes = ["read", "write", "purge"].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName }));
  await admin.send(new CreateResourceServerCommand({ UserPoolId, Identifier: "orders", Name: "orders", Scopes }));
  const { id, secret } = await newClient({
    GenerateSecret: true,
    AllowedOAuthFlows: ["client_credentials"],
    AllowedOAuthScopes: ["orders/read", "orders/write"],
    CallbackURLs: undefined,
    LogoutURLs: undefined,
  });
  const asMachine = (more: Record<string, string> = {}) =>
    ask({ grant_type: "client_credentials", ...more }, basic(id, secret));
  const all = given(await asMachine());
  expect(decodeJwt(all.access_token)).toMatchObject({ sub: id, client_id: id, scope: "orders/read orders/write" });
  expect(all).toEqual({ access_token: all.access_token, expires_in: 3600, token_type: "Bearer" });
  expect(decodeJwt(given(await asMachine({ scope: "orders/read" })).access_token)).toMatchObject({
    scope: "orders/read",
  });
  for (const scope of ["orders/purge", "openid"]) {
    expect(await asMachine({ scope })).toMatchObject(refusedWith("invalid_scope"));
  }
  const code = { grant_type: "authorization_code", redirect_uri: CALLBACK, code: "none" };
  expect(await ask(code, basic(id, secret))).toMatchObject(refusedWith("unauthorized_client"));
  const person = await newClient({ GenerateSecret: true });
  expect(await ask({ grant_type: "client_credentials" }, basic(person.id, person.secret))).toMatchObject(
    refusedWith("unauthorized_client"),
  );
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
test("the user is shown to who holds a token for it, as far as its scopes go", async () => {
  const { admin, poolId: UserPoolId, browser, codeFor, redeem } = await withHostedPages();
  const show = (token: string) => browser().get("/oauth2/userInfo", { authorization: `Bearer ${token}` });
  const { access_token, id_token } = given(await redeem(await codeFor({ scope: "openid email" })));
  const { sub } = decodeJwt(access_token);
  const shown = await show(access_token);
  expect(JSON.parse(shown.text)).toEqual({ sub, email: "ann@example.com", email_verified: "true", username: "ann" });
  const without = given(await redeem(await codeFor({ scope: "aws.cognito.signin.user.admin" })));
  for (const token of [id_token, without.access_token, `${access_token}x`]) {
    const refused = await show(token);
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toContain('error="invalid_token"');
  }
  expect((await browser().get("/oauth2/userInfo")).status).toBe(400);
  await admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "ann" }));
  expect((await show(access_token)).status).toBe(401);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
test("a refresh token that was revoked is good for nothing, nor what came of it", async () => {
  const { admin, app, browser, codeFor, redeem, ask, newClient } = await withHostedPages();
  const revoke = (token: string, client_id = app.id) => browser().post("/oauth2/revoke", { token, client_id });
  const { access_token, refresh_token } = given(await redeem(await codeFor()));
  expect((await revoke(refresh_token, (await newClient()).id)).status).toBe(200);
  expect(await revoke(access_token)).toMatchObject(refusedWith("unsupported_token_type"));
  expect((await revoke("none")).status).toBe(200);
  await admin.send(new GetUserCommand({ AccessToken: access_token }));
  expect(await revoke(refresh_token)).toMatchObject({ status: 200, text: "" });
  expect(await ask({ grant_type: "refresh_token", client_id: app.id, refresh_token })).toMatchObject(invalidGrant);
  await expect(admin.send(new GetUserCommand({ AccessToken: access_token }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  expect(await revoke(refresh_token, "none")).toMatchObject(refusedWith("invalid_client", 401));
});

test("apps in browsers may call the endpoints, but not with the pages' cookies", async () => {
  const { cloud, browser, redeem } = await withHostedPages();
  const headers = { host: browser().host, origin: "https://app.example.com" };
  const { statusCode, headers: allowed } = await cloud.send({ method: "OPTIONS", path: "/oauth2/userInfo", headers });
  expect(statusCode).toBe(204);
  expect(allowed["access-control-allow-headers"]).toContain("authorization");
  for (const answer of [allowed, (await redeem("none")).headers]) {
    expect(answer["access-control-allow-origin"]).toBe("*");
    expect(answer["access-control-allow-credentials"]).toBeUndefined();
  }
  const pages = await cloud.send({ method: "OPTIONS", path: "/login", headers });
  expect(pages.headers["access-control-allow-origin"]).toBeUndefined();
});

test("a function is asked of tokens before the app is given a code, and its refusal is told to the app", async () => {
  const functions = await functionWorld();
  const source = `export const handler = async (event) => {
    if (event.request.userAttributes.email === "eve@example.com") throw new Error("not you");
    return { ...event, response: { claimsOverrideDetails: { claimsToAddOrOverride: { as: event.triggerSource } } } }; };`;
  await functions.create("asked", source);
  const pool = { LambdaConfig: { PreTokenGeneration: FUNCTION } };
  const { admin, poolId, app, signIn, codeFor, redeem, ask } = await withHostedPages({ pool }, functions.cloud);
  await letPoolIn(functions, poolId);
  const code = await codeFor();
  const UserAttributes = [{ Name: "email", Value: "eve@example.com" }];
  await admin.send(new AdminUpdateUserAttributesCommand({ UserPoolId: poolId, Username: "ann", UserAttributes }));
  const { location } = await signIn({ state: "s1" });
  // Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html (hosted
  // sign-ins ask during authentication), https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
  expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
    from: "login",
    error: "invalid_request",
    error_description: "PreTokenGeneration failed with error not you.",
    state: "s1",
  });
  const { id_token, refresh_token } = given(await redeem(code));
  expect(decodeJwt(id_token)["as"]).toBe("TokenGeneration_HostedAuth");
  const refused = await ask({ grant_type: "refresh_token", client_id: app.id, refresh_token });
  expect(refused).toMatchObject({
    status: 400,
    text: JSON.stringify({
      error: "invalid_request",
      error_description: "PreTokenGeneration failed with error not you.",
    }),
  });
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html (event versions)
test.each([
  { LambdaVersion: "V2_0", scope: "orders/read" },
  { LambdaVersion: "V3_0", scope: "orders/read TokenGeneration_ClientCredentials" },
] as const)("functions change tokens of apps that act for themselves by events of version three: %o", async (event) => {
  const functions = await functionWorld();
  const source = `export const handler = async (event) => {
    const accessTokenGeneration = { scopesToAdd: [event.triggerSource] };
    return { ...event, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } } }; };`;
  await functions.create("asked", source);
  const { LambdaVersion, scope } = event;
  const LambdaConfig = { PreTokenGenerationConfig: { LambdaArn: FUNCTION, LambdaVersion } };
  const {
    admin,
    poolId: UserPoolId,
    newClient,
    ask,
  } = await withHostedPages({ pool: { LambdaConfig } }, functions.cloud);
  await letPoolIn(functions, UserPoolId);
  const Scopes = [{ ScopeName: "read", ScopeDescription: "read" }];
  await admin.send(new CreateResourceServerCommand({ UserPoolId, Identifier: "orders", Name: "orders", Scopes }));
  const { id, secret } = await newClient({
    GenerateSecret: true,
    AllowedOAuthFlows: ["client_credentials"],
    AllowedOAuthScopes: ["orders/read"],
    CallbackURLs: undefined,
    LogoutURLs: undefined,
  });
  const { access_token } = given(await ask({ grant_type: "client_credentials" }, basic(id, secret)));
  expect(decodeJwt(access_token)["scope"]).toBe(scope);
});
