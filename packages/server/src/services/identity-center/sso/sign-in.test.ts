import { ListAccountsCommand, SSOClient } from "@aws-sdk/client-sso";
import { CreateUserCommand, IdentitystoreClient } from "@aws-sdk/client-identitystore";
import { CreateInstanceCommand, DescribeInstanceCommand, SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { browserAt, deviceAt, firstSignIn, tokenOf } from "../../../../test/identity-center-portal.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

async function withUser() {
  const center = await withIdentityCenter();
  await center.addUser("ann");
  const { cloud, IdentityStoreId } = center;
  return { ...center, browser: browserAt(cloud, IdentityStoreId), open: () => browserAt(cloud, IdentityStoreId) };
}

test("a new user gets a code by mail, chooses a password, and signs in with it from then on", async () => {
  const { cloud, browser, open } = await withUser();
  const home = await firstSignIn(cloud, browser, "ann");
  expect(home.text).toContain("AWS access portal");
  const [mail] = await cloud.cloud.outbox(1);
  expect(mail).toMatchObject({ kind: "email", to: "ann@example.com", service: "sso" });
  const other = open();
  const asked = await other.submit(await other.follow(await other.get("/start")), { user: "ANN" });
  expect(asked.text).toContain("Password");
  const wrong = await other.submit(asked, { password: "Wrong-horse-1" });
  expect(wrong.text).toContain("We couldn&#39;t verify your sign-in credentials.");
  const entered = await other.submit(wrong, { password: "Correct-horse-1" });
  expect((await other.follow(entered)).text).toContain("Signed in as");
});

test("nobody learns whether there is a user of a name", async () => {
  const { cloud, open } = await withUser();
  const browser = open();
  const asked = await browser.submit(await browser.follow(await browser.get("/start")), { user: "nobody" });
  expect(asked.text).toContain("Password");
  expect((await browser.submit(asked, { password: "Correct-horse-1" })).text).toContain("We couldn&#39;t verify");
  const forgotten = await browser.post("/start/code", { user: "nobody", to: "/start" });
  expect(forgotten.text).toContain("We sent a verification code");
  expect(await cloud.cloud.outbox(10)).toEqual([]);
});

test("after five wrong passwords in a row even the right one has to wait a minute", async () => {
  const { cloud, browser, open } = await withUser();
  await firstSignIn(cloud, browser, "ann");
  const other = open();
  const sign = (password: string) => other.post("/start/password", { user: "ann", to: "/start", password });
  for (let attempt = 0; attempt < 5; attempt++) expect((await sign("Wrong-horse-1")).statusCode).toBe(200);
  expect((await sign("Correct-horse-1")).statusCode).toBe(200);
  await cloud.clock.advance(61);
  expect((await sign("Correct-horse-1")).statusCode).toBe(303);
});

test("a code is good for ten minutes, five attempts and one password", async () => {
  const { cloud, browser } = await withUser();
  const password = "Correct-horse-1";
  const send = () => browser.post("/start/code", { user: "ann", to: "/start" });
  const codeIn = async () => /is (\d{6})\./.exec((await cloud.cloud.outbox(1))[0]?.text ?? "")?.[1] ?? "";
  const choose = (code: string) => browser.post("/start/new-password", { user: "ann", to: "/start", code, password });
  await send();
  const first = await codeIn();
  const wrong = first === "000000" ? "000001" : "000000";
  for (let attempt = 0; attempt < 5; attempt++) expect((await choose(wrong)).text).toContain("not valid");
  expect((await choose(first)).text).toContain("not valid");
  await send();
  const second = await codeIn();
  await cloud.clock.advance(601);
  expect((await choose(second)).text).toContain("not valid");
  await send();
  const third = await codeIn();
  const weak = await browser.post("/start/new-password", { user: "ann", to: "/start", code: third, password: "weak" });
  expect(weak.text).toContain("does not meet the requirements");
  expect((await choose(third)).statusCode).toBe(303);
  expect((await choose(third)).text).toContain("not valid");
});

test("a form that is not from the session's own page does nothing", async () => {
  const { cloud, browser, IdentityStoreId } = await withUser();
  const device = await deviceAt(cloud, IdentityStoreId);
  const consent = await firstSignIn(cloud, browser, "ann", device.address);
  const forged = { user_code: device.userCode ?? "", answer: "allow", form: "x" };
  expect((await browser.post("/start/device", forged)).statusCode).toBe(403);
  const { statusCode } = await cloud.send({
    method: "POST",
    path: "/start/sign-in",
    headers: { host: `${IdentityStoreId}.awsapps.localhost:4566`, origin: "https://evil.example" },
    body: "user=ann",
  });
  expect(statusCode).toBe(403);
  await expect(device.redeem()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
  await browser.submit(consent, { answer: "allow" });
  await device.redeem();
});

test("signing in leads on to pages of the portal alone", async () => {
  const { browser } = await withUser();
  for (const to of ["https://evil.example/", "//evil.example", "/start/../x", "/start\\evil"]) {
    const shown = await browser.get(`/start/sign-in?to=${encodeURIComponent(to)}`);
    expect(shown.text).toContain(`name="to" value="/start"`);
  }
});

test("signing out of the portal ends the tokens that came of the session", async () => {
  const { cloud, browser, IdentityStoreId } = await withUser();
  const device = await deviceAt(cloud, IdentityStoreId);
  await browser.submit(await firstSignIn(cloud, browser, "ann", device.address), { answer: "allow" });
  const { accessToken } = await device.redeem();
  const list = () => cloud.client(SSOClient).send(new ListAccountsCommand({ accessToken }));
  await list();
  const home = await browser.get("/start");
  await browser.submit(home);
  await expect(list()).rejects.toMatchObject({ name: "UnauthorizedException" });
  expect((await browser.get("/start")).location).toContain("/start/sign-in");
});

test("what the portal shows of names is text", async () => {
  const { cloud, addUser, IdentityStoreId, open } = await withUser();
  await addUser("<b>&bob", { Emails: [{ Value: "bob@example.com" }] });
  const browser = open();
  const home = await firstSignIn(cloud, browser, "<b>&bob");
  expect(home.text).toContain("&lt;b&gt;&amp;bob");
  expect(home.text).not.toContain("<b>&");
  await tokenOf(cloud, IdentityStoreId, "ann");
});

test("there is a portal for each instance, and no page for others", async () => {
  const { cloud, browser } = await withUser();
  expect((await browser.get("/start/nothing")).statusCode).toBe(404);
  expect((await browserAt(cloud, "d-0000000000").get("/start")).statusCode).toBe(404);
  expect((await browser.get("/")).location).toBe("/start");
});

test("mail comes from the account and the region that the portal is in", async () => {
  const cloud = await testCloud();
  const [owner, region] = ["222222222222", { region: "eu-west-1" }];
  const admin = cloud.client(SSOAdminClient, cloud.rootOf(owner), region);
  const { InstanceArn } = await admin.send(new CreateInstanceCommand({}));
  const { IdentityStoreId = "" } = await admin.send(new DescribeInstanceCommand({ InstanceArn }));
  const Emails = [{ Value: "bob@example.com", Primary: true }];
  const named = { UserName: "bob", DisplayName: "bob", Name: { GivenName: "bob", FamilyName: "B" } };
  await cloud
    .client(IdentitystoreClient, cloud.rootOf(owner), region)
    .send(new CreateUserCommand({ IdentityStoreId, ...named, Emails }));
  await browserAt(cloud, IdentityStoreId).post("/start/code", { user: "bob", to: "/start" });
  expect(await cloud.cloud.outbox(1)).toMatchObject([{ to: "bob@example.com", account: owner, ...region }]);
});
