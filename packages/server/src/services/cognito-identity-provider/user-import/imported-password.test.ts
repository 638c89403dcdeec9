/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html (importing users with password hashes) */
import { pbkdf2Sync, scryptSync } from "node:crypto";
import {
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  ChangePasswordCommand,
  CreateUserImportJobCommand,
  GetCSVHeaderCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type PasswordHashingAlgorithmType,
} from "@aws-sdk/client-cognito-identity-provider";
import { argon2id, bcrypt } from "hash-wasm";
import { expect, test } from "vitest";
import { ROLE, withImport } from "../../../../test/user-imports.ts";
import { SrpClient } from "../../../../test/user-pools.ts";

const PASSWORD = "brought along";
const SALT = Buffer.from("0123456789abcdef");

const bcryptOf = (costFactor: number, password = PASSWORD) => bcrypt({ password, salt: SALT, costFactor });
const argon2Of = (iterations: number) =>
  argon2id({
    password: PASSWORD,
    salt: SALT,
    iterations,
    parallelism: 1,
    memorySize: 64,
    hashLength: 32,
    outputType: "encoded",
  });

function scryptOf(N: number): string {
  const hash = scryptSync(PASSWORD, SALT, 32, { N, r: 8, p: 1, maxmem: 256 * N * 8 });
  return `${N}$8$1$${SALT.toString("hex")}$${hash.toString("hex")}`;
}

const dotted = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "").replaceAll("+", ".");

function pbkdf2Of(iterations: number): string {
  return `$pbkdf2-sha256$${iterations}$${dotted(SALT)}$${dotted(pbkdf2Sync(PASSWORD, SALT, iterations, 32, "sha256"))}`;
}

/** A job that imports users who bring the hashes of their passwords, by their names. */
async function withPasswords(PasswordHashingAlgorithm: PasswordHashingAlgorithmType) {
  const world = await withImport();
  const { idp, clientId: ClientId, poolId: UserPoolId, csv, run } = world;
  const { CSVHeader = [] } = await idp.send(new GetCSVHeaderCommand({ UserPoolId }));
  const file = (hashes: Readonly<Record<string, string>>) =>
    csv(
      Object.entries(hashes).map(([name, password_hash]) => ({
        "cognito:username": name,
        email: `${name}@example.com`,
        email_verified: "true",
        // a comma inside a value
        password_hash: password_hash.replaceAll(",", "\\,"),
      })),
      [...CSVHeader, "password_hash"],
    );
  return {
    ...world,
    importing: (hashes: Readonly<Record<string, string>>) => run(file(hashes), { PasswordHashingAlgorithm }),
    status: async (Username: string) => (await idp.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus,
    signIn: (USERNAME: string, password = PASSWORD) =>
      idp.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME, PASSWORD: password },
        }),
      ),
    signInBySrp: async (name: string) => {
      const srp = new SrpClient();
      const AuthParameters = { USERNAME: name, SRP_A: srp.srpA };
      const asked = await idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters }));
      const secret = { realm: UserPoolId.slice(UserPoolId.indexOf("_") + 1), name, password: PASSWORD };
      const ChallengeResponses = srp.prove(asked.ChallengeParameters, secret);
      const answer = { ClientId, ChallengeName: asked.ChallengeName, ChallengeResponses };
      return idp.send(new RespondToAuthChallengeCommand(answer));
    },
  };
}

const wrong = { name: "NotAuthorizedException", message: "Incorrect username or password." };

test.each([
  ["BCRYPT", await bcryptOf(5)],
  ["SCRYPT", scryptOf(1024)],
  ["ARGON2ID", await argon2Of(2)],
  ["PBKDF2_SHA256", pbkdf2Of(1000)],
] as const)(
  "a user signs in with a password from elsewhere, hashed with %s, and has it from then on",
  async (algorithm, hash) => {
    const { importing, signIn, signInBySrp, status } = await withPasswords(algorithm);
    expect(await importing({ ann: hash })).toMatchObject({
      Status: "Succeeded",
      ImportedUsers: 1,
      PasswordHashingAlgorithm: algorithm,
    });
    expect(await status("ann")).toBe("CONFIRMED");
    await expect(signIn("ann", "another")).rejects.toMatchObject(wrong);
    // the pool cannot check a proof of it yet
    await expect(signInBySrp("ann")).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect((await signIn("ann")).AuthenticationResult?.AccessToken).toBeDefined();
    expect((await signInBySrp("ann")).AuthenticationResult?.AccessToken).toBeDefined();
    await expect(signIn("ann", "another")).rejects.toMatchObject(wrong);
  },
);

test("who brings no password has to choose one, and who brings a wrong hash does not come", async () => {
  const { importing, status, signIn } = await withPasswords("BCRYPT");
  const good = await bcryptOf(5);
  const more = Object.fromEntries(["bob", "cid", "dan", "eve"].map((name) => [name, good]));
  const wrongOnes = {
    tooDear: good.replace("$05$", "$13$"),
    tooCheap: good.replace("$05$", "$03$"),
    foreign: scryptOf(1024),
    short: good.slice(0, -1),
  };
  expect(await importing({ ann: "", ...more, ...wrongOnes })).toMatchObject({ ImportedUsers: 5, FailedUsers: 4 });
  expect(await status("ann")).toBe("RESET_REQUIRED");
  await expect(signIn("ann")).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
  await expect(status("tooDear")).rejects.toMatchObject({ name: "UserNotFoundException" });
});

test("numbers that an algorithm does not know, or that cost too much, are no hash of it", async () => {
  const scrypt = await withPasswords("SCRYPT");
  const big = scryptOf(1024).replace("1024$", "131072$");
  const odd = scryptOf(1024).replace("1024$", "1000$");
  expect(await scrypt.importing({ big, odd })).toMatchObject({ ImportedUsers: 0, FailedUsers: 2 });
  const argon = await withPasswords("ARGON2ID");
  const slow = (await argon2Of(2)).replace("t=2", "t=3");
  const small = (await argon2Of(2)).replace("m=64", "m=7");
  expect(await argon.importing({ slow, small })).toMatchObject({ ImportedUsers: 0, FailedUsers: 2 });
});

test("a file without the column of passwords fails where the job says that there are some", async () => {
  const { csv, run } = await withImport();
  expect(await run(csv([]), { PasswordHashingAlgorithm: "BCRYPT" })).toMatchObject({ Status: "Failed" });
});

test("a password from elsewhere is what the user has to show to change it", async () => {
  const { idp, importing, signIn } = await withPasswords("BCRYPT");
  // no more than the first 72 bytes count
  const long = "x".repeat(80);
  await importing({ ann: await bcryptOf(5, long.slice(0, 72)), bob: await bcryptOf(5) });
  const { AuthenticationResult: { AccessToken } = {} } = await signIn("ann", long);
  const change = (PreviousPassword: string) =>
    idp.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: "Correct-horse-9" }));
  await expect(change("another")).rejects.toMatchObject(wrong);
  await change(long);
  expect((await signIn("ann", "Correct-horse-9")).AuthenticationResult?.AccessToken).toBeDefined();
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
test("a user who may not sign in with a password may not with one from elsewhere either", async () => {
  const { idp, poolId: UserPoolId, importing, signIn } = await withPasswords("BCRYPT");
  await importing({ ann: await bcryptOf(5), bob: await bcryptOf(5) });
  const User = { ProviderName: "Cognito", ProviderAttributeName: "Cognito_Subject", ProviderAttributeValue: "ann" };
  await idp.send(new AdminDisableProviderForUserCommand({ UserPoolId, User }));
  await expect(signIn("ann")).rejects.toMatchObject(wrong);
  expect((await signIn("bob")).AuthenticationResult?.AccessToken).toBeDefined();
});

test("a job says which algorithm, of those that there are", async () => {
  const { idp, poolId: UserPoolId } = await withImport();
  const asked = { UserPoolId, JobName: "move", CloudWatchLogsRoleArn: ROLE };
  const job = await idp.send(new CreateUserImportJobCommand({ ...asked, PasswordHashingAlgorithm: "SCRYPT" }));
  expect(job.UserImportJob?.PasswordHashingAlgorithm).toBe("SCRYPT");
  const none = await idp.send(new CreateUserImportJobCommand(asked));
  expect(none.UserImportJob).not.toHaveProperty("PasswordHashingAlgorithm");
});
