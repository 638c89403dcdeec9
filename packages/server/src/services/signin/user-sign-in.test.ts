import {
  CreateAccountAliasCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteLoginProfileCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../test/identities.ts";
import { enableDevice } from "../../../test/mfa-device.ts";
import { follow, visit } from "../../../test/sign-in.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const PASSWORD = "Secret-pass1";
const ARN = "arn:aws:iam::000000000000:user/ann";
const DAY_SECONDS = 86_400;

async function withAnn({ resetRequired = false } = {}) {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const profile = { UserName: "ann", Password: PASSWORD, PasswordResetRequired: resetRequired };
  await iam.send(new CreateLoginProfileCommand(profile));
  const signIn = (form: Readonly<Record<string, string>> = {}) =>
    visit(cloud, "/console", { form: { account: "000000000000", username: "ann", password: PASSWORD, ...form } });
  return { cloud, iam, signIn };
}

test("a user signs in with account, name and password, for twelve hours", async () => {
  const { cloud, signIn } = await withAnn();
  const signedIn = await signIn();
  expect(signedIn).toMatchObject({ status: 303, location: "/console/home" });
  expect((await follow(cloud, signedIn)).text).toContain(ARN);
  await cloud.clock.advance(12 * 3600 - 60);
  expect((await follow(cloud, signedIn)).status).toBe(200);
  await cloud.clock.advance(60);
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

test("an account is named by its alias as well, and the page at its own address names it", async () => {
  const { cloud, iam, signIn } = await withAnn();
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: "payroll" }));
  expect((await signIn({ account: "payroll" })).status).toBe(303);
  const { text } = await visit(cloud, "/console", { host: "payroll.signin.aws.amazon.com" });
  expect(text).toContain('name="account" value="payroll"');
  const regional = await visit(cloud, "/console", { host: "eu-west-1.signin.localhost" });
  expect(regional.text).toContain('name="account" value=""');
});

test("whatever is wrong, the answer is the same, and opens nothing", async () => {
  const { cloud, iam, signIn } = await withAnn();
  await iam.send(new CreateUserCommand({ UserName: "keyless" }));
  const wrong = [
    { password: "Secret-pass2" },
    { password: "" },
    { username: "bob" },
    { username: "keyless" },
    { account: "111111111111" },
    { account: "nobody" },
    { account: "" },
    { account: "a".repeat(5000) },
    { username: "b".repeat(5000) },
    { password: "c".repeat(5000) },
  ];
  for (const form of wrong) {
    const { status, text, cookie } = await signIn(form);
    expect([status, cookie]).toEqual([400, ""]);
    expect(text).toContain("Your authentication information is incorrect. Please try again.");
    expect(text).not.toContain(PASSWORD);
  }
  await iam.send(new DeleteLoginProfileCommand({ UserName: "ann" }));
  expect((await signIn()).status).toBe(400);
  const ben = await makeUser(cloud, "ben");
  const keys = { username: ben.accessKeyId, password: ben.secretAccessKey };
  expect((await signIn(keys)).status).toBe(400);
});

test("a user with a second factor shows its code, once", async () => {
  const { cloud, signIn } = await withAnn();
  const { code } = await enableDevice(cloud, "ann");
  const asked = await signIn();
  expect(asked).toMatchObject({ status: 400, cookie: "" });
  expect(asked.text).toContain("MFA device");
  expect((await signIn({ mfacode: "000000" })).status).toBe(400);
  expect((await signIn({ password: "guess", mfacode: code() })).status).toBe(400);
  const shown = code();
  expect((await follow(cloud, await signIn({ mfacode: ` ${shown} ` }))).text).toContain(ARN);
  expect((await signIn({ mfacode: shown })).status).toBe(400);
});

test("a password that has to be changed opens nothing before it is", async () => {
  const { cloud, iam, signIn } = await withAnn({ resetRequired: true });
  const asked = await signIn();
  expect(asked).toMatchObject({ status: 200, cookie: "" });
  const [, ticket = ""] = /name="ticket" value="([^"]+)"/.exec(asked.text) ?? [];
  const change = (form: Readonly<Record<string, string>>) =>
    visit(cloud, "/console/password", { form: { ticket, password: PASSWORD, newpassword: "Better-pass1", ...form } });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_user-change-own.html (the user needs the right)
  expect((await change({})).text).toContain("is not authorized to perform: iam:ChangePassword");
  const PolicyDocument = policyText(["iam:ChangePassword"]);
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "own", PolicyDocument }));
  for (const form of [{ password: "guess" }, { newpassword: "short" }, { ticket: `x${ticket}` }]) {
    expect(await change(form)).toMatchObject({ status: 400, cookie: "" });
  }
  expect((await follow(cloud, await change({}))).text).toContain(ARN);
  expect((await signIn()).status).toBe(400);
  expect((await signIn({ password: "Better-pass1" })).status).toBe(303);
  await cloud.clock.advance(900);
  expect((await change({ password: "Better-pass1", newpassword: "Third-pass1" })).status).toBe(400);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html (expiration)
test("a password that the account's rules have ended is changed, or is the administrator's affair", async () => {
  const { cloud, iam, signIn } = await withAnn();
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 90 }));
  await cloud.clock.advance(90 * DAY_SECONDS - 60);
  expect((await signIn()).status).toBe(303);
  await cloud.clock.advance(60);
  expect((await signIn()).text).toContain("You must change your password to continue");
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 90, HardExpiry: true }));
  expect(await signIn()).toMatchObject({ status: 403, cookie: "" });
});

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html (PasswordLastUsed: the first of uses within five minutes)
test("the last use of a password is told", async () => {
  const { cloud, iam, signIn } = await withAnn();
  const told = async () => (await iam.send(new GetUserCommand({ UserName: "ann" }))).User?.PasswordLastUsed;
  expect(await told()).toBeUndefined();
  await signIn({ password: "guess" });
  expect(await told()).toBeUndefined();
  const atMs = Math.floor(cloud.clock.now().getTime() / 1000) * 1000;
  await signIn();
  const first = await told();
  expect((first?.getTime() ?? 0) - atMs).toBeLessThanOrEqual(2000);
  await cloud.clock.advance(240);
  await signIn();
  expect(await told()).toEqual(first);
  await cloud.clock.advance(60);
  await signIn();
  const last = await told();
  expect(last?.getTime()).toBeGreaterThan(first?.getTime() ?? 0);
  const { Users } = await iam.send(new ListUsersCommand());
  expect(Users?.map(({ PasswordLastUsed }) => PasswordLastUsed)).toEqual([last]);
  await iam.send(new GenerateCredentialReportCommand());
  const { Content } = await iam.send(new GetCredentialReportCommand());
  expect(Buffer.from(Content ?? []).toString("utf8")).toContain(`,true,${last?.toISOString().slice(0, 19)}Z,`);
});

test("who signs in goes where they wanted, if that is here", async () => {
  const { signIn } = await withAnn();
  const wanted = "https://console.aws.amazon.com/s3/home";
  const { location } = await signIn({ redirect_uri: wanted });
  expect(location).toBe(`/console/home?${new URLSearchParams({ destination: wanted })}`);
  expect(await signIn({ redirect_uri: "https://example.com/" })).toMatchObject({ status: 400, cookie: "" });
});

// Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
test("who signed in is on record, and who failed to, without a name that may be a password", async () => {
  const { cloud, signIn } = await withAnn();
  await signIn();
  await signIn({ password: "guess" });
  await signIn({ username: PASSWORD });
  await signIn({ account: "nobody" });
  await cloud.cloud.journal.flush();
  const logins = await cloud.cloud.journal.find({
    limit: 5,
    matches: ({ service, operation }) => service === "signin" && operation === "ConsoleLogin",
  });
  const said = logins.toReversed().map(({ account, userIdentity, error }) => ({ account, userIdentity, error }));
  const account = "000000000000";
  expect(said).toMatchObject([
    {
      account,
      userIdentity: { type: "IAMUser", arn: ARN, userName: "ann", accessKeyId: expect.stringMatching(/^ASIA/) },
      error: undefined,
    },
    { account, userIdentity: { type: "IAMUser", userName: "ann" }, error: { message: "Failed authentication" } },
    {
      account,
      userIdentity: { type: "IAMUser", userName: "HIDDEN_DUE_TO_SECURITY_REASONS" },
      error: { message: "No username found in supplied account" },
    },
  ]);
});
