import {
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { appCode } from "../../../../test/authenticator.ts";
import { CALLBACK, PASSWORD, withHostedPages, type Browser } from "../../../../test/hosted-pages.ts";
import { newestCode } from "../../../../test/user-pools.ts";

type World = Awaited<ReturnType<typeof withHostedPages>>;

const isCode = expect.stringMatching(/^[0-9a-f-]{36}$/);

/** The first page after the name and password. */
async function enter({ browser, authorizeUrl }: World, password = PASSWORD, by: Browser = browser()) {
  const login = await by.get((await by.get(authorizeUrl())).location?.href ?? "");
  return { by, page: await by.submit(login, { username: "ann", password }) };
}

const codeIn = (location: URL | undefined) => location?.searchParams.get("code");

async function withFactors(MfaConfiguration: "ON" | "OPTIONAL") {
  const world = await withHostedPages();
  await world.admin.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId: world.poolId,
      MfaConfiguration,
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
  );
  return world;
}

/** Sets an authenticator app up at the first sign-in; gives its key. */
async function setUp(world: World) {
  const { by, page } = await enter(world);
  const [secret = ""] = /[A-Z2-7]{52}/.exec(page.text) ?? [];
  expect((await by.submit(page, { code: "000000" })).status).toBe(400);
  const code = appCode(secret, world.cloud.clock.now());
  const { location } = await by.submit(page, { code });
  expect(codeIn(location)).toEqual(isCode);
  return { secret, code };
}

test("a user whom an administrator made chooses a password before anything else", async () => {
  const world = await withHostedPages();
  const { admin, poolId: UserPoolId, app, browser, authorizeUrl, redeem } = world;
  const TemporaryPassword = "Given-By-Admin-1";
  await admin.send(
    new AdminCreateUserCommand({ UserPoolId, Username: "bob", TemporaryPassword, MessageAction: "SUPPRESS" }),
  );
  const by = browser();
  const login = await by.get((await by.get(authorizeUrl())).location?.href ?? "");
  const page = await by.submit(login, { username: "bob", password: TemporaryPassword });
  expect(page.text).toContain("Choose a new password");
  expect(by.cookies.has("cognito")).toBe(false);
  const weak = await by.submit(page, { NEW_PASSWORD: "weak" });
  expect(weak.status).toBe(400);
  expect(weak.text).toContain("Password did not conform with policy");
  const { location } = await by.submit(weak, { NEW_PASSWORD: "Chosen-By-Bob-2" });
  expect((await redeem(codeIn(location) ?? "", { client_id: app.id, redirect_uri: CALLBACK })).status).toBe(200);
  const again = await by.submit(weak, { NEW_PASSWORD: "Chosen-By-Eve-3" });
  expect(again.status).toBe(400);
  expect(again.text).toContain("The sign-in has expired");
});

test("a pool that insists has its users set an authenticator app up, and asks for its code from then on", async () => {
  const world = await withFactors("ON");
  const { secret, code } = await setUp(world);
  const { by, page } = await enter(world);
  expect(page.text).toContain('name="SOFTWARE_TOKEN_MFA_CODE"');
  expect(by.cookies.has("cognito")).toBe(false);
  const used = await by.submit(page, { SOFTWARE_TOKEN_MFA_CODE: code });
  expect(used.status).toBe(400);
  await world.cloud.clock.advance(60);
  const { location } = await by.submit(used, { SOFTWARE_TOKEN_MFA_CODE: appCode(secret, world.cloud.clock.now()) });
  expect(codeIn(location)).toEqual(isCode);
});

test("whoever knows the password alone stays outside, however often they try", async () => {
  const world = await withFactors("ON");
  const { secret } = await setUp(world);
  const { by, page } = await enter(world);
  expect((await by.get(world.authorizeUrl())).location?.pathname).toBe("/login");
  for (let count = 0; count < 5; count++) await by.submit(page, { SOFTWARE_TOKEN_MFA_CODE: "000000" });
  await world.cloud.clock.advance(60);
  const right = await by.submit(page, { SOFTWARE_TOKEN_MFA_CODE: appCode(secret, world.cloud.clock.now()) });
  expect(right.status).toBe(400);
  expect(right.text).toContain("The sign-in has expired");
  const late = await enter(world);
  await world.cloud.clock.advance(600);
  const { text } = await late.by.submit(late.page, {
    SOFTWARE_TOKEN_MFA_CODE: appCode(secret, world.cloud.clock.now()),
  });
  expect(text).toContain("The sign-in has expired");
});

test("a question is answered at the app that it was asked for, and nothing else is a question", async () => {
  const world = await withFactors("ON");
  const { secret } = await setUp(world);
  await world.cloud.clock.advance(60);
  const { by, page } = await enter(world);
  const other = await world.newClient();
  const elsewhere = { ...page, text: page.text.replace(`client_id=${world.app.id}`, `client_id=${other.id}`) };
  const typed = { SOFTWARE_TOKEN_MFA_CODE: appCode(secret, world.cloud.clock.now()) };
  expect((await by.submit(elsewhere, typed)).text).toContain("The sign-in has expired");
  expect((await by.submit(page, { ...typed, question: "none" })).text).toContain("The sign-in has expired");
  expect(codeIn((await by.submit(page, typed)).location)).toEqual(isCode);
});

test("a user who may choose is asked how, and a code by mail is as good", async () => {
  const world = await withHostedPages();
  const { admin, poolId: UserPoolId } = world;
  await admin.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: "OPTIONAL",
      EmailMfaConfiguration: { Message: "{####} is your code", Subject: "Sign in" },
    }),
  );
  expect(codeIn((await enter(world)).page.location)).toEqual(isCode);
  await admin.send(
    new AdminSetUserMFAPreferenceCommand({
      UserPoolId,
      Username: "ann",
      EmailMfaSettings: { Enabled: true, PreferredMfa: true },
    }),
  );
  const { by, page } = await enter(world);
  expect(page.text).toContain("A code was sent to a***@e***.");
  const { location } = await by.submit(page, { EMAIL_OTP_CODE: await newestCode(world, "ann@example.com") });
  expect(codeIn(location)).toEqual(isCode);
});
