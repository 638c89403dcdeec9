import { CreateRoleCommand, IAMClient, ListUsersCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { policyText, type Rights } from "../../../test/identities.ts";
import { AMAZON_ANSWER, testLoginProvider, told } from "../../../test/login-provider.ts";
import { signingPair, testIssuer } from "../../../test/oidc-issuer.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";
import { invalid, notAuthorized } from "../../../test/web-identities.ts";
import { assert } from "../../kernel/assert.ts";
import { openCloud } from "../../main.ts";

type Asked = Partial<AssumeRoleWithWebIdentityCommandInput>;

const AMAZON = "www.amazon.com";
const FACEBOOK = "graph.facebook.com";

/** A role that trusts a login provider on a condition, and how to take it on. */
async function withRole(cloud: TestCloud, provider: string, condition: object, rights: Rights) {
  const iam = cloud.client(IAMClient);
  const Action = "sts:AssumeRoleWithWebIdentity";
  const trust = { Effect: "Allow", Principal: { Federated: provider }, Action, Condition: condition };
  const AssumeRolePolicyDocument = policyText({ Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "game", AssumeRolePolicyDocument }));
  const PolicyDocument = policyText(rights);
  await iam.send(new PutRolePolicyCommand({ RoleName: "game", PolicyName: "rights", PolicyDocument }));
  return (WebIdentityToken: string, more: Asked = {}) =>
    cloud.client(STSClient, { accessKeyId: "", secretAccessKey: "" }).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: Role?.Arn,
        RoleSessionName: "ann",
        ProviderId: provider,
        WebIdentityToken,
        ...more,
      }),
    );
}

const onApp = (provider: string, id: string) => ({ StringEquals: { [`${provider}:app_id`]: id } });

async function withAmazon(condition: object = onApp(AMAZON, AMAZON_ANSWER.app_id)) {
  const provider = await testLoginProvider();
  provider.answers.set("/auth/o2/tokeninfo", told(AMAZON_ANSWER));
  const cloud = await testCloud({ loginProviders: provider.url });
  return { cloud, provider, take: await withRole(cloud, AMAZON, condition, ["iam:ListUsers"]) };
}

async function withFacebook(condition: object = onApp(FACEBOOK, "77")) {
  const provider = await testLoginProvider();
  provider.answers.set("/app", told({ id: "77", name: "game" }));
  provider.answers.set("/me", told({ id: "1001" }));
  const cloud = await testCloud({ loginProviders: provider.url });
  return { cloud, provider, take: await withRole(cloud, FACEBOOK, condition, ["iam:ListUsers"]) };
}

/** Source: https://github.com/aws/aws-sdk-js/issues/198 */
const rejected = (provider: string) => ({
  name: "IDPRejectedClaimException",
  message: `${provider}: ${provider} responded with HTTP/1.1 400 Bad Request`,
  $metadata: { httpStatusCode: 403 },
});

const unreachable = { name: "IDPCommunicationErrorException", $metadata: { httpStatusCode: 400 } };

test("Login with Amazon says whose an access token is, and the role's rights are that session's", async () => {
  const { cloud, provider, take } = await withAmazon();
  const answer = await take("Atza|IQEBLjAs&x=1");
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (response elements)
  expect(answer).toMatchObject({
    Provider: AMAZON,
    Audience: AMAZON_ANSWER.aud,
    SubjectFromWebIdentityToken: AMAZON_ANSWER.user_id,
    AssumedRoleUser: { Arn: "arn:aws:sts::000000000000:assumed-role/game/ann" },
  });
  expect(provider.asked.map(({ query }) => [...query])).toEqual([[["access_token", "Atza|IQEBLjAs&x=1"]]]);
  const sts = cloud.client(STSClient, answer.Credentials);
  expect((await sts.send(new GetCallerIdentityCommand())).Arn).toBe("arn:aws:sts::000000000000:assumed-role/game/ann");
  await cloud.client(IAMClient, answer.Credentials).send(new ListUsersCommand());
  await cloud.cloud.journal.flush();
  const { calls } = await cloud.cloud.journal.page({ sinceMs: 0, untilMs: Infinity });
  const taking = calls.find(({ operation }) => operation === "AssumeRoleWithWebIdentity");
  expect(taking?.userIdentity).toMatchObject({
    type: "WebIdentityUser",
    principalId: `${AMAZON}:${AMAZON_ANSWER.aud}:${AMAZON_ANSWER.user_id}`,
    userName: AMAZON_ANSWER.user_id,
    identityProvider: AMAZON,
  });
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (webIdFederationData)
  const using = calls.find(({ operation }) => operation === "ListUsers");
  expect(using?.userIdentity).toMatchObject({
    type: "AssumedRole",
    webIdFederationData: {
      federatedProvider: AMAZON,
      attributes: { "www.amazon.com:app_id": AMAZON_ANSWER.app_id, "www.amazon.com:user_id": AMAZON_ANSWER.user_id },
    },
  });
});

test("Facebook is asked for the token's application and for its user", async () => {
  const { provider, take } = await withFacebook({
    StringEquals: { "graph.facebook.com:app_id": "77", "graph.facebook.com:id": "1001" },
  });
  expect(await take("EAAB")).toMatchObject({
    Provider: FACEBOOK,
    Audience: "77",
    SubjectFromWebIdentityToken: "1001",
  });
  expect(provider.asked.map(({ path }) => path)).toEqual(["/app", "/me"]);
});

test("another application's token, or another user's, does not fulfil the role's condition", async () => {
  const amazon = await withAmazon();
  amazon.provider.answers.set("/auth/o2/tokeninfo", told({ ...AMAZON_ANSWER, app_id: "amzn1.application.evil" }));
  await expect(amazon.take("Atza|x")).rejects.toMatchObject(notAuthorized());
  const facebook = await withFacebook({ StringEquals: { "graph.facebook.com:id": "1002" } });
  await expect(facebook.take("EAAB")).rejects.toMatchObject(notAuthorized());
  const mixed = await withAmazon({ StringEquals: { "graph.facebook.com:app_id": AMAZON_ANSWER.app_id } });
  await expect(mixed.take("Atza|x")).rejects.toMatchObject(notAuthorized());
});

test("a token of one provider is not taken for a role that trusts another one", async () => {
  const { take, provider } = await withAmazon({});
  provider.answers.set("/app", told({ id: "77" }));
  provider.answers.set("/me", told({ id: "1001" }));
  await expect(take("EAAB", { ProviderId: FACEBOOK })).rejects.toMatchObject(notAuthorized());
  await take("Atza|x");
});

test("the provider's keys stay with the session", async () => {
  const provider = await testLoginProvider();
  provider.answers.set("/auth/o2/tokeninfo", told(AMAZON_ANSWER));
  const cloud = await testCloud({ loginProviders: provider.url });
  const own = { StringEquals: { "www.amazon.com:user_id": AMAZON_ANSWER.user_id, "aws:FederatedProvider": AMAZON } };
  const rights = { Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*", Condition: own }] };
  const take = await withRole(cloud, AMAZON, {}, rights);
  const lists = async () => {
    const { Credentials } = await take("Atza|x");
    return cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  };
  await lists();
  provider.answers.set("/auth/o2/tokeninfo", told({ ...AMAZON_ANSWER, user_id: "amzn1.account.EVE" }));
  await expect(lists()).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a token that its provider does not know is rejected", async () => {
  const amazon = await withAmazon();
  amazon.provider.answers.set("/auth/o2/tokeninfo", { status: 400, body: '{"error":"invalid_token"}' });
  await expect(amazon.take("Atza|x")).rejects.toMatchObject(rejected(AMAZON));
  const facebook = await withFacebook();
  facebook.provider.answers.set("/me", { status: 400, body: "{}" });
  await expect(facebook.take("EAAB")).rejects.toMatchObject(rejected(FACEBOOK));
});

test("a token without any time left has expired", async () => {
  const { take, provider } = await withAmazon();
  provider.answers.set("/auth/o2/tokeninfo", told({ ...AMAZON_ANSWER, exp: 0 }));
  await expect(take("Atza|x")).rejects.toMatchObject({ name: "ExpiredTokenException" });
});

test("a provider that fails, sends one elsewhere, or does not answer cannot be reached", async () => {
  const { take, provider } = await withAmazon();
  provider.answers.set("/elsewhere", told(AMAZON_ANSWER));
  for (const status of [301, 302, 307, 308]) {
    const location = `${provider.url}/elsewhere`;
    provider.answers.set("/auth/o2/tokeninfo", { status, body: JSON.stringify(AMAZON_ANSWER), location });
    await expect(take("Atza|x"), String(status)).rejects.toMatchObject(unreachable);
  }
  expect(provider.asked.every(({ path }) => path === "/auth/o2/tokeninfo")).toBe(true);
  provider.answers.set("/auth/o2/tokeninfo", { status: 503, body: "" });
  await expect(take("Atza|x")).rejects.toMatchObject(unreachable);
  await provider.close();
  await expect(take("Atza|x")).rejects.toMatchObject(unreachable);
});

test("an answer that is not the provider's own, or not whole, proves nothing", async () => {
  const { take, provider } = await withAmazon();
  const { user_id: _user, ...nobody } = AMAZON_ANSWER;
  const broken: readonly (object | string)[] = [
    nobody,
    { ...AMAZON_ANSWER, iss: "https://www.amazon.com.evil.example" },
    { ...AMAZON_ANSWER, app_id: "" },
    { ...AMAZON_ANSWER, user_id: ["amzn1.account.ANN"] },
    { ...AMAZON_ANSWER, exp: "818" },
    [AMAZON_ANSWER],
    "null",
    "<html>",
    JSON.stringify({ ...AMAZON_ANSWER, more: "x".repeat(300_000) }),
  ];
  for (const body of broken) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    provider.answers.set("/auth/o2/tokeninfo", { status: 200, body: text });
    await expect(take("Atza|x"), text.slice(0, 100)).rejects.toMatchObject(invalid());
  }
});

test("whatever a token's text is, it is asked about as one token, and nothing else is", async () => {
  const { take, provider } = await withAmazon();
  const texts = ["Atza|a&access_token=b", "a#b?c=d", "a\r\nHost: evil.example\r\n\r\n", "../../x", "%26x", "ü+ 0x"];
  for (const text of texts) await take(text);
  expect(provider.asked.map(({ path, query }) => [path, ...query.getAll("access_token")])).toEqual(
    texts.map((text) => ["/auth/o2/tokeninfo", text]),
  );
  await expect(take("a".repeat(20_000))).rejects.toMatchObject(invalid());
  expect(provider.asked.length).toBe(texts.length);
});

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (ProviderId)
test("no other provider is named, and an OpenID Connect token names none", async () => {
  const { take, provider } = await withAmazon();
  const others = ["accounts.google.com", `https://${AMAZON}`, "api.amazon.com", "www.amazon.com:443", "127.0.0.1"];
  for (const ProviderId of others) {
    await expect(take("Atza|x", { ProviderId }), ProviderId).rejects.toMatchObject({ name: "ValidationError" });
  }
  expect(provider.asked).toEqual([]);
  const pair = await signingPair("first");
  const token = await (await testIssuer(pair)).token({ sub: "ann", aud: "app", iat: 1, exp: 2 ** 32 }, pair);
  provider.answers.set("/auth/o2/tokeninfo", { status: 400, body: "" });
  await expect(take(token)).rejects.toMatchObject(rejected(AMAZON));
});

const open = (loginProviders: string) => openCloud({ storage: { kind: "memory" }, loginProviders });

test("providers are asked over TLS or on this machine", async () => {
  for (const address of ["http://login.example", "login.example", "https://a@login.example", "https://x/?a=b", ""]) {
    await expect(open(address), address).rejects.toThrow(/^login providers cannot be asked at/);
  }
  for (const address of ["https://login.example/a", "http://localhost:1", "test"]) await (await open(address)).close();
});

/** What the test identity provider of the cloud gives out. */
async function testToken(cloud: TestCloud, order: object): Promise<string> {
  const asked = { method: "POST", path: "login/issue", query: "", body: JSON.stringify(order), issuer: "http://idp" };
  const { body } = await cloud.cloud.identityProvider(asked);
  assert(typeof body === "string", "the provider answers with a text");
  return JSON.parse(body).token;
}

test("the test identity provider gives out tokens of both, and answers for both", async () => {
  const cloud = await testCloud({ loginProviders: "test" });
  const take = await withRole(cloud, FACEBOOK, onApp(FACEBOOK, "77"), ["iam:ListUsers"]);
  const order = { provider: FACEBOOK, subject: "ann", application: "77" };
  const token = await testToken(cloud, order);
  expect(await take(token)).toMatchObject({ Audience: "77", SubjectFromWebIdentityToken: "ann" });
  const other = await testToken(cloud, { ...order, application: "78" });
  await expect(take(other)).rejects.toMatchObject(notAuthorized());
  const amazon = await testToken(cloud, { ...order, provider: AMAZON });
  await expect(take(amazon)).rejects.toMatchObject(rejected(FACEBOOK));
  await expect(take(`${token}x`)).rejects.toMatchObject(rejected(FACEBOOK));
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (IDPRejectedClaim: or expired)
  await cloud.clock.advance(3601);
  await expect(take(token)).rejects.toMatchObject(rejected(FACEBOOK));
});
