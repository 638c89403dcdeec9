import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  AssumeRoleCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type Credentials,
} from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../test/identities.ts";
import { follow, sessionParameter, visit } from "../../../test/sign-in.ts";
import { testCloud, type IssuedCredentials } from "../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
const CONSOLE = "https://console.aws.amazon.com/";

async function withBroker() {
  const cloud = await testCloud();
  const broker = await makeUser(cloud, "broker", { allow: ["sts:*"] });
  const role = await makeRole(cloud, "support", { trusts: broker.arn, maxSessionSeconds: 43_200 });
  const sts = cloud.client(STSClient, broker);
  const assume = async (DurationSeconds = 3600): Promise<Credentials> => {
    const RoleSessionName = "ann";
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName, DurationSeconds }),
    );
    if (given === undefined) throw new TypeError("no credentials");
    return given;
  };
  const trade = async (Session: string, more: Readonly<Record<string, string>> = {}) =>
    visit(cloud, "/federation", { query: { Action: "getSigninToken", Session, ...more } });
  const tokenFor = async (credentials: IssuedCredentials, more: Readonly<Record<string, string>> = {}) => {
    const { status, text } = await trade(sessionParameter(credentials), more);
    expect(status).toBe(200);
    const { SigninToken }: { readonly SigninToken: string } = JSON.parse(text);
    return SigninToken;
  };
  const login = (SigninToken: string, more: Readonly<Record<string, string>> = {}) =>
    visit(cloud, "/federation", {
      query: { Action: "login", Issuer: "https://broker.example.com", Destination: CONSOLE, SigninToken, ...more },
    });
  return { cloud, sts, broker, role, assume, trade, tokenFor, login };
}

test("a role's credentials are traded for a token, and that for a session of the console", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const credentials = await assume();
  const signedIn = await login(await tokenFor(credentials), { Destination: `${CONSOLE}s3/home` });
  expect(signedIn.status).toBe(303);
  const { status, text } = await follow(cloud, signedIn);
  expect(status).toBe(200);
  expect(text).toContain("arn:aws:sts::000000000000:assumed-role/support/ann");
  expect(text).toContain("<dd>000000000000</dd>");
  expect(text).toContain(credentials.Expiration?.toISOString());
  expect(text).toContain("https://broker.example.com");
  expect(text).toContain(`${CONSOLE}s3/home`);
});

test("a federated user's credentials will do, posted in a form as well", async () => {
  const { cloud, sts, login } = await withBroker();
  const { Credentials: given = {} } = await sts.send(
    new GetFederationTokenCommand({ Name: "alice", Policy: policyText(["s3:*"]) }),
  );
  const form = { Action: "getSigninToken", SessionType: "json", Session: sessionParameter(given) };
  const { text } = await visit(cloud, "/federation", { form, host: "us-east-1.signin.aws.amazon.com" });
  const { SigninToken }: { readonly SigninToken: string } = JSON.parse(text);
  expect((await follow(cloud, await login(SigninToken))).text).toContain(":federated-user/alice");
});

test("credentials that are not good are refused", async () => {
  const { cloud, assume, trade, sts, broker } = await withBroker();
  const credentials = await assume();
  const { Credentials: other } = await sts.send(new GetSessionTokenCommand());
  const attempts = [
    "",
    "not JSON",
    "[]",
    "{}",
    sessionParameter({ ...credentials, SecretAccessKey: "guessed" }),
    sessionParameter({ ...credentials, AccessKeyId: "ASIAIOSFODNN7EXAMPLE" }),
    sessionParameter({ ...credentials, SessionToken: `x${credentials.SessionToken}` }),
    sessionParameter({ AccessKeyId: broker.accessKeyId, SecretAccessKey: broker.secretAccessKey, SessionToken: "" }),
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    sessionParameter(other ?? {}),
  ];
  for (const attempt of attempts) expect(await trade(attempt)).toMatchObject({ status: 400 });
  await cloud.clock.advance(3601);
  const { status, text } = await trade(sessionParameter(credentials));
  expect(status).toBe(400);
  // Source: https://repost.aws/knowledge-center/invalid-credentials-parameter
  expect(text).toContain("Invalid credentials parameter");
});

test("the console's session lasts as long as was asked for, not as the credentials", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const signedIn = await login(await tokenFor(await assume(900), { SessionDuration: "43200" }));
  await cloud.clock.advance(43_140);
  expect((await follow(cloud, signedIn)).status).toBe(200);
  await cloud.clock.advance(60);
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

test("where nothing was asked for, it ends with the credentials", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const signedIn = await login(await tokenFor(await assume(900)));
  await cloud.clock.advance(840);
  expect((await follow(cloud, signedIn)).status).toBe(200);
  await cloud.clock.advance(60);
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

test("a duration is from fifteen minutes to twelve hours", async () => {
  const { assume, trade } = await withBroker();
  const session = sessionParameter(await assume());
  for (const SessionDuration of ["900", "43200"]) expect((await trade(session, { SessionDuration })).status).toBe(200);
  for (const SessionDuration of ["899", "43201", "1e4", "-900", "900.5"]) {
    expect((await trade(session, { SessionDuration })).status).toBe(400);
  }
});

test("for a federated user, and for a role taken from another role, no duration can be asked for", async () => {
  const { cloud, sts, role, assume, trade, tokenFor } = await withBroker();
  const { Credentials: federated = {} } = await sts.send(new GetFederationTokenCommand({ Name: "alice" }));
  const next = await makeRole(cloud, "next", { trusts: role });
  const { Credentials: chained = {} } = await cloud
    .client(STSClient, await assume())
    .send(new AssumeRoleCommand({ RoleArn: next, RoleSessionName: "ann" }));
  for (const credentials of [federated, chained]) {
    await tokenFor(credentials);
    const { status, text } = await trade(sessionParameter(credentials), { SessionDuration: "900" });
    expect(status).toBe(400);
    expect(text).toContain("Invalid credentials parameter");
  }
});

test("a token is good for fifteen minutes, and no other text is a token", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const credentials = await assume();
  const token = await tokenFor(credentials);
  for (const other of [`x${token}`, "x", credentials.SessionToken ?? ""]) {
    expect((await login(other)).status).toBe(400);
  }
  await cloud.clock.advance(840);
  expect((await login(token)).status).toBe(303);
  await cloud.clock.advance(60);
  expect((await login(token)).status).toBe(400);
});

test.each([
  "https://example.com/",
  "http://console.aws.amazon.com/",
  "https://console.aws.amazon.com.example.com/",
  "https://console.aws.amazon.com:444/",
  "https://ann@console.aws.amazon.com/",
  "https://example.com/console.aws.amazon.com",
  "//example.com/",
  "javascript:alert(1)",
  "http://localhost:9999/",
  "http://localhost.example.com:4566/",
])("nobody is sent to %s", async (Destination) => {
  const { assume, tokenFor, login } = await withBroker();
  const { status, location, cookie } = await login(await tokenFor(await assume()), { Destination });
  expect({ status, location, cookie }).toEqual({ status: 400, location: undefined, cookie: "" });
});

test("a page of this server is a destination", async () => {
  const { cloud, assume, tokenFor } = await withBroker();
  const { status, location } = await visit(cloud, "/federation", {
    host: "signin.localhost:4566",
    query: {
      Action: "login",
      Destination: "http://localhost:4566/_kumobako/",
      SigninToken: await tokenFor(await assume()),
    },
  });
  expect({ status, location }).toEqual({ status: 303, location: "http://localhost:4566/_kumobako/" });
});

test("who signs out is signed out, and the cookie is worth nothing any more", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const signedIn = await login(await tokenFor(await assume()));
  const out = await visit(cloud, "/federation", { form: { Action: "logout" }, cookie: signedIn.cookie });
  expect(out).toMatchObject({ status: 200, cookie: "kumobako-console-session=" });
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

test("who signs in again leaves no session behind", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const token = await tokenFor(await assume());
  const first = await login(token);
  const query = { Action: "login", Destination: CONSOLE, SigninToken: token };
  const second = await visit(cloud, "/federation", { query, cookie: first.cookie });
  expect((await follow(cloud, first)).status).toBe(401);
  expect((await follow(cloud, second)).status).toBe(200);
});

test("what a link says is shown as text", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  const signedIn = await login(await tokenFor(await assume()), { Issuer: "<script>alert(1)</script>" });
  const { text } = await follow(cloud, signedIn);
  expect(text).toContain("&lt;script&gt;");
  expect(text).not.toContain("<script");
});

test("what is missing, and what there is not, is refused", async () => {
  const { cloud, assume, trade, tokenFor } = await withBroker();
  const SigninToken = await tokenFor(await assume());
  const queries = [
    {},
    { Action: "dance" },
    { Action: "constructor" },
    { Action: "getSigninToken" },
    { Action: "login", SigninToken },
    { Action: "login", Destination: CONSOLE },
  ];
  for (const query of queries) expect((await visit(cloud, "/federation", { query })).status).toBe(400);
  expect((await trade(sessionParameter(await assume()), { SessionType: "xml" })).status).toBe(400);
  expect((await visit(cloud, "/elsewhere")).status).toBe(404);
  expect((await visit(cloud, "/saml")).status).toBe(404);
  expect((await visit(cloud, "/console/home")).status).toBe(401);
});

test("a bucket may be called signin", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "signin" }));
  await s3.send(new PutObjectCommand({ Bucket: "signin", Key: "federations", Body: "of planets" }));
  const url = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket: "signin", Key: "federations" })));
  expect(url.host).toBe("signin.localhost:4566");
  const query = Object.fromEntries(url.searchParams);
  expect(await visit(cloud, url.pathname, { query, host: url.host })).toMatchObject({
    status: 200,
    text: "of planets",
  });
});

test("what a broker asked for, and who came of it, is on record", async () => {
  const { cloud, assume, tokenFor, login } = await withBroker();
  await login(await tokenFor(await assume()));
  await cloud.cloud.journal.flush();
  const events = await cloud.cloud.journal.find({ limit: 5, matches: ({ service }) => service === "signin" });
  expect(events.map(({ operation }) => operation)).toEqual(["ConsoleLogin", "GetSigninToken"]);
  for (const { userIdentity } of events) {
    expect(userIdentity).toMatchObject({
      type: "AssumedRole",
      arn: "arn:aws:sts::000000000000:assumed-role/support/ann",
    });
  }
});
