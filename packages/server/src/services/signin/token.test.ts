import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../test/identities.ts";
import { codeFor, CROSS_DEVICE, LOCAL_DEVELOPMENT, program, withDeveloper } from "../../../test/developer-login.ts";
import { sessionParameter, visit } from "../../../test/sign-in.ts";
import { testCloud, type IssuedCredentials, type TestCloud } from "../../../test/test-cloud.ts";

const ARN = "arn:aws:iam::000000000000:user/ann";
const HOUR_SECONDS = 3600;

// Source: https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html (and for all refusals below)
const denied = (error: string) => ({ errorType: "AccessDeniedException", error });
const invalid = { status: 400, errorType: "ValidationException", error: "INVALID_REQUEST" };

async function loggedIn() {
  const browser = await withDeveloper();
  const own = await program(browser.cloud);
  return { ...browser, ...own, login: await own.redeem(await codeFor(browser)) };
}

/** Opens the console for temporary credentials, as a broker does. */
async function federate(cloud: TestCloud, credentials: IssuedCredentials) {
  const host = "signin.localhost:4566";
  const trade = { Action: "getSigninToken", Session: sessionParameter(credentials) };
  const { SigninToken = "" }: { readonly SigninToken?: string } = JSON.parse(
    (await visit(cloud, "/federation", { query: trade, host })).text,
  );
  const Destination = "https://console.aws.amazon.com/";
  return visit(cloud, "/federation", { query: { Action: "login", Destination, SigninToken }, host });
}

test("a program gets the user's credentials for fifteen minutes, and renews them with its key", async () => {
  const { cloud, login, renew } = await loggedIn();
  expect(login).toMatchObject({ status: 200, tokenType: "aws_sigv4", expiresIn: 900 });
  expect(decodeJwt(login.idToken ?? "").sub).toBe(ARN);
  const whoIs = async (credentials: typeof login.accessToken) =>
    (await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}))).Arn;
  expect(await whoIs(login.accessToken)).toBe(ARN);
  await cloud.clock.advance(901);
  await expect(whoIs(login.accessToken)).rejects.toMatchObject({ name: "ExpiredToken" });
  const renewed = await renew(login.refreshToken);
  expect(renewed).toMatchObject({ status: 200, expiresIn: 900, refreshToken: login.refreshToken });
  expect(renewed.idToken).toBeUndefined();
  expect(await whoIs(renewed.accessToken)).toBe(ARN);
});

test("the credentials may do what the user may, IAM's operations among it", async () => {
  const { cloud, iam, UserName, login } = await loggedIn();
  const asUser = cloud.client(IAMClient, login.accessToken);
  await expect(asUser.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  const PolicyDocument = policyText(["iam:ListUsers"]);
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument }));
  await asUser.send(new ListUsersCommand({}));
});

test("they end with the session that they come from, after twelve hours", async () => {
  const { cloud, login, renew } = await loggedIn();
  await cloud.clock.advance(12 * HOUR_SECONDS - 60);
  const last = await renew(login.refreshToken);
  expect(last.status).toBe(200);
  expect(last.expiresIn).toBeLessThanOrEqual(60);
  await cloud.clock.advance(60);
  expect(await renew(login.refreshToken)).toMatchObject(denied("TOKEN_EXPIRED"));
});

test("a code is good for one attempt, for ten minutes, with what it was asked for with", async () => {
  const browser = await withDeveloper();
  const { redeem } = await program(browser.cloud);
  const wrong = [
    { codeVerifier: "w".repeat(64) },
    { redirectUri: "http://127.0.0.1:1/oauth/callback" },
    { clientId: CROSS_DEVICE },
  ];
  for (const more of wrong) {
    const code = await codeFor(browser);
    expect(await redeem(code, more)).toMatchObject(invalid);
    expect(await redeem(code)).toMatchObject(denied("AUTHCODE_EXPIRED"));
  }
  const late = await codeFor(browser);
  await browser.cloud.clock.advance(601);
  expect(await redeem(late)).toMatchObject(denied("AUTHCODE_EXPIRED"));
});

test("a token is of no use without the key that it was given to", async () => {
  const { cloud, login, renew, proof } = await loggedIn();
  const other = await program(cloud);
  expect(await other.renew(login.refreshToken)).toMatchObject(invalid);
  const { refreshToken } = login;
  const again = (dpop: string) => other.post({ grantType: "refresh_token", refreshToken }, dpop);
  const proofs = ["", "a.b.c", await proof("http://localhost:4566/other"), `${(await proof()).slice(0, -8)}AAAAAAAA`];
  for (const each of proofs) expect(await again(each), each).toMatchObject(invalid);
  expect(await renew(refreshToken)).toMatchObject({ status: 200 });
});

test("who loses the right, or is no more, has nothing renewed", async () => {
  const { iam, UserName, login, renew } = await loggedIn();
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: LOCAL_DEVELOPMENT }));
  expect(await renew(login.refreshToken)).toMatchObject(denied("INSUFFICIENT_PERMISSIONS"));
  await iam.send(new DeleteLoginProfileCommand({ UserName }));
  await iam.send(new DeleteUserCommand({ UserName }));
  expect(await renew(login.refreshToken)).toMatchObject(denied("USER_CREDENTIALS_CHANGED"));
});

test("a role's session at the console lends programs itself, and what revokes it revokes what they have", async () => {
  const cloud = await testCloud();
  const broker = await makeUser(cloud, "broker", { allow: ["sts:AssumeRole"] });
  const allow = ["iam:ListUsers", "signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"];
  const RoleArn = await makeRole(cloud, "support", { trusts: broker.arn, allow });
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "ann" });
  const { Credentials = {} } = await cloud.client(STSClient, broker).send(assume);
  const { cookie } = await federate(cloud, Credentials);
  const { redeem, renew } = await program(cloud);
  const login = await redeem(await codeFor({ cloud, cookie }));
  const listAs = ({ accessToken }: typeof login) => cloud.client(IAMClient, accessToken).send(new ListUsersCommand({}));
  await listAs(login);
  await cloud.clock.advance(600);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
  const older = { DateLessThan: { "aws:TokenIssueTime": cloud.clock.now().toISOString() } };
  const Statement = [{ Effect: "Deny", Action: "*", Resource: "*", Condition: older }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const revocation = { RoleName: "support", PolicyName: "AWSRevokeOlderSessions", PolicyDocument };
  await cloud.client(IAMClient).send(new PutRolePolicyCommand(revocation));
  await expect(listAs(login)).rejects.toMatchObject({ name: "AccessDenied" });
  expect(await renew(login.refreshToken)).toMatchObject(denied("INSUFFICIENT_PERMISSIONS"));
});

test("what is recorded of a login has none of its secrets", async () => {
  const { cloud, login } = await loggedIn();
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({}));
  const told = Events.filter(({ EventSource }) => EventSource === "signin.amazonaws.com");
  // Source: https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html (AuthorizeOAuth2Access, CreateOAuth2Token)
  expect(new Set(told.map(({ EventName }) => EventName))).toEqual(
    new Set(["ConsoleLogin", "AuthorizeOAuth2Access", "CreateOAuth2Token"]),
  );
  expect(new Set(told.map(({ Username }) => Username))).toEqual(new Set(["ann"]));
  const text = JSON.stringify(told);
  for (const secret of [login.accessToken?.secretAccessKey, login.accessToken?.sessionToken, login.refreshToken]) {
    expect(secret).toBeDefined();
    expect(text).not.toContain(secret);
  }
});
