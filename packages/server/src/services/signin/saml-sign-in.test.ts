import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { AWS, foreignKey, PROVIDER, ROLE, withProvider } from "../../../test/saml-identities.ts";
import { follow, visit } from "../../../test/sign-in.ts";

const OTHER_ROLE = "arn:aws:iam::000000000000:role/admins";
const BOTH = [ROLE, OTHER_ROLE].map((roleArn) => ({ roleArn, providerArn: PROVIDER }));

async function withPage() {
  const world = await withProvider();
  const { cloud } = world;
  const post = (xml: string, more: Readonly<Record<string, string>> = {}) =>
    visit(cloud, "/saml", { form: { SAMLResponse: Buffer.from(xml).toString("base64"), ...more } });
  return { ...world, post };
}

test("an assertion of one role opens a session of the console as that role", async () => {
  const { cloud, xmlOf, post } = await withPage();
  const signedIn = await post(xmlOf());
  expect(signedIn).toMatchObject({ status: 303, location: "/console/home" });
  const { text } = await follow(cloud, signedIn);
  expect(text).toContain("arn:aws:sts::000000000000:assumed-role/staff/ann");
  const [call] = await cloud.cloud.journal.find({ limit: 1, matches: ({ operation }) => operation !== "CreateRole" });
  expect(call).toMatchObject({ service: "sts", operation: "GetCallerIdentity" });
  const [assumed] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "AssumeRoleWithSAML",
  });
  expect(assumed).toMatchObject({ userIdentity: { type: "SAMLUser", userName: "ann@example.com" } });
});

test("of several roles one is chosen", async () => {
  const { cloud, xmlOf, post } = await withPage();
  const trust = {
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: "sts:AssumeRoleWithSAML",
    Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
  };
  const AssumeRolePolicyDocument = policyText({ Statement: [trust] });
  await cloud.client(IAMClient).send(new CreateRoleCommand({ RoleName: "admins", AssumeRolePolicyDocument }));
  const xml = xmlOf({ roles: BOTH });
  const asked = await post(xml);
  expect(asked.status).toBe(200);
  expect(asked.text).toContain("Account: 000000000000");
  for (const { roleArn } of BOTH) expect(asked.text).toContain(`name="roleIndex" value="${roleArn}"`);
  expect(asked.text).toContain(`value="${Buffer.from(xml).toString("base64")}"`);
  const signedIn = await post(xml, { roleIndex: OTHER_ROLE });
  expect((await follow(cloud, signedIn)).text).toContain(":assumed-role/admins/ann");
});

test("a role that the assertion does not list cannot be chosen", async () => {
  const { xmlOf, post } = await withPage();
  const answer = await post(xmlOf(), { roleIndex: OTHER_ROLE });
  expect(answer).toMatchObject({ status: 400, cookie: "" });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html (SessionDuration)
test.each([
  [undefined, 3600],
  ["1800", 1800],
  ["43200", 43_200],
])("a SessionDuration of %s gives a session of %s seconds", async (duration, seconds) => {
  const { cloud, xmlOf, post } = await withPage();
  const attributes = duration === undefined ? {} : { [`${AWS}SessionDuration`]: [duration] };
  const signedIn = await post(xmlOf({ attributes }));
  await cloud.clock.advance(seconds - 60);
  expect((await follow(cloud, signedIn)).status).toBe(200);
  await cloud.clock.advance(60);
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

test("an assertion that proves nothing says why, in the words of STS, and signs nobody in", async () => {
  const { cloud, xmlOf, post } = await withPage();
  const forged = await post(xmlOf({}, "Assertion", foreignKey));
  expect(forged).toMatchObject({ status: 400, cookie: "" });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
  expect(forged.text).toContain(
    "(service: AWSSecurityTokenService; status code: 400; error code: InvalidIdentityToken)",
  );
  const [attempt] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "AssumeRoleWithSAML",
  });
  expect(attempt).toMatchObject({ error: { code: "InvalidIdentityTokenException" } });
  const late = xmlOf();
  await cloud.clock.advance(301);
  expect((await post(late)).text).toContain("error code: ExpiredToken");
});

test("what is no assertion at all is refused", async () => {
  const { cloud, post } = await withPage();
  const nothings = ["", "hello", "<xml/>", `<xml>${PROVIDER}</xml>`, `<xml>${ROLE},${PROVIDER}</xml>`];
  for (const text of nothings) expect(await post(text)).toMatchObject({ status: 400, cookie: "" });
  expect((await visit(cloud, "/saml", { form: {} })).status).toBe(400);
});

test("an assertion signs in once", async () => {
  const { xmlOf, post } = await withPage();
  const xml = xmlOf();
  expect((await post(xml)).status).toBe(303);
  expect(await post(xml)).toMatchObject({ status: 400, cookie: "" });
});

test("RelayState is where somebody goes, and is held to the same rule as a destination", async () => {
  const { xmlOf, post } = await withPage();
  const RelayState = "https://eu-west-1.console.aws.amazon.com/s3/home";
  const { location } = await post(xmlOf(), { RelayState });
  expect(location).toBe(`/console/home?${new URLSearchParams({ destination: RelayState })}`);
  const foreign = await post(xmlOf({ subject: "ben@example.com" }), { RelayState: "https://example.com/" });
  expect(foreign).toMatchObject({ status: 400, cookie: "" });
});
