import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { AssumeRoleWithSAMLCommand, AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { decodeJwt } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { policyText } from "../../test/identities.ts";
import { startServer, type ServerOptions } from "../main.ts";

/** A running server, its provider, and clients that call it over its socket. */
async function withServer(options: Pick<ServerOptions, "loginProviders"> = {}) {
  const server = await startServer({ ...options, port: 0, report: () => {} });
  onTestFinished(() => server.close());
  const idp = `${server.endpoint}/_kumobako/idp`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { region: "us-east-1", endpoint: server.endpoint, credentials, maxAttempts: 1 };
  const iam = new IAMClient(config);
  const sts = new STSClient(config);
  onTestFinished(() => {
    iam.destroy();
    sts.destroy();
  });
  const post = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const response = await fetch(`${idp}/${path}`, { method: "POST", body: JSON.stringify(body) });
    return { ...(await response.json()), status: String(response.status) };
  };
  const makeRole = async (action: string, provider: string | undefined, condition?: object) => {
    const trust = { Effect: "Allow", Principal: { Federated: provider }, Action: action };
    const statement = condition === undefined ? trust : { ...trust, Condition: condition };
    const AssumeRolePolicyDocument = policyText({ Statement: [statement] });
    const RoleName = `guest-of-${provider?.replace(/^.*[/:]/, "") ?? ""}`;
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    return Role?.Arn ?? "";
  };
  return { server, idp, iam, sts, post, makeRole };
}

async function withOidc() {
  const world = await withServer();
  const { OpenIDConnectProviderArn } = await world.iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: world.idp, ClientIDList: ["app"] }),
  );
  const RoleArn = await world.makeRole("sts:AssumeRoleWithWebIdentity", OpenIDConnectProviderArn);
  const assume = (WebIdentityToken: string) =>
    world.sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: "ann", WebIdentityToken }));
  return { ...world, assume };
}

test("a token that the server's own provider issued is good for a role of the server", async () => {
  const { server, post, assume } = await withOidc();
  const { token = "" } = await post("issue", { claims: { sub: "ann", aud: "app" } });
  expect(await assume(token)).toMatchObject({ SubjectFromWebIdentityToken: "ann", Audience: "app" });
  await server.cloud.clock.advance(4000);
  await expect(assume(token)).rejects.toMatchObject({ name: "ExpiredTokenException" });
  const fresh = await post("issue", { claims: { sub: "ann", aud: "app" } });
  await assume(fresh["token"] ?? "");
});

test("a new key takes the place of the one before", async () => {
  const { server, post, assume } = await withOidc();
  const order = { claims: { sub: "ann", aud: "app" } };
  const { token: before = "" } = await post("issue", order);
  await assume(before);
  await post("rotate", {});
  const { token: after = "" } = await post("issue", order);
  await assume(after);
  await server.cloud.clock.advance(700);
  await expect(assume(before)).rejects.toMatchObject({ name: "InvalidIdentityTokenException" });
});

test("a browser signs in as whom it names, and its application gets a token", async () => {
  const { idp, assume } = await withOidc();
  const verifier = "a-verifier-that-is-long-enough-to-be-one-of-them";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const target = "http://localhost:3000/back";
  const ask = new URLSearchParams({
    client_id: "app",
    redirect_uri: target,
    response_type: "code",
    state: "s<1",
    nonce: "n1",
    code_challenge: challenge,
  });
  const page = await fetch(`${idp}/authorize?${ask}`, { headers: { "sec-fetch-site": "cross-site" } });
  expect(await page.text()).toContain('name="state" value="s&lt;1"');
  ask.set("login_hint", "ann");
  const sent = await fetch(`${idp}/authorize?${ask}`, { redirect: "manual" });
  const back = new URL(sent.headers.get("location") ?? "");
  expect([back.host, back.searchParams.get("state")]).toEqual(["localhost:3000", "s<1"]);
  const form = (more: object) =>
    new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      client_id: "app",
      redirect_uri: target,
      code_verifier: verifier,
      ...more,
    });
  const redeem = (body: URLSearchParams) => fetch(`${idp}/token`, { method: "POST", body });
  for (const wrong of [
    { code_verifier: "other" },
    { client_id: "b" },
    { redirect_uri: "http://localhost/" },
    { code: "x" },
  ]) {
    expect((await redeem(form(wrong))).status).toBe(400);
  }
  const tokens: { readonly id_token: string } = await (await redeem(form({}))).json();
  expect(decodeJwt(tokens.id_token)).toMatchObject({ iss: idp, sub: "ann", aud: "app", nonce: "n1" });
  await assume(tokens.id_token);
  expect((await redeem(form({ code: tokens.id_token }))).status).toBe(400);
});

test("codes go to applications on this machine alone", async () => {
  const { idp } = await withServer();
  const sent = (redirect_uri: string) =>
    fetch(
      `${idp}/authorize?${new URLSearchParams({ client_id: "a", redirect_uri, response_type: "code", login_hint: "ann" })}`,
      { redirect: "manual" },
    );
  for (const target of [
    "https://evil.example/",
    "http://localhost.evil.example/",
    "javascript:alert(1)",
    "//evil.example",
  ]) {
    expect((await sent(target)).status, target).toBe(400);
  }
  expect((await sent("http://127.0.0.1:3000/")).status).toBe(302);
});

test("a response that the server's own provider signed is good for a role of the server", async () => {
  const { idp, iam, sts, post, makeRole } = await withServer();
  const metadata = await (await fetch(`${idp}/saml/metadata`)).text();
  const { SAMLProviderArn: PrincipalArn = "" } = await iam.send(
    new CreateSAMLProviderCommand({ Name: "office", SAMLMetadataDocument: metadata }),
  );
  const RoleArn = await makeRole("sts:AssumeRoleWithSAML", PrincipalArn);
  for (const sign of ["Assertion", "Response"]) {
    const { response: SAMLAssertion = "" } = await post("saml/issue", {
      subject: "ann",
      roles: [{ roleArn: RoleArn, providerArn: PrincipalArn }],
      sign,
    });
    const answer = await sts.send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion }));
    expect(answer).toMatchObject({ Subject: "ann", Issuer: idp });
  }
});

test("a server asks the provider of another one about access tokens, over the network", async () => {
  const { idp, post } = await withServer();
  const { sts, makeRole } = await withServer({ loginProviders: idp });
  for (const provider of ["www.amazon.com", "graph.facebook.com"]) {
    const { token } = await post("login/issue", { provider, subject: "ann", application: "a1", client: "c1" });
    const condition = { StringEquals: { [`${provider}:app_id`]: "a1" } };
    const RoleArn = await makeRole("sts:AssumeRoleWithWebIdentity", provider, condition);
    const asked = { RoleArn, RoleSessionName: "ann", ProviderId: provider, WebIdentityToken: token };
    const taken = await sts.send(new AssumeRoleWithWebIdentityCommand(asked));
    expect(taken).toMatchObject({ Provider: provider, SubjectFromWebIdentityToken: "ann" });
  }
});

test("what cannot be issued says why, and other sites' pages are refused", async () => {
  const { idp, post } = await withServer();
  expect(await post("issue", { claims: 7 })).toEqual({ status: "400", error: "`claims` is an object" });
  expect(await post("issue", { claims: {}, seconds: 0 })).toMatchObject({ status: "400" });
  for (const order of [
    {},
    { provider: "www.amazon.com", subject: "ann" },
    { provider: "www.amazon.com", subject: "ann", application: "a", seconds: -1 },
    { provider: "toString", subject: "ann", application: "a" },
  ]) {
    expect(await post("login/issue", order)).toMatchObject({ status: "400" });
  }
  for (const order of [
    {},
    { subject: "a", roles: 7 },
    { subject: "a", roles: [], sign: "x" },
    { subject: "a", roles: [], attributes: { a: 1 } },
  ]) {
    expect(await post("saml/issue", order)).toMatchObject({ status: "400" });
  }
  expect((await fetch(`${idp}/nothing`)).status).toBe(404);
  const foreign = await fetch(`${idp}/issue`, {
    method: "POST",
    body: "{}",
    headers: { origin: "https://evil.example" },
  });
  expect(foreign.status).toBe(403);
});

const authnRequest = (to: string) =>
  `<samlp:AuthnRequest ID="_r1" AssertionConsumerServiceURL="${to}"><saml:Issuer>urn:app</saml:Issuer></samlp:AuthnRequest>`;

test("an application sends a browser to sign in by SAML, and gets a response to its request by a form", async () => {
  const { idp } = await withServer();
  const visit = (text: string, more: Record<string, string> = {}) => {
    const SAMLRequest = deflateRawSync(text).toString("base64");
    const query = new URLSearchParams({ SAMLRequest, RelayState: "s1", ...more });
    // as browsers do it that another page has sent
    return fetch(`${idp}/saml/sign-in?${query.toString()}`, { headers: { "sec-fetch-site": "cross-site" } });
  };
  const acs = "http://app.localhost:3000/acs?a=1&amp;b=2";
  expect(await (await visit(authnRequest(acs))).text()).toContain('name="login_hint"');
  const page = await (await visit(authnRequest(acs), { login_hint: "ann@example.com" })).text();
  expect(page).toContain('action="http://app.localhost:3000/acs?a=1&amp;b=2"');
  expect(page).toContain('name="RelayState" value="s1"');
  const [, response = ""] = /name="SAMLResponse" value="([^"]+)"/.exec(page) ?? [];
  const xml = Buffer.from(response, "base64").toString("utf8");
  expect(xml).toContain('InResponseTo="_r1"');
  expect(xml).toContain(">ann@example.com</saml:NameID>");
  expect(xml).toContain("<saml:Audience>urn:app</saml:Audience>");
  for (const wrong of [authnRequest("https://app.example.com/acs"), "no request"])
    expect((await visit(wrong)).status).toBe(400);
});
