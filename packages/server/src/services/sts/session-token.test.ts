import { GetUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../test/identities.ts";
import { enableDevice } from "../../../test/mfa-device.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";

type Caller = TestCredentials | IssuedCredentials | undefined;

const sessionToken = (cloud: TestCloud, caller: Caller, input: object = {}) =>
  cloud.client(STSClient, caller).send(new GetSessionTokenCommand(input));

const identityOf = (cloud: TestCloud, caller: Caller) =>
  cloud.client(STSClient, caller).send(new GetCallerIdentityCommand());

const secondsLeft = (cloud: TestCloud, credentials: { Expiration?: Date | undefined } | undefined) =>
  ((credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime()) / 1000;

const refusal = (message: string) => ({ name: "AccessDenied", message });

/** A user with a second factor in hand. */
async function withDevice() {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["iam:*", "sts:AssumeRole"] });
  const { SerialNumber, code } = await enableDevice(cloud, "ann");
  return { cloud, ann, SerialNumber, code };
}

test("a user's session is the user, for twelve hours where nothing else is said", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann");
  const { Credentials } = await sessionToken(cloud, ann);
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (43,200 seconds)
  expect(secondsLeft(cloud, Credentials)).toBeGreaterThan(43_190);
  expect(await identityOf(cloud, Credentials)).toMatchObject({ Arn: ann.arn, UserId: ann.userId });
  const long = await sessionToken(cloud, ann, { DurationSeconds: 129_600 });
  expect(secondsLeft(cloud, long.Credentials)).toBeGreaterThan(129_590);
  await expect(sessionToken(cloud, ann, { DurationSeconds: 129_601 })).rejects.toMatchObject({
    name: "ValidationError",
  });
});

test("the root user's session lasts an hour, whatever is asked for", async () => {
  const cloud = await testCloud();
  for (const input of [{}, { DurationSeconds: 7200 }]) {
    const { Credentials } = await sessionToken(cloud, undefined, input);
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (DurationSeconds)
    expect(secondsLeft(cloud, Credentials)).toBeLessThanOrEqual(3600);
    expect(await identityOf(cloud, Credentials)).toMatchObject({ Arn: "arn:aws:iam::000000000000:root" });
  }
});

test("a session cannot make another", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:*"] });
  const role = await makeRole(cloud, "support", { allow: ["sts:*"] });
  const assumed = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "s1" }));
  const { Credentials } = await sessionToken(cloud, ann);
  for (const caller of [Credentials, assumed.Credentials]) {
    // Source: https://github.com/aws/aws-sdk-net/issues/1704
    await expect(sessionToken(cloud, caller)).rejects.toMatchObject({
      name: "AccessDenied",
      message: "Cannot call GetSessionToken with session credentials",
    });
  }
});

test("without a second factor a session is nobody to IAM, with one it has the user's rights", async () => {
  const { cloud, ann, SerialNumber, code } = await withDevice();
  const plain = await sessionToken(cloud, ann);
  // Source: https://github.com/99designs/aws-vault/issues/15
  await expect(cloud.client(IAMClient, plain.Credentials).send(new GetUserCommand())).rejects.toMatchObject({
    name: "InvalidClientTokenId",
    message: "The security token included in the request is invalid.",
  });
  const proven = await sessionToken(cloud, ann, { SerialNumber, TokenCode: code() });
  await cloud.client(IAMClient, proven.Credentials).send(new ListUsersCommand());
});

test("a code is good once, and a wrong one and another's device are refused", async () => {
  const { cloud, ann, SerialNumber, code } = await withDevice();
  const TokenCode = code();
  const wrong = String((Number(TokenCode) + 1) % 1_000_000).padStart(6, "0");
  // Source: https://github.com/aws/aws-cli/issues/2279, https://github.com/aws/aws-cli/issues/6325
  const invalidCode = expect.stringMatching(
    /^MultiFactorAuthentication failed with invalid MFA one time pass code\./,
  ) as string;
  await expect(sessionToken(cloud, ann, { SerialNumber, TokenCode: wrong })).rejects.toMatchObject(
    refusal(invalidCode),
  );
  await sessionToken(cloud, ann, { SerialNumber, TokenCode });
  await expect(sessionToken(cloud, ann, { SerialNumber, TokenCode })).rejects.toMatchObject(refusal(invalidCode));
  const ben = await makeUser(cloud, "ben");
  await expect(sessionToken(cloud, ben, { SerialNumber, TokenCode: code(1) })).rejects.toMatchObject(
    refusal(
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    ),
  );
  await expect(sessionToken(cloud, ann, { SerialNumber })).rejects.toMatchObject(
    refusal("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."),
  );
});

test("a trust policy may ask for a second factor, shown with the call or carried by the session", async () => {
  const { cloud, ann, SerialNumber, code } = await withDevice();
  const trustCondition = {
    Bool: { "aws:MultiFactorAuthPresent": "true" },
    NumericLessThan: { "aws:MultiFactorAuthAge": "300" },
  };
  const RoleArn = await makeRole(cloud, "guarded", { trustCondition });
  const assume = (caller: Caller, more: object = {}) =>
    cloud.client(STSClient, caller).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1", ...more }));
  await expect(assume(ann)).rejects.toMatchObject({ name: "AccessDenied" });
  await assume(ann, { SerialNumber, TokenCode: code() });
  const { Credentials } = await sessionToken(cloud, ann, { SerialNumber, TokenCode: code(1) });
  await assume(Credentials);
  await cloud.clock.advance(301);
  await expect(assume(Credentials)).rejects.toMatchObject({ name: "AccessDenied" });
});
