import {
  AdminDisableUserCommand,
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  GetUserCommand,
  GetUserPoolClientSessionConfigurationCommand,
  GetUserPoolSessionConfigurationCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  SetUserPoolClientSessionConfigurationCommand,
  SetUserPoolSessionConfigurationCommand,
  type CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { withHostedPages } from "../../../../test/hosted-pages.ts";
import { makePool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-Horse-7";

const configure = (idp: CognitoIdentityProviderClient, UserPoolId: string, MaxPerUser = 20) =>
  idp.send(
    new SetUserPoolSessionConfigurationCommand({
      UserPoolId,
      UserSessionTracking: "ENABLED",
      TokenSession: { MaxPerUser },
    }),
  );

async function withTracking(max?: number) {
  const pool = await makePool();
  const { idp, cloud, poolId: UserPoolId, clientId: ClientId } = pool;
  await pool.makeUser("ann", PASSWORD);
  await pool.makeUser("bob", PASSWORD);
  await configure(idp, UserPoolId, max);
  const signIn = async (USERNAME = "ann") => {
    await cloud.clock.advance(1);
    const AuthParameters = { USERNAME, PASSWORD };
    const asked = { ClientId, AuthFlow: "USER_PASSWORD_AUTH" as const, AuthParameters };
    const { AuthenticationResult: given } = await idp.send(new InitiateAuthCommand(asked));
    return { access: given?.AccessToken ?? "", refresh: given?.RefreshToken ?? "" };
  };
  const refresh = (REFRESH_TOKEN: string) =>
    idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } }));
  const listed = async (AccessToken: string) =>
    (await idp.send(new ListUserSessionsCommand({ AccessToken }))).Sessions ?? [];
  const known = async (Username = "ann") =>
    (await idp.send(new AdminListUserSessionsCommand({ UserPoolId, Username }))).Sessions ?? [];
  const isGood = (AccessToken: string) =>
    idp.send(new GetUserCommand({ AccessToken })).then(
      () => true,
      () => false,
    );
  return { ...pool, UserPoolId, ClientId, signIn, refresh, listed, known, isGood };
}

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolSessionConfiguration.html
test("sessions are tracked where that is turned on, in a tier that has it", async () => {
  const { idp, poolId: UserPoolId } = await makePool();
  const off = { name: "OperationNotEnabledException", $metadata: { httpStatusCode: 400 } };
  const list = () => idp.send(new AdminListUserSessionsCommand({ UserPoolId, Username: "ann" }));
  await expect(list()).rejects.toMatchObject(off);
  expect(await idp.send(new GetUserPoolSessionConfigurationCommand({ UserPoolId }))).toMatchObject({
    UserSessionTracking: "DISABLED",
    TokenSession: { MaxPerUser: 20 },
  });
  expect(await configure(idp, UserPoolId, 5)).toMatchObject({ UserPoolId, TokenSession: { MaxPerUser: 5 } });
  await expect(list()).rejects.toMatchObject({ name: "UserNotFoundException" });
  for (const max of [0, 101]) {
    await expect(configure(idp, UserPoolId, max)).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
  const lite = await makePool({ UserPoolTier: "LITE" });
  const unavailable = { name: "FeatureUnavailableInTierException" };
  await expect(configure(lite.idp, lite.poolId)).rejects.toMatchObject(unavailable);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SessionDescriptionType.html
test("a user sees their sessions, the newest first, and which of them is their own", async () => {
  const { ClientId, signIn, listed, known } = await withTracking();
  await signIn("bob");
  const [, second] = [await signIn(), await signIn()];
  const sessions = await listed(second.access);
  expect(sessions.map(({ IsCurrentSession }) => IsCurrentSession)).toEqual([true, false]);
  const [newest] = sessions;
  expect(newest).toMatchObject({ SessionType: "TOKEN", ClientId, LastIPAddress: "127.0.0.1" });
  expect(newest?.SessionId).toMatch(/^tkn[a-z0-9]{25}$/);
  const shown = await known();
  expect(shown.map(({ SessionId }) => SessionId)).toEqual(sessions.map(({ SessionId }) => SessionId));
  expect(shown.every(({ IsCurrentSession }) => IsCurrentSession === false)).toBe(true);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeUserSession.html
test("a session that is revoked is good for nothing, and others are", async () => {
  const { idp, signIn, refresh, listed, isGood } = await withTracking();
  const [lost, own] = [await signIn(), await signIn()];
  const [current, other] = await listed(own.access);
  const revoke = (SessionId: string | undefined) =>
    idp.send(new RevokeUserSessionCommand({ AccessToken: own.access, SessionId }));
  await expect(revoke(current?.SessionId)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await revoke(other?.SessionId);
  await expect(revoke(other?.SessionId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect([await isGood(lost.access), await isGood(own.access)]).toEqual([false, true]);
  await expect(refresh(lost.refresh)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await refresh(own.refresh);
  expect((await listed(own.access)).length).toBe(1);
});

test("nobody ends a session of somebody else by its id", async () => {
  const { idp, UserPoolId, signIn, known } = await withTracking();
  const [ann] = [await signIn(), await signIn("bob")];
  const [bobs] = await known("bob");
  const SessionId = bobs?.SessionId;
  const unknown = { name: "ResourceNotFoundException" };
  const byAnn = idp.send(new RevokeUserSessionCommand({ AccessToken: ann.access, SessionId }));
  await expect(byAnn).rejects.toMatchObject(unknown);
  const asAnn = idp.send(new AdminRevokeUserSessionCommand({ UserPoolId, Username: "ann", SessionId }));
  await expect(asAnn).rejects.toMatchObject(unknown);
  await idp.send(new AdminRevokeUserSessionCommand({ UserPoolId, Username: "bob", SessionId }));
  expect(await known("bob")).toEqual([]);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolTokenSessionConfigType.html
test("a user with as many sessions as there may be loses the one that was used least lately", async () => {
  const { signIn, refresh, known, isGood } = await withTracking(2);
  const [first, second] = [await signIn(), await signIn()];
  await refresh(first.refresh);
  const third = await signIn();
  expect([await isGood(first.access), await isGood(second.access), await isGood(third.access)]).toEqual([
    true,
    false,
    true,
  ]);
  expect((await known()).length).toBe(2);
});

test("sessions of a user who was shut out, or whose tokens have run out, are not active", async () => {
  const { idp, cloud, UserPoolId, signIn, known } = await withTracking();
  await signIn();
  await signIn("bob");
  await idp.send(new AdminDisableUserCommand({ UserPoolId, Username: "ann" }));
  expect([(await known()).length, (await known("bob")).length]).toEqual([0, 1]);
  await cloud.clock.advance(31 * 86_400);
  expect(await known("bob")).toEqual([]);
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ClientSSOSessionConfigType.html
test("each app says how long it is content with the browser's session, and tokens tell which one they come from", async () => {
  const {
    admin: idp,
    cloud,
    poolId: UserPoolId,
    app,
    newClient,
    authorizeUrl,
    browser,
    signIn,
    redeem,
  } = await withHostedPages();
  await configure(idp, UserPoolId);
  const other = await newClient();
  const strict = { UserPoolId, ClientId: other.id, SSOSession: { MaxValidityMinutes: 5 } };
  await idp.send(new SetUserPoolClientSessionConfigurationCommand(strict));
  const configured = (ClientId: string) =>
    idp.send(new GetUserPoolClientSessionConfigurationCommand({ UserPoolId, ClientId }));
  expect((await configured(app.id)).SSOSession).toEqual({ MaxValidityMinutes: 60 });
  expect((await configured(other.id)).SSOSession).toEqual({ MaxValidityMinutes: 5 });
  const by = browser();
  const signedIn = await signIn({}, by);
  await redeem(signedIn.location?.searchParams.get("code") ?? "");
  const list = async () =>
    (await idp.send(new AdminListUserSessionsCommand({ UserPoolId, Username: "ann" }))).Sessions ?? [];
  const sessions = await list();
  const sso = sessions.find(({ SessionType }) => SessionType === "SSO");
  expect(sso?.SessionId).toMatch(/^sso[a-z0-9]{25}$/);
  expect(sessions.find(({ SessionType }) => SessionType === "TOKEN")?.OriginSessionId).toBe(sso?.SessionId);
  const leadsTo = async (client_id: string) => (await by.get(authorizeUrl({ client_id }))).location?.pathname;
  expect(await leadsTo(other.id)).toBe("/callback");
  await cloud.clock.advance(5 * 60);
  expect([await leadsTo(other.id), await leadsTo(app.id)]).toEqual(["/login", "/callback"]);
  const ending = {
    UserPoolId,
    Username: "ann",
    SessionId: sso?.SessionId,
    RevokeAssociatedSessions: "LINKED" as const,
  };
  await idp.send(new AdminRevokeUserSessionCommand(ending));
  expect(await list()).toEqual([]);
  expect(await leadsTo(app.id)).toBe("/login");
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html (RevokeAssociatedSessions)
test.each([
  ["LINKED", "/login"],
  ["NONE", "/callback"],
] as const)("a token that is revoked may take the browser's session with it: %s", async (linked, then) => {
  const { admin: idp, poolId, app, authorizeUrl, browser, signIn, redeem } = await withHostedPages();
  await configure(idp, poolId);
  const by = browser();
  const signedIn = await signIn({}, by);
  const { text } = await redeem(signedIn.location?.searchParams.get("code") ?? "");
  const { refresh_token: Token }: { refresh_token: string } = JSON.parse(text);
  await idp.send(new RevokeTokenCommand({ ClientId: app.id, Token, RevokeAssociatedSessions: linked }));
  expect((await by.get(authorizeUrl({ client_id: app.id }))).location?.pathname).toBe(then);
});
