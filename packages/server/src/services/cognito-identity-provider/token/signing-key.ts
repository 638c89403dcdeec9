/**
 * A pool's signing keys: one for identity tokens, one for access tokens, made when the first of them is asked for.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";

export type TokenUse = "id" | "access";

/** As a key set shows it. */
export interface PublicKey {
  readonly alg: "RS256";
  readonly e: string;
  readonly kid: string;
  readonly kty: "RSA";
  readonly n: string;
  readonly use: "sig";
}

interface SigningKey {
  readonly poolId: string;
  readonly use: TokenUse;
  readonly shown: PublicKey;
  /** PKCS #8 in DER, sealed. */
  readonly sealed: string;
}

export const signingKeys = table<SigningKey>("cognito-idp.signing-key", "global", ({ poolId, use }) => [poolId, use]);

const USES: readonly TokenUse[] = ["id", "access"];
const MODULUS_BITS = 2048;
const KID_BYTES = 32;
const PURPOSE = "cognito-idp signing key";

type Keeping = Pick<Context, "tx" | "keys">;

function makeKey(poolId: string, use: TokenUse, { tx, keys }: Keeping): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: MODULUS_BITS });
  const { n, e } = publicKey.export({ format: "jwk" });
  assert(n !== undefined && e !== undefined, "an RSA key has a modulus and an exponent");
  const kid = Buffer.from(newSecretBytes(KID_BYTES)).toString("base64");
  const key: SigningKey = {
    poolId,
    use,
    shown: { alg: "RS256", e, kid, kty: "RSA", n, use: "sig" },
    sealed: keys.seal(privateKey.export({ format: "der", type: "pkcs8" }), PURPOSE),
  };
  tx.put(signingKeys, key);
  return key;
}

const requireKey = async (poolId: string, use: TokenUse, context: Keeping): Promise<SigningKey> =>
  (await context.tx.get(signingKeys, poolId, use)) ?? makeKey(poolId, use, context);

/** What signs, and by what name its public half is known. */
export interface Signer {
  readonly kid: string;
  readonly key: KeyObject;
}

export async function signerOf(poolId: string, use: TokenUse, context: Keeping): Promise<Signer> {
  const { sealed, shown } = await requireKey(poolId, use, context);
  const der = context.keys.open(sealed, PURPOSE);
  assert(der !== undefined, "a signing key was sealed here");
  return { kid: shown.kid, key: createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }) };
}

/** The public keys of a pool, as far as they were made: nothing was signed with the others. */
export async function publicKeys(poolId: string, tx: Transaction): Promise<readonly PublicKey[]> {
  const rows = await tx.scan(signingKeys, { prefix: [poolId], limit: USES.length });
  return rows.map(({ shown }) => shown);
}

/** The same, where they may be made now. */
export async function publishedKeys(poolId: string, context: Keeping): Promise<readonly PublicKey[]> {
  const all: PublicKey[] = [];
  for (const use of USES) all.push((await requireKey(poolId, use, context)).shown);
  return all;
}
