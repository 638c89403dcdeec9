/** amazon-cognito-identity-js as it is published: the library that browsers sign in with, and remember devices by. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { env } from "node:process";
import { test } from "node:test";
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from "amazon-cognito-identity-js";

const endpoint = env["KUMOBAKO_ENDPOINT"];
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const idp = new CognitoIdentityProviderClient({ endpoint, credentials, region: "us-east-1" });
const EMAIL = "ada@example.com";
const PASSWORD = "Correct-horse-1";

const control = async (path, body) => {
  const method = body === undefined ? "GET" : "POST";
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${endpoint}/_kumobako/${path}`, { method, headers, body: body && JSON.stringify(body) });
  return answer.json();
};

/** What a browser keeps between visits. */
function storage() {
  const kept = new Map();
  return {
    kept,
    setItem: (name, value) => void kept.set(name, value),
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}

/** The library's callbacks as a promise: what comes first, by the name of the callback. */
const asked = (begin) =>
  new Promise((resolve, reject) => {
    const told = (name) => (value) => resolve({ [name]: value ?? true });
    const questions = ["onSuccess", "totpRequired", "mfaRequired", "inputVerificationCode", "associateSecretCode"];
    begin({ ...Object.fromEntries(questions.map((name) => [name, told(name)])), onFailure: reject });
  });
const called = (begin) =>
  new Promise((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value))));

async function newestCode() {
  const { messages } = await control("outbox");
  return /\d{6}/.exec(messages.find(({ to }) => to === EMAIL).text)[0];
}

/** A pool that remembers devices by itself, and a browser whose user has just joined. */
async function joined() {
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({
      PoolName: "shop",
      AutoVerifiedAttributes: ["email"],
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
    }),
  );
  const SoftwareTokenMfaConfiguration = { Enabled: true };
  const facts = { UserPoolId: UserPool.Id, MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration };
  await idp.send(new SetUserPoolMfaConfigCommand(facts));
  const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({ UserPoolId: UserPool.Id, ClientName: "web", ExplicitAuthFlows }),
  );
  const visitor = (Storage = storage()) => {
    const named = { UserPoolId: UserPool.Id, ClientId: UserPoolClient.ClientId, endpoint, Storage };
    const Pool = new CognitoUserPool(named);
    return { pool: Pool, user: new CognitoUser({ Username: "ada", Pool, Storage }), Storage };
  };
  const first = visitor();
  const attributes = [new CognitoUserAttribute({ Name: "email", Value: EMAIL })];
  await called((done) => first.pool.signUp("ada", PASSWORD, attributes, [], done));
  const code = await newestCode();
  await called((done) => first.user.confirmRegistration(code, true, done));
  return { ...first, visitor };
}

const signIn = (user, Password = PASSWORD) =>
  asked((callbacks) => user.authenticateUser(new AuthenticationDetails({ Username: "ada", Password }), callbacks));

/** Source: https://www.rfc-editor.org/rfc/rfc6238 */
async function appCode(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const { now } = await control("clock");
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.parse(now) / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

void test("a user joins, signs in without sending the password, and stays signed in", async () => {
  const { user } = await joined();
  const { onSuccess: session } = await signIn(user);
  assert.equal(session.getIdToken().payload.email, EMAIL);
  const refreshed = await called((done) => user.refreshSession(session.getRefreshToken(), done));
  assert.equal(refreshed.isValid(), true);
  await assert.rejects(signIn(user, "Wrong-horse-1"), { name: "NotAuthorizedException" });
  await asked((callbacks) => user.forgotPassword(callbacks));
  const code = await newestCode();
  await asked((callbacks) => user.confirmPassword(code, "Correct-horse-2", callbacks));
  assert.ok((await signIn(user, "Correct-horse-2")).onSuccess);
});

void test("a device proves itself by a secret of its own, and is asked for no second factor", async () => {
  const { user, visitor, Storage } = await joined();
  assert.ok((await signIn(user)).onSuccess);
  const { associateSecretCode: secret } = await asked((callbacks) => user.associateSoftwareToken(callbacks));
  const code = await appCode(secret);
  await asked((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
  await called((done) => user.setUserMfaPreference(null, { PreferredMfa: true, Enabled: true }, done));
  const { onSuccess: session } = await signIn(visitor(Storage).user);
  const [, deviceKey] = [...Storage.kept].find(([name]) => name.endsWith("deviceKey"));
  assert.equal(session.getAccessToken().payload.device_key, deviceKey);

  const elsewhere = visitor().user;
  assert.deepEqual(Object.keys(await signIn(elsewhere)), ["totpRequired"]);
  await control("clock/advance", { seconds: 30 });
  const next = await appCode(secret);
  const entered = await asked((callbacks) => elsewhere.sendMFACode(next, callbacks, "SOFTWARE_TOKEN_MFA"));
  assert.ok(entered.onSuccess);
  const { onSuccess: devices } = await asked((callbacks) => elsewhere.listDevices(5, null, callbacks));
  assert.equal(devices.Devices.length, 2);

  await asked((callbacks) => user.forgetDevice(callbacks));
  assert.deepEqual(Object.keys(await signIn(user)), ["totpRequired"]);
});
