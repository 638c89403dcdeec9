import {
  ChangePasswordCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccountPasswordPolicyCommand,
  DeleteLoginProfileCommand,
  GetAccountPasswordPolicyCommand,
  GetLoginProfileCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
  UpdateLoginProfileCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";
const Password = "Secret-pass1";

async function withUser() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  return { cloud, root, ann: cloud.client(IAMClient, AccessKey) };
}

const isViolation = (message: string) => ({ name: "PasswordPolicyViolationException", message });

test("a password is set once, changed and taken away", async () => {
  const { root } = await withUser();
  const { LoginProfile } = await root.send(
    new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true }),
  );
  expect(LoginProfile).toMatchObject({ UserName, PasswordResetRequired: true });
  await expect(root.send(new CreateLoginProfileCommand({ UserName, Password }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Login Profile for user ann already exists.",
  });
  await root.send(new UpdateLoginProfileCommand({ UserName, Password: "Other-pass1", PasswordResetRequired: false }));
  expect((await root.send(new GetLoginProfileCommand({ UserName }))).LoginProfile).toEqual({
    ...LoginProfile,
    PasswordResetRequired: false,
  });
  await root.send(new DeleteLoginProfileCommand({ UserName }));
  await expect(root.send(new GetLoginProfileCommand({ UserName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "Login Profile for User ann cannot be found.",
  });
});

// Recorded, in users' reports: "Password should have a minimum length of 8" and "Password should meet 1 more of …"
test.each([
  ["Sec-1", "Password should have a minimum length of 8"],
  [
    "secret-pass",
    "Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one number",
  ],
  [
    "secretpass",
    "Password should meet 2 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one number, Password should have at least one symbol",
  ],
])("without rules of the account %s is refused", async (weak, message) => {
  const { root } = await withUser();
  await expect(root.send(new CreateLoginProfileCommand({ UserName, Password: weak }))).rejects.toMatchObject(
    isViolation(message),
  );
});

test("the account's rules take the place of the usual ones", async () => {
  const { root } = await withUser();
  await root.send(
    new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 6, RequireNumbers: true, RequireSymbols: true }),
  );
  await expect(root.send(new CreateLoginProfileCommand({ UserName, Password: "abc" }))).rejects.toMatchObject(
    isViolation(
      "Password should have a minimum length of 6, Password should have at least one number, Password should have at least one symbol",
    ),
  );
  await root.send(new CreateLoginProfileCommand({ UserName, Password: "abcd1-" }));
});

test("earlier passwords do not come again while the account looks back at them", async () => {
  const { root } = await withUser();
  await root.send(new UpdateAccountPasswordPolicyCommand({ PasswordReusePrevention: 2 }));
  const set = (next: string) => root.send(new UpdateLoginProfileCommand({ UserName, Password: next }));
  await root.send(new CreateLoginProfileCommand({ UserName, Password: "first-1" }));
  await expect(set("first-1")).rejects.toMatchObject({ name: "PasswordPolicyViolationException" });
  await set("second-2");
  await expect(set("first-1")).rejects.toMatchObject({ name: "PasswordPolicyViolationException" });
  await set("third-3");
  await set("first-1");
});

test("users change their own passwords where a policy of theirs, or the account's, lets them", async () => {
  const { root, ann } = await withUser();
  await root.send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true }));
  const change = (OldPassword: string, NewPassword: string) =>
    ann.send(new ChangePasswordCommand({ OldPassword, NewPassword }));
  await expect(change(Password, "Changed-pass1")).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("iam:ChangePassword on resource: arn:aws:iam::000000000000:user/ann"),
  });
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html (AllowUsersToChangePassword)
  await root.send(new UpdateAccountPasswordPolicyCommand({ AllowUsersToChangePassword: true }));
  await expect(change("wrong", "Changed-pass1")).rejects.toMatchObject({ name: "AccessDenied" });
  await change(Password, "Changed-pass1");
  expect((await root.send(new GetLoginProfileCommand({ UserName }))).LoginProfile?.PasswordResetRequired).toBe(false);
  await change("Changed-pass1", "Again-pass1");
});

test("a denial outweighs what the account lets its users do", async () => {
  const { root, ann } = await withUser();
  await root.send(new CreateLoginProfileCommand({ UserName, Password }));
  await root.send(new UpdateAccountPasswordPolicyCommand({ AllowUsersToChangePassword: true }));
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Action: "iam:ChangePassword", Resource: "*" }],
  });
  await root.send(new PutUserPolicyCommand({ UserName, PolicyName: "no", PolicyDocument }));
  await expect(
    ann.send(new ChangePasswordCommand({ OldPassword: Password, NewPassword: "Changed-pass1" })),
  ).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining("explicit deny") });
});

test("the account's rules are shown whole, and those left out fall back", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
  const iam = (await testCloud()).client(IAMClient);
  const show = async () => (await iam.send(new GetAccountPasswordPolicyCommand({}))).PasswordPolicy;
  await expect(show()).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The Password Policy with domain name 000000000000 cannot be found.",
  });
  await iam.send(
    new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 60, HardExpiry: true, RequireSymbols: true }),
  );
  expect(await show()).toMatchObject({
    ExpirePasswords: true,
    MaxPasswordAge: 60,
    HardExpiry: true,
    RequireSymbols: true,
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_account_password_policy.snapshot.json
  await iam.send(new UpdateAccountPasswordPolicyCommand({}));
  expect(await show()).toEqual({
    MinimumPasswordLength: 6,
    RequireSymbols: false,
    RequireNumbers: false,
    RequireUppercaseCharacters: false,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    ExpirePasswords: false,
  });
  await iam.send(new DeleteAccountPasswordPolicyCommand({}));
  await expect(iam.send(new DeleteAccountPasswordPolicyCommand({}))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The account policy with name PasswordPolicy cannot be found.",
  });
});
