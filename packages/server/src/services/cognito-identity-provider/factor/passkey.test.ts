import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  CompleteWebAuthnRegistrationCommand,
  DeleteWebAuthnCredentialCommand,
  GetUserAuthFactorsCommand,
  InitiateAuthCommand,
  ListWebAuthnCredentialsCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
  StartWebAuthnRegistrationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool, type TestPool } from "../../../../test/user-pools.ts";
import { parseAuthenticatorData } from "./authenticator.ts";
import { readCbor } from "./cbor.ts";

const PASSWORD = "Correct-horse-1";
const RP_ID = "login.example.com";
/** Of a list that would be read for minutes, were it copied for each of them. */
const NUMBERS = 250_000;
const ORIGIN = "https://login.example.com";

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

const head = (major: number, size: number): Buffer =>
  size < 24 ? Buffer.from([(major << 5) | size]) : Buffer.from([(major << 5) | 25, size >> 8, size & 255]);

/** CBOR of short texts, bytes, and small numbers. */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].flatMap(([key, item]) => [
    cbor(key),
    cbor(item instanceof Map || item instanceof Uint8Array ? item : typeof item === "number" ? item : String(item)),
  ]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

/** An authenticator in software. Source: https://www.w3.org/TR/webauthn-2/ */
class Authenticator {
  readonly id = randomBytes(16);
  readonly #pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #uses = 0;

  #data(rpId: string, flags: number, more: Uint8Array = new Uint8Array()): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.#uses);
    return Buffer.concat([createHash("sha256").update(rpId).digest(), Buffer.from([flags]), counter, more]);
  }

  register(challenge: string, { origin = ORIGIN, rpId = RP_ID } = {}) {
    const { x = "", y = "" } = this.#pair.publicKey.export({ format: "jwk" });
    const key = new Map<number | string, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, "base64url")],
      [-3, Buffer.from(y, "base64url")],
    ]);
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, 16]), this.id, cbor(key)]);
    const attestation = new Map<number | string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", this.#data(rpId, 0x45, credential)],
    ]);
    const said = JSON.stringify({ type: "webauthn.create", challenge, origin });
    const response = {
      clientDataJSON: base64url(Buffer.from(said)),
      attestationObject: base64url(cbor(attestation)),
      transports: ["usb"],
    };
    return { id: base64url(this.id), rawId: base64url(this.id), type: "public-key", response };
  }

  assert(challenge: string, { origin = ORIGIN, counter = true } = {}): string {
    if (!counter) this.#uses = 0;
    const data = this.#data(RP_ID, 0x05);
    const said = Buffer.from(JSON.stringify({ type: "webauthn.get", challenge, origin }));
    const signed = Buffer.concat([data, createHash("sha256").update(said).digest()]);
    const response = {
      clientDataJSON: base64url(said),
      authenticatorData: base64url(data),
      signature: base64url(sign("sha256", signed, this.#pair.privateKey)),
    };
    return JSON.stringify({ id: base64url(this.id), rawId: base64url(this.id), type: "public-key", response });
  }
}

async function passkeyPool(): Promise<TestPool> {
  const pool = await makePool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
  });
  await pool.idp.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId: pool.poolId,
      WebAuthnConfiguration: { RelyingPartyId: RP_ID, UserVerification: "required" },
    }),
  );
  await pool.makeUser("ada", PASSWORD);
  return pool;
}

async function tokenOf({ idp, clientId: ClientId }: TestPool) {
  const AuthParameters = { USERNAME: "ada", PASSWORD };
  const { AuthenticationResult } = await idp.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }),
  );
  return AuthenticationResult?.AccessToken;
}

async function register(pool: TestPool, by: Authenticator, more: { origin?: string; rpId?: string } = {}) {
  const AccessToken = await tokenOf(pool);
  const { CredentialCreationOptions } = await pool.idp.send(new StartWebAuthnRegistrationCommand({ AccessToken }));
  const { challenge } = { challenge: "", ...Object(CredentialCreationOptions) };
  const Credential = by.register(String(challenge), more);
  await pool.idp.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }));
  return AccessToken;
}

async function askPasskey({ idp, clientId: ClientId }: TestPool) {
  const AuthParameters = { USERNAME: "ada", PREFERRED_CHALLENGE: "WEB_AUTHN" };
  const asked = await idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_AUTH", AuthParameters }));
  const options = JSON.parse(asked.ChallengeParameters?.["CREDENTIAL_REQUEST_OPTIONS"] ?? "{}");
  const answer = (CREDENTIAL: string) =>
    idp.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "WEB_AUTHN",
        Session: asked.Session,
        ChallengeResponses: { USERNAME: "ada", CREDENTIAL },
      }),
    );
  return { asked, options, answer };
}

test("a user registers a passkey and signs in with it", async () => {
  const pool = await passkeyPool();
  const { idp } = pool;
  const key = new Authenticator();
  const AccessToken = await register(pool, key);
  const { Credentials } = await idp.send(new ListWebAuthnCredentialsCommand({ AccessToken }));
  expect(Credentials).toMatchObject([
    { CredentialId: base64url(key.id), RelyingPartyId: RP_ID, AuthenticatorTransports: ["usb"] },
  ]);
  const factors = await idp.send(new GetUserAuthFactorsCommand({ AccessToken }));
  expect(factors.ConfiguredUserAuthFactors).toEqual(["PASSWORD", "WEB_AUTHN"]);
  const { asked, options, answer } = await askPasskey(pool);
  expect(asked.ChallengeName).toBe("WEB_AUTHN");
  expect(options).toMatchObject({ rpId: RP_ID, allowCredentials: [{ id: base64url(key.id) }] });
  const { AuthenticationResult } = await answer(key.assert(options.challenge));
  expect(AuthenticationResult?.AccessToken).toBeDefined();
});

test("a passkey is believed for its own page, its own challenge and a counter that counts up", async () => {
  const pool = await passkeyPool();
  const key = new Authenticator();
  await register(pool, key);
  const refusal = { name: "NotAuthorizedException" };
  const { options, answer } = await askPasskey(pool);
  await expect(answer(key.assert(options.challenge, { origin: "https://evil.example.org" }))).rejects.toMatchObject(
    refusal,
  );
  await expect(answer(key.assert("another"))).rejects.toMatchObject(refusal);
  await expect(answer(new Authenticator().assert(options.challenge))).rejects.toMatchObject(refusal);
  await expect(answer("nonsense")).rejects.toMatchObject(refusal);
  await expect(answer(key.assert(options.challenge, { counter: false }))).rejects.toMatchObject(refusal);
});

test("a passkey of another page or another party is not registered", async () => {
  const pool = await passkeyPool();
  const key = new Authenticator();
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
  await expect(register(pool, key, { origin: "https://evil.example.org" })).rejects.toMatchObject({
    name: "WebAuthnOriginNotAllowedException",
  });
  await expect(register(pool, key, { rpId: "example.org" })).rejects.toMatchObject({
    name: "WebAuthnRelyingPartyMismatchException",
  });
  const AccessToken = await tokenOf(pool);
  const Credential = key.register("none");
  const unasked = new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential });
  await expect(pool.idp.send(unasked)).rejects.toMatchObject({ name: "WebAuthnChallengeNotFoundException" });
});

test("passkeys are for pools that take them, and go when they are told to", async () => {
  const plain = await makePool();
  await plain.makeUser("ada", PASSWORD);
  const start = new StartWebAuthnRegistrationCommand({ AccessToken: await tokenOf(plain) });
  await expect(plain.idp.send(start)).rejects.toMatchObject({ name: "WebAuthnNotEnabledException" });
  const pool = await passkeyPool();
  const key = new Authenticator();
  const AccessToken = await register(pool, key);
  const remove = new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId: base64url(key.id) });
  await pool.idp.send(remove);
  await expect(pool.idp.send(remove)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const { asked } = await askPasskey(pool);
  expect(asked).toMatchObject({ ChallengeName: "SELECT_CHALLENGE", AvailableChallenges: ["PASSWORD", "PASSWORD_SRP"] });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html
test("whether a passkey is two factors is for the pool to say, and for the user", async () => {
  const pool = await passkeyPool();
  const { idp, poolId: UserPoolId } = pool;
  const Username = "ada";
  const UserAttributes = [
    { Name: "email", Value: "ada@example.com" },
    { Name: "email_verified", Value: "true" },
  ];
  await idp.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes }));
  const by = new Authenticator();
  await register(pool, by);
  const configure = (FactorConfiguration: "SINGLE_FACTOR" | "MULTI_FACTOR_WITH_USER_VERIFICATION") =>
    idp.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: "OPTIONAL",
        EmailMfaConfiguration: { Message: "Payroll: {####}" },
        WebAuthnConfiguration: { RelyingPartyId: RP_ID, UserVerification: "required", FactorConfiguration },
      }),
    );
  const prefer = (Enabled: boolean) =>
    idp.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username,
        EmailMfaSettings: { Enabled: true },
        WebAuthnMfaSettings: { Enabled },
      }),
    );
  await configure("SINGLE_FACTOR");
  await expect(prefer(true)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await configure("MULTI_FACTOR_WITH_USER_VERIFICATION");
  const next = async () => {
    const { options, answer } = await askPasskey(pool);
    return (await answer(by.assert(options.challenge))).ChallengeName;
  };
  await prefer(false);
  expect(await next()).toBe("EMAIL_OTP");
  await prefer(true);
  expect(await next()).toBeUndefined();
});

test("a long credential is refused as soon as it is read", async () => {
  const pool = await passkeyPool();
  const AccessToken = await tokenOf(pool);
  const start = await pool.idp.send(new StartWebAuthnRegistrationCommand({ AccessToken }));
  const { challenge } = { challenge: "", ...Object(start.CredentialCreationOptions) };
  const Credential = new Authenticator().register(String(challenge));
  const numbers = Buffer.alloc(3 * NUMBERS, Buffer.from([0x19, 1, 1]));
  const list = Buffer.concat([Buffer.from([0x9a, 0, NUMBERS >> 16, (NUMBERS >> 8) & 255, NUMBERS & 255]), numbers]);
  const response = { ...Credential.response, attestationObject: base64url(list) };
  const complete = new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: { ...Credential, response } });
  await expect(pool.idp.send(complete)).rejects.toMatchObject({ name: "WebAuthnCredentialNotSupportedException" });
});

test("bytes of any kind are a credential or none, and never more", () => {
  for (let round = 0; round < 2000; round++) {
    const bytes = createHash("sha512").update(String(round)).digest();
    const item = readCbor(bytes);
    expect(item === undefined || item.end <= bytes.length).toBe(true);
    expect(() => parseAuthenticatorData(bytes)).not.toThrow();
  }
});
