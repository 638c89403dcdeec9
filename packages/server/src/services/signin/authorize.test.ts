import { expect, test } from "vitest";
import { answer, ask, CALLBACK, CROSS_DEVICE, wish, withDeveloper } from "../../../test/developer-login.ts";
import { visit } from "../../../test/sign-in.ts";

test("who is signed in is asked, and the program gets a code and its state back", async () => {
  const browser = await withDeveloper();
  const page = await ask(browser);
  expect(page.status).toBe(200);
  expect(page.text).toContain("arn:aws:iam::000000000000:user/ann");
  const { location = "" } = await answer(browser);
  const url = new URL(location);
  expect(`${url.origin}${url.pathname}`).toBe(CALLBACK);
  expect(url.searchParams.get("state")).toBe("s1");
  expect(url.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
});

test("who is not signed in is led to the sign-in and back, and says no if they like", async () => {
  const browser = await withDeveloper();
  const { location = "" } = await ask({ ...browser, cookie: "" });
  const back = new URL(location, "http://signin.localhost:4566").searchParams.get("redirect_uri") ?? "";
  expect(location).toMatch(/^\/console\?/);
  expect(new URL(back).searchParams.get("redirect_uri")).toBe(CALLBACK);
  // Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
  expect((await answer(browser, wish(), "deny")).location).toBe(`${CALLBACK}?error=access_denied&state=s1`);
  expect((await answer({ ...browser, cookie: "" })).status).toBe(401);
});

test("at any other name of the cloud a browser is sent to the sign-in's own", async () => {
  const { cloud } = await withDeveloper();
  const { location = "" } = await visit(cloud, "/v1/authorize", { query: wish(), host: "localhost:4566" });
  expect(location).toMatch(/^http:\/\/signin\.localhost:4566\/v1\/authorize\?/);
});

test("for another machine the code is shown, with its state", async () => {
  const browser = await withDeveloper();
  const redirect_uri = "http://localhost:4566/v1/sessions/confirmation";
  const { location = "" } = await answer(browser, wish({ client_id: CROSS_DEVICE, redirect_uri }));
  const query = Object.fromEntries(new URL(location).searchParams);
  const shown = await visit(browser.cloud, "/v1/sessions/confirmation", { query, host: "localhost:4566" });
  const [, carried = ""] = /class="code">([^<]+)</.exec(shown.text) ?? [];
  // as the AWS CLI takes it apart
  expect(Object.fromEntries(new URLSearchParams(Buffer.from(carried, "base64").toString("utf8")))).toEqual(query);
});

test("codes go to programs on the browser's machine, or nowhere", async () => {
  const browser = await withDeveloper();
  const strange = [
    { client_id: "arn:aws:signin:::devtools/other" },
    { redirect_uri: "https://example.com/oauth/callback" },
    { redirect_uri: "http://127.0.0.1.example.com/oauth/callback" },
    { redirect_uri: "http://127.0.0.1:40123/other" },
    { redirect_uri: "http://localhost:4566/v1/sessions/confirmation" },
    { client_id: CROSS_DEVICE, redirect_uri: "https://example.com/v1/sessions/confirmation" },
    { response_type: "token" },
    { scope: "everything" },
    { code_challenge_method: "plain" },
    { code_challenge: "short" },
  ];
  for (const more of strange) {
    expect((await ask(browser, wish(more))).status, JSON.stringify(more)).toBe(400);
    expect((await answer(browser, wish(more))).location).toBeUndefined();
  }
});

test("nobody lets a program in whom policies do not let", async () => {
  const browser = await withDeveloper([]);
  const { status, location } = await answer(browser);
  expect([status, location]).toEqual([403, undefined]);
});

test("the page lets a browser say where its form is from, and lead to the program", async () => {
  const { cloud, cookie } = await withDeveloper();
  const { headers } = await cloud.send({
    method: "GET",
    path: "/v1/authorize",
    query: wish(),
    headers: { host: "signin.localhost:4566", cookie },
  });
  // Source: https://fetch.spec.whatwg.org/#append-a-request-origin-header (`no-referrer` makes it `null`)
  expect(headers["referrer-policy"]).toBe("same-origin");
  // Source: https://www.w3.org/TR/CSP3/#directive-form-action (redirects too)
  expect(headers["content-security-policy"]).toContain("form-action 'self' http://127.0.0.1:40123;");
  const { statusCode } = await cloud.send({
    method: "POST",
    path: "/v1/authorize",
    headers: { host: "signin.localhost:4566", cookie, origin: "http://signin.localhost:4566" },
    body: new URLSearchParams({ ...wish(), answer: "continue" }).toString(),
  });
  expect(statusCode).toBe(303);
});

test("a form of another site lets nobody in", async () => {
  const { cloud, cookie } = await withDeveloper();
  const { statusCode } = await cloud.send({
    method: "POST",
    path: "/v1/authorize",
    headers: { host: "signin.localhost:4566", cookie, origin: "https://example.com" },
    body: new URLSearchParams({ ...wish(), answer: "continue" }).toString(),
  });
  expect(statusCode).toBe(403);
});
