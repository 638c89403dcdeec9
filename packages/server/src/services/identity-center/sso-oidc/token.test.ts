import { createHash } from "node:crypto";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { ListAccountsCommand, SSOClient } from "@aws-sdk/client-sso";
import { expect, test } from "vitest";
import { browserAt, DEVICE_CODE, deviceAt, firstSignIn } from "../../../../test/identity-center-portal.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

async function withUser() {
  const center = await withIdentityCenter();
  await center.addUser("ann");
  const { cloud, IdentityStoreId } = center;
  return { ...center, browser: browserAt(cloud, IdentityStoreId), oidc: cloud.client(SSOOIDCClient) };
}

/** Names as the SDK has them, codes as OAuth has them. Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
const refused = (name: string, error: string, httpStatusCode = 400) => ({ name, error, $metadata: { httpStatusCode } });

test("a device waits until the user has let it in, and gets one token", async () => {
  const { cloud, browser, IdentityStoreId } = await withUser();
  const device = await deviceAt(cloud, IdentityStoreId);
  expect(device).toMatchObject({ expiresIn: 600, interval: 1, userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/) });
  await expect(device.redeem()).rejects.toMatchObject(
    refused("AuthorizationPendingException", "authorization_pending"),
  );
  const consent = await firstSignIn(cloud, browser, "ann", device.address);
  expect(consent.text).toContain(device.userCode);
  expect((await browser.submit(consent, { answer: "allow" })).text).toContain("Request approved");
  const token = await device.redeem();
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-user-session.html (8 hours)
  expect(token.expiresIn).toBeGreaterThan(8 * 3600 - 60);
  expect(token.expiresIn).toBeLessThanOrEqual(8 * 3600);
  expect(token.tokenType).toBe("Bearer");
  expect(token.refreshToken).toBeUndefined();
  await expect(device.redeem()).rejects.toMatchObject(refused("InvalidGrantException", "invalid_grant"));
});

test("an error of the authorization service has OAuth's members alone", async () => {
  const { cloud, IdentityStoreId } = await withUser();
  const { clientId, clientSecret, deviceCode } = await deviceAt(cloud, IdentityStoreId);
  const { statusCode, headers, body } = await cloud.send({
    method: "POST",
    path: "/token",
    headers: { host: "localhost:4566", "content-type": "application/json" },
    body: JSON.stringify({ clientId, clientSecret, grantType: DEVICE_CODE, deviceCode }),
  });
  expect(statusCode).toBe(400);
  expect(headers["x-amzn-errortype"]).toBe("AuthorizationPendingException");
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({ error: "authorization_pending" });
});

test("clients find the services under AWS's own names", async () => {
  const { cloud, admin, IdentityStoreId } = await withUser();
  const endpoint = "https://oidc.us-east-1.amazonaws.com";
  const oidc = cloud.client(SSOOIDCClient, admin, { endpoint });
  const client = await oidc.send(new RegisterClientCommand({ clientName: "x", clientType: "public" }));
  const startUrl = `https://${IdentityStoreId}.awsapps.com/start`;
  const started = await oidc.send(
    new StartDeviceAuthorizationCommand({ clientId: client.clientId, clientSecret: client.clientSecret, startUrl }),
  );
  expect(started.verificationUri).toBe(`${startUrl}/device`);
  const portal = cloud.client(SSOClient, admin, { endpoint: "https://portal.sso.us-east-1.amazonaws.com" });
  const list = portal.send(new ListAccountsCommand({ accessToken: "x" }));
  await expect(list).rejects.toMatchObject({ name: "UnauthorizedException" });
});

test("a device that asks too often is told to slow down, and then has to", async () => {
  const { cloud, IdentityStoreId } = await withUser();
  const device = await deviceAt(cloud, IdentityStoreId);
  const pending = refused("AuthorizationPendingException", "authorization_pending");
  const slower = refused("SlowDownException", "slow_down");
  // Source: https://github.com/aws/aws-cli/blob/v2/awscli/botocore/utils.py (the CLI asks twice before it waits)
  await expect(device.redeem()).rejects.toMatchObject(pending);
  await expect(device.redeem()).rejects.toMatchObject(pending);
  await expect(device.redeem()).rejects.toMatchObject(slower);
  await cloud.clock.advance(2);
  await expect(device.redeem()).rejects.toMatchObject(slower);
  // Source: https://www.rfc-editor.org/rfc/rfc8628#section-3.5 (five seconds more each time)
  await cloud.clock.advance(12);
  await expect(device.redeem()).rejects.toMatchObject(pending);
});

test("a device hears that it was turned away, and that it came too late", async () => {
  const { cloud, browser, IdentityStoreId } = await withUser();
  const denied = await deviceAt(cloud, IdentityStoreId);
  await browser.submit(await firstSignIn(cloud, browser, "ann", denied.address), { answer: "deny" });
  await expect(denied.redeem()).rejects.toMatchObject(refused("AccessDeniedException", "access_denied"));
  const late = await deviceAt(cloud, IdentityStoreId);
  await cloud.clock.advance(601);
  await expect(late.redeem()).rejects.toMatchObject(refused("ExpiredTokenException", "expired_token"));
  expect((await browser.get(late.address)).text).toContain("The code is unknown, or has expired.");
});

test("a client that asked for scopes gets a token for an hour and one to renew it with", async () => {
  const { cloud, browser, IdentityStoreId } = await withUser();
  const device = await deviceAt(cloud, IdentityStoreId, ["sso:account:access"]);
  await browser.submit(await firstSignIn(cloud, browser, "ann", device.address), { answer: "allow" });
  const { refreshToken, expiresIn, accessToken } = await device.redeem();
  // Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
  expect(expiresIn).toBe(3600);
  await cloud.clock.advance(3601);
  const renewed = await device.refresh(refreshToken);
  expect(renewed.accessToken).not.toBe(accessToken);
  const other = await deviceAt(cloud, IdentityStoreId);
  await expect(other.refresh(renewed.refreshToken)).rejects.toMatchObject(
    refused("InvalidGrantException", "invalid_grant"),
  );
  await expect(device.refresh(accessToken)).rejects.toMatchObject(refused("InvalidGrantException", "invalid_grant"));
  await cloud.clock.advance(8 * 3600);
  await expect(device.refresh(refreshToken)).rejects.toMatchObject(refused("InvalidGrantException", "invalid_grant"));
});

test("clients are public, and say where they may be answered", async () => {
  const { oidc, IdentityStoreId } = await withUser();
  const register = (more: object) =>
    oidc.send(new RegisterClientCommand({ clientName: "x", clientType: "public", ...more }));
  const { clientSecretExpiresAt = 0, clientIdIssuedAt = 0 } = await register({});
  // Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
  expect(clientSecretExpiresAt - clientIdIssuedAt).toBe(90 * 86_400);
  await expect(register({ clientType: "confidential" })).rejects.toMatchObject({
    name: "InvalidClientMetadataException",
  });
  await expect(register({ scopes: ["a b"] })).rejects.toMatchObject({ name: "InvalidScopeException" });
  await expect(register({ grantTypes: ["password"] })).rejects.toMatchObject({ name: "UnsupportedGrantTypeException" });
  for (const uri of ["http://example.com/x", "javascript:alert(1)", "nonsense"]) {
    await expect(register({ redirectUris: [uri] })).rejects.toMatchObject({ name: "InvalidRedirectUriException" });
  }
  await expect(register({ issuerUrl: "https://d-0000000000.awsapps.com/start" })).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
  await register({ issuerUrl: `http://${IdentityStoreId}.awsapps.localhost:4566/start/#` });
});

test("what is not registered, or registered for something else, gets nothing", async () => {
  const { oidc, cloud, IdentityStoreId } = await withUser();
  const startUrl = `https://${IdentityStoreId}.awsapps.com/start`;
  const { clientId, clientSecret, deviceCode } = await deviceAt(cloud, IdentityStoreId);
  const start = (more: object) =>
    oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl, ...more }));
  await expect(start({ clientSecret: "x" })).rejects.toMatchObject(
    refused("InvalidClientException", "invalid_client", 401),
  );
  await expect(start({ startUrl: "https://example.com/start" })).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
  const redeem = (more: object) =>
    oidc.send(new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_CODE, deviceCode, ...more }));
  await expect(redeem({ grantType: "password" })).rejects.toMatchObject(
    refused("UnsupportedGrantTypeException", "unsupported_grant_type"),
  );
  const grantTypes = ["refresh_token"];
  const limited = await oidc.send(new RegisterClientCommand({ clientName: "x", clientType: "public", grantTypes }));
  await expect(start(limited)).rejects.toMatchObject(refused("UnauthorizedClientException", "unauthorized_client"));
  await cloud.clock.advance(91 * 86_400);
  await expect(start({})).rejects.toMatchObject(refused("InvalidClientException", "invalid_client", 401));
});

const REDIRECT = "http://127.0.0.1/oauth/callback";

/** A program that sends the user's browser for a code, as the AWS CLI does. */
async function withProgram() {
  const center = await withUser();
  const { oidc, browser, cloud, IdentityStoreId } = center;
  const client = await oidc.send(
    new RegisterClientCommand({
      clientName: "the program",
      clientType: "public",
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: [REDIRECT],
      issuerUrl: `https://${IdentityStoreId}.awsapps.com/start`,
      scopes: ["sso:account:access"],
    }),
  );
  const { clientId, clientSecret } = client;
  const verifier = "v".repeat(64);
  const redirectUri = "http://127.0.0.1:51234/oauth/callback";
  const query = {
    response_type: "code",
    client_id: clientId ?? "",
    redirect_uri: redirectUri,
    state: "s-1",
    code_challenge_method: "S256",
    scopes: "sso:account:access",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  };
  const ask = (more: Readonly<Record<string, string>> = {}) =>
    cloud.send({
      method: "GET",
      path: "/authorize",
      query: { ...query, ...more },
      headers: { host: "localhost:4566" },
    });
  const redeem = (more: object) =>
    oidc.send(
      new CreateTokenCommand({
        clientId,
        clientSecret,
        grantType: "authorization_code",
        redirectUri,
        codeVerifier: verifier,
        ...more,
      }),
    );
  const answered = async (answer: string) => {
    const { headers } = await ask();
    const consent = await firstSignIn(cloud, browser, "ann", headers["location"]);
    return new URL((await browser.submit(consent, { answer })).location ?? "");
  };
  return { ...center, client, ask, redeem, answered };
}

test("a program gets a code through the browser, and a token for the code and its verifier", async () => {
  const { answered, redeem, client } = await withProgram();
  expect(client.authorizationEndpoint).toBe("http://localhost:4566/authorize");
  const url = await answered("allow");
  expect(url.origin).toBe("http://127.0.0.1:51234");
  expect(url.searchParams.get("state")).toBe("s-1");
  const { accessToken, refreshToken } = await redeem({ code: url.searchParams.get("code") });
  expect(accessToken).toBeDefined();
  expect(refreshToken).toBeDefined();
  const again = redeem({ code: url.searchParams.get("code") });
  await expect(again).rejects.toMatchObject(refused("InvalidGrantException", "invalid_grant"));
});

test("a code is nothing without its verifier, and is used up by trying", async () => {
  const { answered, redeem } = await withProgram();
  const code = (await answered("allow")).searchParams.get("code");
  const invalid = refused("InvalidGrantException", "invalid_grant");
  await expect(redeem({ code, codeVerifier: "w".repeat(64) })).rejects.toMatchObject(invalid);
  await expect(redeem({ code })).rejects.toMatchObject(invalid);
});

test("a user may turn a program away", async () => {
  const { answered } = await withProgram();
  const url = await answered("deny");
  expect(Object.fromEntries(url.searchParams)).toEqual({ error: "access_denied", state: "s-1" });
});

test("a browser is sent nowhere that the client has not registered", async () => {
  const { ask } = await withProgram();
  const bad = [
    { redirect_uri: "http://127.0.0.1:51234/other" },
    { redirect_uri: "https://evil.example/oauth/callback" },
    { client_id: "unknown" },
    { response_type: "token" },
    { code_challenge_method: "plain" },
    { code_challenge: "short" },
  ];
  for (const each of bad) {
    const { statusCode, headers } = await ask(each);
    expect(statusCode).toBe(400);
    expect(headers["location"]).toBeUndefined();
  }
});
