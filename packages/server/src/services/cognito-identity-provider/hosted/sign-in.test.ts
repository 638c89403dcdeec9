import { AdminDisableUserCommand, AdminSetUserPasswordCommand } from "@aws-sdk/client-cognito-identity-provider";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { CALLBACK, CHALLENGE, formAction, PASSWORD, withHostedPages } from "../../../../test/hosted-pages.ts";

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html, as all that follow
test("an app's user signs in on the page, and the app is told with a code and its own state", async () => {
  const { browser, authorizeUrl } = await withHostedPages();
  const by = browser();
  const begun = await by.get(authorizeUrl({ state: "s&1", scope: "openid email", login_hint: "ann" }));
  expect(begun.status).toBe(302);
  expect(begun.location?.pathname).toBe("/login");
  const page = await by.get(begun.location?.href ?? "");
  expect(page.text).toContain('<label for="password">');
  expect(page.text).toContain('value="ann"');
  expect(page.text).not.toMatch(/<script|src=|<link/);
  const { status, location } = await by.submit(page, { username: "ann", password: PASSWORD });
  expect(status).toBe(302);
  expect(`${location?.origin}${location?.pathname}`).toBe("https://app.example.com/callback");
  expect(location?.searchParams.get("from")).toBe("login");
  expect(location?.searchParams.get("state")).toBe("s&1");
  expect(location?.searchParams.get("code")).toMatch(/^[0-9a-f-]{36}$/);
});

test("in the same browser nobody signs in twice within an hour, unless the app wants it so", async () => {
  const { cloud, browser, authorizeUrl, signIn } = await withHostedPages();
  const by = browser();
  await signIn({}, by);
  const again = await by.get(authorizeUrl());
  expect(again.location?.searchParams.get("code")).toMatch(/^[0-9a-f-]{36}$/);
  expect((await by.get(authorizeUrl({ prompt: "login" }))).location?.pathname).toBe("/login");
  await cloud.clock.advance(3601);
  expect((await by.get(authorizeUrl())).location?.pathname).toBe("/login");
  const none = await by.get(authorizeUrl({ prompt: "none" }));
  expect(none.location?.searchParams.get("error")).toBe("login_required");
});

test("a user who was disabled is signed in nowhere", async () => {
  const { admin, poolId: UserPoolId, browser, authorizeUrl, signIn } = await withHostedPages();
  const by = browser();
  await signIn({}, by);
  await admin.send(new AdminDisableUserCommand({ UserPoolId, Username: "ann" }));
  expect((await by.get(authorizeUrl())).location?.pathname).toBe("/login");
  const { status, text } = await signIn();
  expect(status).toBe(400);
  expect(text).toContain("User is disabled.");
});

test("a user who has to choose another password is signed in nowhere", async () => {
  const { admin, poolId: UserPoolId, browser, authorizeUrl, signIn, codeFor, redeem } = await withHostedPages();
  const by = browser();
  await signIn({}, by);
  const code = await codeFor();
  const temporary = { UserPoolId, Username: "ann", Password: "Given-By-Admin-1", Permanent: false };
  await admin.send(new AdminSetUserPasswordCommand(temporary));
  expect((await by.get(authorizeUrl())).location?.pathname).toBe("/login");
  expect((await redeem(code)).status).toBe(400);
});

test("a wrong password is said on the page, and what was typed is never HTML", async () => {
  const { browser, authorizeUrl } = await withHostedPages();
  const by = browser();
  const page = await by.get((await by.get(authorizeUrl({ state: '"><script>' }))).location?.href ?? "");
  const wrong = await by.submit(page, { username: "<b>ann</b>", password: "wrong" });
  expect(wrong.status).toBe(400);
  expect(wrong.text).toMatch(/role="alert"/);
  expect(wrong.text).toContain("&lt;b&gt;ann&lt;/b&gt;");
  expect(wrong.text).not.toContain("<script>");
  expect((await by.submit(wrong, { username: "ann", password: PASSWORD })).status).toBe(302);
});

test("wrong passwords are counted on the page too", async () => {
  const { signIn, browser, authorizeUrl } = await withHostedPages();
  const by = browser();
  const page = await by.get((await by.get(authorizeUrl())).location?.href ?? "");
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow-things-to-know.html
  for (let count = 0; count < 6; count++) await by.submit(page, { username: "ann", password: "wrong" });
  const { status, text } = await signIn();
  expect(status).toBe(400);
  expect(text).toContain("Password attempts exceeded");
});

test("a form that another site sends is not taken, nor one with another browser's token", async () => {
  const { browser, authorizeUrl } = await withHostedPages();
  const [victim, attacker] = [browser(), browser()];
  const path = (await victim.get(authorizeUrl())).location?.href ?? "";
  const page = await victim.get(path);
  const typed = { username: "ann", password: PASSWORD };
  expect((await victim.post(formAction(page.text), typed)).status).toBe(403);
  const foreign = await attacker.get(path);
  expect((await victim.submit(foreign, typed)).status).toBe(403);
  expect(victim.cookies.has("cognito")).toBe(false);
});

test("the cookie of a session is for the pages alone, and no page is framed or kept", async () => {
  const { browser, authorizeUrl, signIn } = await withHostedPages();
  const signedIn = await signIn();
  expect(signedIn.headers["set-cookie"]).toMatch(/^cognito=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax$/);
  const by = browser();
  const page = await by.get((await by.get(authorizeUrl())).location?.href ?? "");
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  // browsers hold the redirection after a form to this as well
  expect(page.headers["content-security-policy"]).toContain("form-action 'self' https://app.example.com;");
  expect(page.headers["cache-control"]).toBe("no-store");
});

test.each([
  "https://app.example.com/callback",
  `${CALLBACK}&more=1`,
  `${CALLBACK}/../evil`,
  "https://evil.example.com/callback?from=login",
  "https://app.example.com@evil.example.com/callback?from=login",
  "//evil.example.com",
  "javascript:alert(1)",
  "",
])("nobody is sent to an address that is not registered letter by letter: %s", async (redirect_uri) => {
  const { browser, authorizeUrl } = await withHostedPages();
  for (const path of ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"]) {
    const { status, location, text } = await browser().get(
      authorizeUrl({ redirect_uri }).replace("/oauth2/authorize", path),
    );
    expect(status).toBe(400);
    expect(location).toBeUndefined();
    expect(text).toContain("redirect_mismatch");
  }
});

test("an address may have letters of any script, and an app a scheme of its own", async () => {
  const addresses = ["https://app.example.com/grüße", "myapp://signed-in"];
  const { signIn } = await withHostedPages({ client: { CallbackURLs: addresses } });
  const [web, app] = await Promise.all(addresses.map((redirect_uri) => signIn({ redirect_uri })));
  expect(web?.headers["location"]).toMatch(/^https:\/\/app\.example\.com\/gr%C3%BC%C3%9Fe\?code=[0-9a-f-]{36}$/);
  expect(app?.headers["location"]).toMatch(/^myapp:\/\/signed-in\?code=[0-9a-f-]{36}$/);
});

test("two addresses in one request are none", async () => {
  const { browser, authorizeUrl } = await withHostedPages();
  const url = `${authorizeUrl()}&redirect_uri=${encodeURIComponent("https://evil.example.com/")}`;
  const { status, location } = await browser().get(url);
  expect(status).toBe(400);
  expect(location).toBeUndefined();
});

test.each([
  [{ response_type: "nothing" }, "invalid_request"],
  [{ response_type: "token" }, "unauthorized_client"],
  [{ scope: "openid phone" }, "invalid_scope"],
  [{ scope: "email" }, "invalid_scope"],
  [{ code_challenge: CHALLENGE }, "invalid_request"],
  [{ code_challenge: CHALLENGE, code_challenge_method: "plain" }, "invalid_request"],
  [{ code_challenge_method: "S256" }, "invalid_request"],
  [{ code_challenge: "short", code_challenge_method: "S256" }, "invalid_request"],
] as const)("an app that asks wrongly is told so at its own address: %o", async (asked, error) => {
  const { browser, authorizeUrl } = await withHostedPages();
  const { location } = await browser().get(authorizeUrl({ state: "s1", ...asked }));
  expect(location?.host).toBe("app.example.com");
  const told = location?.hash === "" ? location.searchParams : new URLSearchParams(location?.hash.slice(1));
  expect(told.get("error")).toBe(error);
  expect(told.get("state")).toBe("s1");
});

test("a client of another pool, or one that is for no pages, has none here", async () => {
  const { browser, authorizeUrl, newClient } = await withHostedPages();
  const other = await withHostedPages();
  const closed = await newClient({ AllowedOAuthFlowsUserPoolClient: false });
  for (const client_id of [other.app.id, closed.id, "none"]) {
    const { status, location, text } = await browser().get(authorizeUrl({ client_id }));
    expect(status).toBe(400);
    expect(location).toBeUndefined();
    expect(text).toContain("Login pages unavailable");
  }
});

test("a domain that nobody has shows nothing, under its name here too", async () => {
  const { browser, authorizeUrl } = await withHostedPages();
  const by = browser();
  expect((await by.get(authorizeUrl(), { host: "nobody.auth.us-east-1.amazoncognito.com" })).status).toBe(404);
  for (const suffix of [".com.localhost:4566", ".localhost"]) {
    const host = `customers.auth.us-east-1.amazoncognito${suffix}`;
    expect((await by.get(authorizeUrl(), { host })).status).toBe(302);
  }
  expect((await by.get("/other")).status).toBe(404);
});

test("in the implicit flow the tokens come at once, behind the #, and none to refresh them", async () => {
  const { signIn } = await withHostedPages({ client: { AllowedOAuthFlows: ["implicit"] } });
  const { location } = await signIn({ response_type: "token", state: "s1", nonce: "n1" });
  expect(location?.search).toBe("?from=login");
  const given = new URLSearchParams(location?.hash.slice(1));
  expect(decodeJwt(given.get("id_token") ?? "")).toMatchObject({ nonce: "n1", email: "ann@example.com" });
  expect(decodeJwt(given.get("access_token") ?? "")).toMatchObject({ token_use: "access", username: "ann" });
  expect(given.get("expires_in")).toBe("3600");
  expect(given.get("token_type")).toBe("Bearer");
  expect(given.get("state")).toBe("s1");
  expect(given.has("refresh_token")).toBe(false);
  const bare = await signIn({ response_type: "token", scope: "aws.cognito.signin.user.admin" });
  expect(new URLSearchParams(bare.location?.hash.slice(1)).has("id_token")).toBe(false);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
test("who signs out is sent on to an address that the app registered, and is signed in no longer", async () => {
  const { app, browser, authorizeUrl, signIn } = await withHostedPages();
  const by = browser();
  await signIn({}, by);
  const evil = await by.get(`/logout?client_id=${app.id}&logout_uri=https://evil.example.com`);
  expect(evil.status).toBe(400);
  expect(evil.location).toBeUndefined();
  const out = await by.get(`/logout?client_id=${app.id}&logout_uri=https://app.example.com/bye`);
  expect(out.location?.href).toBe("https://app.example.com/bye");
  expect((await by.get(authorizeUrl())).location?.pathname).toBe("/login");
  await signIn({}, by);
  const next = await by.get(authorizeUrl().replace("/oauth2/authorize", "/logout"));
  expect(next.location?.pathname).toBe("/login");
  expect(by.cookies.has("cognito")).toBe(false);
});
