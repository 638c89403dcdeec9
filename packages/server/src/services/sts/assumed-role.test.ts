import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../test/identities.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";

const OTHER = "222222222222";

type Caller = TestCredentials | IssuedCredentials | undefined;

const assume = (cloud: TestCloud, caller: Caller, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  cloud.client(STSClient, caller).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1", ...more }));

const identityOf = (cloud: TestCloud, caller: Caller) =>
  cloud.client(STSClient, caller).send(new GetCallerIdentityCommand());

const denied = (message: RegExp | string) => ({
  name: "AccessDenied",
  $metadata: { httpStatusCode: 403 },
  message: typeof message === "string" ? message : (expect.stringMatching(message) as string),
});

const invalid = (message: RegExp) => ({ name: "ValidationError", message: expect.stringMatching(message) as string });

/** A user who may do anything with STS, and a role that trusts the account. */
async function withRole(facts: Parameters<typeof makeRole>[2] = {}) {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  const role = await makeRole(cloud, "support", facts);
  return { cloud, ann, role };
}

test("a role's session has its ARN, its id, the role's rights, and an end", async () => {
  const { cloud, ann, role } = await withRole({ allow: ["iam:ListUsers"] });
  const { Credentials, AssumedRoleUser, SessionTokenSize } = await assume(cloud, ann, role);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::000000000000:assumed-role/support/s1");
  expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:s1$/);
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(SessionTokenSize).toBe(Credentials?.SessionToken?.length);
  const secondsLeft = ((Credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime()) / 1000;
  expect(secondsLeft).toBeGreaterThan(3590);
  expect(secondsLeft).toBeLessThanOrEqual(3600);
  expect(await identityOf(cloud, Credentials)).toMatchObject({
    Account: "000000000000",
    Arn: AssumedRoleUser?.Arn,
    UserId: AssumedRoleUser?.AssumedRoleId,
  });
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  await expect(cloud.client(IAMClient, ann).send(new ListUsersCommand())).rejects.toMatchObject({
    name: "AccessDenied",
  });
});

test("a session ends when virtual time says so", async () => {
  const { cloud, ann, role } = await withRole({ maxSessionSeconds: 43_200 });
  const { Credentials } = await assume(cloud, ann, role, { DurationSeconds: 43_200 });
  await cloud.clock.advance(43_100);
  await identityOf(cloud, Credentials);
  await cloud.clock.advance(101);
  await expect(identityOf(cloud, Credentials)).rejects.toMatchObject({ name: "ExpiredToken" });
});

test("a session lasts no longer than its role allows", async () => {
  const { cloud, ann, role } = await withRole();
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
  await expect(assume(cloud, ann, role, { DurationSeconds: 3601 })).rejects.toMatchObject(
    invalid(/^The requested DurationSeconds exceeds the MaxSessionDuration set for this role\.$/),
  );
  await expect(assume(cloud, ann, role, { DurationSeconds: 899 })).rejects.toMatchObject({ name: "ValidationError" });
});

test("a chain of roles lasts an hour at most", async () => {
  const { cloud, ann, role } = await withRole({ allow: ["sts:AssumeRole"], maxSessionSeconds: 7200 });
  const second = await makeRole(cloud, "second", { maxSessionSeconds: 7200 });
  const { Credentials } = await assume(cloud, ann, role, { DurationSeconds: 7200 });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
  await expect(assume(cloud, Credentials, second, { DurationSeconds: 3601 })).rejects.toMatchObject(
    invalid(/^The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining$/),
  );
  const chained = await assume(cloud, Credentials, second, { DurationSeconds: 3600 });
  expect(chained.AssumedRoleUser?.Arn).toBe("arn:aws:sts::000000000000:assumed-role/second/s1");
});

test("a role that trusts another, and one that nobody has, answer the same", async () => {
  const { cloud, ann } = await withRole();
  const closed = await makeRole(cloud, "closed", { trusts: (await makeUser(cloud, "ben")).arn });
  const message = (role: string) =>
    new RegExp(`^User: ${ann.arn} is not authorized to perform: sts:AssumeRole on resource: ${role}\\b`);
  const missing = "arn:aws:iam::000000000000:role/missing";
  const words: string[] = [];
  for (const role of [closed, missing]) {
    await expect(assume(cloud, ann, role)).rejects.toMatchObject(denied(message(role)));
    await assume(cloud, ann, role).catch((error: Error) => words.push(error.message.replace(role, "ROLE")));
  }
  expect(words[0]).toBe(words[1]);
});

test("the decision, unlike the answer, says that there is no such role", async () => {
  const { cloud, ann } = await withRole();
  const sts = cloud.client(STSClient, ann);
  let response: unknown;
  sts.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      response = answer.response;
      return answer;
    },
    { step: "deserialize", priority: "low" },
  );
  const RoleArn = "arn:aws:iam::000000000000:role/nobody";
  await expect(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1" }))).rejects.toMatchObject(denied(/./));
  const decision: unknown = expect.stringContaining(`policy=no such role as ${RoleArn}`);
  expect(response).toMatchObject({ headers: { "x-kumobako-decision": decision } });
});

test("where the trust policy names the user itself, the user's own policies need not allow it", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann");
  const role = await makeRole(cloud, "support", { trusts: ann.arn });
  const open = await makeRole(cloud, "open", {});
  await assume(cloud, ann, role);
  await expect(assume(cloud, ann, open)).rejects.toMatchObject(denied(/no identity-based policy allows/));
});

test("across accounts both sides have to allow it", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const ben = await makeUser(cloud, "ben");
  const role = await makeRole(cloud, "support", { account: OTHER, trusts: [ann.arn, ben.arn] });
  const closed = await makeRole(cloud, "closed", { account: OTHER });
  const { Credentials } = await assume(cloud, ann, role);
  expect(await identityOf(cloud, Credentials)).toMatchObject({ Account: OTHER });
  await expect(assume(cloud, ben, role)).rejects.toMatchObject(denied(/not authorized to perform: sts:AssumeRole/));
  await expect(assume(cloud, ann, closed)).rejects.toMatchObject(denied(/not authorized to perform: sts:AssumeRole/));
});

test("the root user may not assume a role", async () => {
  const { cloud, role } = await withRole();
  await expect(assume(cloud, undefined, role)).rejects.toMatchObject(
    denied("Roles may not be assumed by root accounts."),
  );
});

test("a made-up key may assume roles that trust it, in permissive mode alone", async () => {
  const cloud = await testCloud({ auth: "permissive" });
  const madeUp = { accessKeyId: "FOOBARKEY", secretAccessKey: "anything" };
  const trusting = await makeRole(cloud, "support", {});
  const other = await makeRole(cloud, "other", { trusts: OTHER });
  const { AssumedRoleUser } = await assume(cloud, madeUp, trusting);
  expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::000000000000:assumed-role/support/s1");
  await expect(assume(cloud, madeUp, other)).rejects.toMatchObject(denied(/^User: arn:aws:iam::000000000000:root /));
  const { Credentials } = await cloud.client(STSClient, madeUp).send(new GetSessionTokenCommand());
  for (const caller of [undefined, Credentials]) {
    await expect(assume(cloud, caller, trusting)).rejects.toMatchObject(
      denied("Roles may not be assumed by root accounts."),
    );
  }
});

test("the external id has to be the one that the trust policy asks for", async () => {
  const trustCondition = { StringEquals: { "sts:ExternalId": "contract-7" } };
  const { cloud, ann, role } = await withRole({ trustCondition });
  await assume(cloud, ann, role, { ExternalId: "contract-7" });
  await expect(assume(cloud, ann, role)).rejects.toMatchObject(denied(/sts:AssumeRole/));
  await expect(assume(cloud, ann, role, { ExternalId: "contract-8" })).rejects.toMatchObject(denied(/sts:AssumeRole/));
});

test("what is not the ARN of a role is refused", async () => {
  const { cloud, ann } = await withRole();
  for (const arn of ["arn:aws:iam::000000000000:user/ann", "not-an-arn-at-all-really"]) {
    await expect(assume(cloud, ann, arn)).rejects.toMatchObject(invalid(new RegExp(`^${arn} is invalid$`)));
  }
  // Source: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml (run against AWS)
  const nobodys = "arn:aws:iam::123456789:role/non-existing-role";
  await expect(assume(cloud, ann, nobodys)).rejects.toMatchObject(
    denied(/is not authorized to perform: sts:AssumeRole/),
  );
});

test("session policies bound the role's rights, and take room", async () => {
  const { cloud, ann, role } = await withRole({ allow: ["iam:*"] });
  const Policy = policyText(["iam:ListRoles"]);
  const { Credentials, PackedPolicySize } = await assume(cloud, ann, role, { Policy });
  expect(PackedPolicySize).toBeGreaterThan(0);
  await expect(cloud.client(IAMClient, Credentials).send(new ListUsersCommand())).rejects.toMatchObject(
    denied(/because no session policy allows the iam:ListUsers action$/),
  );
  const PolicyArns = [{ arn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }];
  const managed = await assume(cloud, ann, role, { PolicyArns });
  await cloud.client(IAMClient, managed.Credentials).send(new ListUsersCommand());
});

const arns = (count: number, arn: string) => ({ PolicyArns: Array.from({ length: count }, () => ({ arn })) });

test("a session policy that is no policy, too long, or not there is refused", async () => {
  const { cloud, ann, role } = await withRole();
  // Source: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml (run against AWS)
  await expect(assume(cloud, ann, role, { Policy: "invalid policy" })).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
    message: "The policy is not in the valid JSON format.",
  });
  await expect(assume(cloud, ann, role, { Policy: "{}" })).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
  const Policy = policyText(["iam:ListUsers"]).padEnd(2049);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (2,048 characters, 10 ARNs)
  await expect(assume(cloud, ann, role, { Policy })).rejects.toMatchObject(invalid(/less than or equal to 2048/));
  const many = arns(11, "arn:aws:iam::aws:policy/IAMReadOnlyAccess");
  await expect(assume(cloud, ann, role, many)).rejects.toMatchObject(invalid(/less than or equal to 10/));
  const missing = arns(1, "arn:aws:iam::aws:policy/NoSuchPolicy");
  await expect(assume(cloud, ann, role, missing)).rejects.toMatchObject(invalid(/does not exist/));
});

test("a token is as long as is asked for", async () => {
  const { cloud, ann, role } = await withRole();
  const { Credentials, SessionTokenSize, SessionTokenUtilization } = await assume(cloud, ann, role, {
    MinimumSessionTokenSize: 2048,
  });
  expect([SessionTokenSize, SessionTokenUtilization]).toEqual([2048, 50]);
  expect(Credentials?.SessionToken).toHaveLength(2048);
  await identityOf(cloud, Credentials);
  await expect(assume(cloud, ann, role, { MinimumSessionTokenSize: 4097 })).rejects.toMatchObject({
    name: "ValidationError",
  });
});
