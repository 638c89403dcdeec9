/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html and the pages below it. */
import { X509Certificate, verify } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import {
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  ForgotPasswordCommand,
  GetSigningCertificateCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { CALLBACK, withHostedPages, type Browser } from "../../../../test/hosted-pages.ts";
import { foreignKey, ISSUER, key } from "../../../../test/saml-identities.ts";
import { samlMetadata, samlResponse, type SamlFacts } from "../../../idp/saml-response.ts";

const METADATA = samlMetadata(ISSUER, key);
const HERE = "https://customers.auth.us-east-1.amazoncognito.com/saml2/idpresponse";

/** Pages of a pool whose users sign in at a SAML provider. */
async function withOffice(details: Record<string, string> = { MetadataFile: METADATA }) {
  const pages = await withHostedPages();
  const { admin, cloud, poolId: UserPoolId, browser } = pages;
  await admin.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: "Office",
      ProviderType: "SAML",
      ProviderDetails: details,
      AttributeMapping: { email: "urn:mail", name: "urn:name", nickname: "urn:groups" },
    }),
  );
  const { id } = await pages.newClient({ SupportedIdentityProviders: ["Office"] });
  const query = { client_id: id, response_type: "code", redirect_uri: CALLBACK, state: "s1" };
  /** Where the browser is led to, and what is asked there. */
  const lead = async (by: Browser) => {
    const { location } = await by.get(`/oauth2/authorize?${new URLSearchParams(query).toString()}`);
    const packed = location?.searchParams.get("SAMLRequest") ?? "";
    const request = packed === "" ? "" : inflateRawSync(Buffer.from(packed, "base64")).toString("utf8");
    const state = location?.searchParams.get("RelayState") ?? "";
    return { location, request, state, requestId: / ID="([^"]+)"/.exec(request)?.[1] ?? "" };
  };
  const responseTo = (inResponseTo: string, more: Partial<SamlFacts> = {}, by = key) => {
    const facts: SamlFacts = {
      issuer: ISSUER,
      subject: "ann@office.example.com",
      sessionName: "ann",
      roles: [],
      issuedAtMs: cloud.clock.now().getTime(),
      seconds: 300,
      recipient: HERE,
      audience: `urn:amazon:cognito:sp:${UserPoolId}`,
      attributes: { "urn:mail": ["ann@office.example.com"], "urn:name": ["Ann"] },
      inResponseTo,
      ...more,
    };
    return Buffer.from(samlResponse(facts, by)).toString("base64");
  };
  /** As browsers do it, which send no cookies with what another page has them post. */
  const post = async (RelayState: string, SAMLResponse: string) =>
    browser().post("/saml2/idpresponse", { SAMLResponse, RelayState });
  const visit = async (more: Partial<SamlFacts> = {}, signedBy = key) => {
    const by = browser();
    const { requestId, state } = await lead(by);
    const posted = await post(state, responseTo(requestId, more, signedBy));
    const isHere = posted.location?.pathname === "/saml2/idpresponse";
    return { by, posted, back: isHere ? await by.get(posted.location?.href ?? "") : posted };
  };
  return { ...pages, app: { id }, lead, post, responseTo, visit };
}

const parametersOf = (url: URL | undefined) => Object.fromEntries(url?.searchParams ?? []);

test("a user signs in at a SAML provider, and is a user of the pool from then on", async () => {
  const { poolId: UserPoolId, app, browser, lead, visit, redeem } = await withOffice();
  const { location, request } = await lead(browser());
  expect(`${location?.origin}${location?.pathname}`).toBe(`${ISSUER}/saml/sign-in`);
  expect(request).toContain(`>urn:amazon:cognito:sp:${UserPoolId}<`);
  expect(request).toMatch(/AssertionConsumerServiceURL="http:[^"]+\/saml2\/idpresponse"/);
  const { code = "", state } = parametersOf((await visit()).back.location);
  expect(state).toBe("s1");
  const { id_token } = JSON.parse((await redeem(code, { client_id: app.id })).text);
  expect(decodeJwt(id_token)).toMatchObject({
    "cognito:username": "Office_ann@office.example.com",
    email: "ann@office.example.com",
    name: "Ann",
    identities: [{ userId: "ann@office.example.com", providerName: "Office", providerType: "SAML", issuer: ISSUER }],
  });
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
test("an attribute with several values becomes one, each of them encoded as in a form", async () => {
  const { admin, poolId: UserPoolId, visit } = await withOffice();
  await visit({ attributes: { "urn:groups": ["staff", "press & radio"] } });
  const Username = "Office_ann@office.example.com";
  const { UserAttributes } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username }));
  expect(UserAttributes).toContainEqual({ Name: "nickname", Value: "[staff, press+%26+radio]" });
});

test("an assertion counts that its provider has signed, for this pool, here, now, and for who was asked about", async () => {
  const { browser, lead, post, responseTo, visit, cloud } = await withOffice();
  const told = async (more: Partial<SamlFacts>, by = key) => parametersOf((await visit(more, by)).back.location);
  const refused = {
    error: "invalid_request",
    error_description: expect.stringMatching(/^Error in SAML response processing: /),
    state: "s1",
  };
  expect(await told({}, foreignKey)).toMatchObject(refused);
  expect(await told({ issuer: "https://elsewhere.example.com" })).toMatchObject(refused);
  expect(await told({ audience: "urn:amazon:cognito:sp:us-east-1_another" })).toMatchObject(refused);
  expect(await told({ recipient: "https://elsewhere.example.com/saml2/idpresponse" })).toMatchObject(refused);
  expect(await told({ inResponseTo: "_another" })).toMatchObject(refused);
  expect(await told({ inResponseTo: undefined })).toMatchObject(refused);
  expect(await told({ issuedAtMs: cloud.clock.now().getTime() - 3_600_000 })).toMatchObject(refused);

  const [victim, thief] = [browser(), browser()];
  await lead(victim);
  const { state, requestId } = await lead(thief);
  const { location } = await post(state, responseTo(requestId));
  expect((await victim.get(location?.href ?? "")).text).toContain("Invalid state");
  expect((await post(state, responseTo(requestId))).text).toContain("Invalid state");
  expect((await post("none", responseTo(requestId))).text).toContain("Invalid state");
  // nobody has said anything yet
  const early = await lead(thief);
  expect((await thief.get(`/saml2/idpresponse?state=${early.state}`)).text).toContain("Invalid state");
});

test("a request is signed with the pool's key, where the provider wants that", async () => {
  const details = { MetadataFile: METADATA, RequestSigningAlgorithm: "rsa-sha256" };
  const { admin, poolId: UserPoolId, browser, lead } = await withOffice(details);
  const { location } = await lead(browser());
  const { Certificate } = await admin.send(new GetSigningCertificateCommand({ UserPoolId }));
  const [content = "", signature = ""] = (location?.search.slice(1) ?? "").split("&Signature=");
  const { publicKey } = new X509Certificate(Buffer.from(Certificate ?? "", "base64"));
  const bytes = Buffer.from(decodeURIComponent(signature), "base64");
  expect(verify("sha256", Buffer.from(content), publicKey, bytes)).toBe(true);
});

test("a provider that takes no requests in an address cannot be asked", async () => {
  const { browser, lead } = await withOffice({ MetadataFile: METADATA.replace("HTTP-Redirect", "HTTP-POST") });
  expect(parametersOf((await lead(browser())).location)).toMatchObject({ error: "invalid_request", state: "s1" });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
test("an identity that was linked by an attribute is the subject's once it was used, and is unlinked as that", async () => {
  const { admin, poolId: UserPoolId, app, visit, redeem } = await withOffice();
  const subject = "ann@office.example.com";
  const attributes = { "urn:mail": [subject], "urn:staff": ["77"] };
  const staff = { ProviderName: "Office", ProviderAttributeName: "urn:staff", ProviderAttributeValue: "77" };
  const DestinationUser = { ProviderName: "Cognito", ProviderAttributeValue: "ann" };
  await admin.send(new AdminLinkProviderForUserCommand({ UserPoolId, DestinationUser, SourceUser: staff }));
  const come = async () => {
    const { code = "" } = parametersOf((await visit({ attributes })).back.location);
    const { id_token } = JSON.parse((await redeem(code, { client_id: app.id })).text);
    return decodeJwt(id_token);
  };
  expect(await come()).toMatchObject({ "cognito:username": "ann", identities: [{ userId: subject }] });
  const unlink = (User: typeof staff) => admin.send(new AdminDisableProviderForUserCommand({ UserPoolId, User }));
  await expect(unlink(staff)).rejects.toMatchObject({ name: "UserNotFoundException" });
  expect(await come()).toMatchObject({ "cognito:username": "ann" });
  const named = { ProviderAttributeName: "Cognito_Subject", ProviderAttributeValue: subject };
  await unlink({ ProviderName: "Office", ...named });
  expect(await come()).toMatchObject({ "cognito:username": `Office_${subject}` });
  const { UserAttributes } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username: "ann" }));
  expect(UserAttributes?.map(({ Name }) => Name)).not.toContain("identities");
});

// Source: https://github.com/aws-amplify/amplify-js/issues/2383
test("who came by a provider has no password to forget", async () => {
  const { admin, app, visit } = await withOffice();
  await visit();
  const forget = new ForgotPasswordCommand({ ClientId: app.id, Username: "Office_ann@office.example.com" });
  await expect(admin.send(forget)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "User password cannot be reset in the current state.",
  });
});
