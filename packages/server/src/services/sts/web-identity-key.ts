/** The keys that an account's web identity tokens are signed with: one per algorithm, made with the first token. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import type { AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html (SigningAlgorithm) */
export type SigningAlgorithm = "RS256" | "ES384";

interface WebIdentityKey {
  readonly algorithm: SigningAlgorithm;
  readonly keyId: string;
  /** PKCS #8, sealed. */
  readonly privateKey: string;
  /** As it is published. */
  readonly publicKey: JsonWebKey;
}

const webIdentityKeys = table<WebIdentityKey>("sts.web-identity-key", "account", ({ algorithm }) => [algorithm]);

const PURPOSE = "web-identity-key";

export interface SigningKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

export async function signingKey(
  algorithm: SigningAlgorithm,
  context: Pick<Context, "keys" | "newId" | "tx">,
): Promise<SigningKey> {
  const { tx, keys } = context;
  const present = await tx.get(webIdentityKeys, algorithm);
  if (present !== undefined) {
    const pem = keys.open(present.privateKey, PURPOSE);
    assert(pem !== undefined, "what was sealed here opens here");
    return { keyId: present.keyId, key: createPrivateKey(Buffer.from(pem)) };
  }
  const key = newKey(algorithm);
  const keyId = context.newId();
  const pem = key.export({ type: "pkcs8", format: "pem" });
  const publicKey = createPublicKey(key).export({ format: "jwk" });
  tx.put(webIdentityKeys, { algorithm, keyId, privateKey: keys.seal(pem, PURPOSE), publicKey });
  return { keyId, key };
}

const newKey = (algorithm: SigningAlgorithm): KeyObject =>
  algorithm === "RS256"
    ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
    : generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;

/** What the account's issuer publishes at `/.well-known/jwks.json`. */
export async function webIdentityKeySet(
  account: AccountId,
  tx: Transaction,
): Promise<{ readonly keys: readonly JsonWebKey[] }> {
  const rows = await tx.in({ account }).scan(webIdentityKeys, { limit: 2 });
  return {
    keys: rows.map(({ algorithm, keyId, publicKey }) => ({ ...publicKey, kid: keyId, alg: algorithm, use: "sig" })),
  };
}
