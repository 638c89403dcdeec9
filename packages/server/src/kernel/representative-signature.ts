/**
 * ML-DSA over the representative μ of a message, which somebody else took: Node's own takes the message.
 * Source: https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.204.pdf (section 6.2, algorithms 7 and 8)
 */
import type { KeyObject } from "node:crypto";

/** μ is as long for all kinds of keys. */
export const REPRESENTATIVE_BYTES = 64;

const FROM_OUTSIDE = { externalMu: true } as const;

export async function signRepresentative(representative: Uint8Array, key: KeyObject): Promise<Uint8Array> {
  const signer = await signerOf(key);
  return signer.internal.sign(representative, signer.keygen(partOf(key, "priv")).secretKey, FROM_OUTSIDE);
}

interface Signed {
  readonly representative: Uint8Array;
  readonly signature: Uint8Array;
}

export async function verifyRepresentative({ representative, signature }: Signed, key: KeyObject): Promise<boolean> {
  const signer = await signerOf(key);
  if (signature.byteLength !== signer.lengths.signature) return false;
  return signer.internal.verify(signature, representative, partOf(key, "pub"), FROM_OUTSIDE);
}

async function signerOf({ asymmetricKeyType: kind }: KeyObject) {
  const { ml_dsa44: small, ml_dsa65: medium, ml_dsa87: large } = await import("@noble/post-quantum/ml-dsa.js");
  if (kind === "ml-dsa-44") return small;
  return kind === "ml-dsa-65" ? medium : large;
}

/** `priv` is the seed that the whole key comes of. Source: https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/ */
function partOf(key: KeyObject, name: "priv" | "pub"): Buffer {
  const { [name]: text } = key.export({ format: "jwk" });
  return Buffer.from(typeof text === "string" ? text : "", "base64url");
}
