/**
 * The key that all identity pools sign their tokens with, made with the first token.
 * Source: https://cognito-identity.amazonaws.com/.well-known/jwks_uri (RSA keys for RS512, for all regions and accounts)
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";
import { assert } from "../../kernel/assert.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";

interface SigningKeyRow {
  readonly keyId: string;
  /** PKCS #8, sealed. */
  readonly privateKey: string;
  /** As it is published. */
  readonly publicKey: JsonWebKey;
}

const signingKeys = table<SigningKeyRow>("cognito-identity.signing-key", "global", () => ["only"]);

const PURPOSE = "cognito-identity-signing-key";
const ALGORITHM = "RS512";

/** A JSON web token in its compact form. */
export async function signToken(claims: object, context: Pick<Context, "keys" | "newId" | "tx">): Promise<string> {
  const { keyId, key } = await signingKey(context);
  const signed = `${encodePart({ kid: keyId, typ: "JWS", alg: ALGORITHM })}.${encodePart(claims)}`;
  return `${signed}.${sign("sha512", Buffer.from(signed), key).toString("base64url")}`;
}

const encodePart = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

async function signingKey(context: Pick<Context, "keys" | "newId" | "tx">): Promise<{ keyId: string; key: KeyObject }> {
  const { tx, keys } = context;
  const present = await tx.get(signingKeys, "only");
  if (present !== undefined) {
    const pem = keys.open(present.privateKey, PURPOSE);
    assert(pem !== undefined, "what was sealed here opens here");
    return { keyId: present.keyId, key: createPrivateKey(Buffer.from(pem)) };
  }
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyId = context.newId();
  const privateKey = keys.seal(key.export({ type: "pkcs8", format: "pem" }), PURPOSE);
  tx.put(signingKeys, { keyId, privateKey, publicKey: createPublicKey(key).export({ format: "jwk" }) });
  return { keyId, key };
}

/** What the issuer of all identity pools publishes. */
export async function identityPoolKeySet(tx: Transaction) {
  const row = await tx.get(signingKeys, "only");
  const keys = row === undefined ? [] : [{ ...row.publicKey, kty: "RSA", kid: row.keyId, alg: ALGORITHM, use: "sig" }];
  return { keys };
}
