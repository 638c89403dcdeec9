/**
 * The proof that a program has the key that its tokens are for.
 * Source: https://www.rfc-editor.org/rfc/rfc9449
 * Differs: when it was made is not asked, for a program's time need not be that of the cloud; nor whether it came before.
 */
import { createHash, createPublicKey, verify, type JsonWebKey } from "node:crypto";

type Part = Readonly<Record<string, unknown>>;

/** The thumbprint of the key that signed `proof`; `undefined` where it proves nothing for a POST to `url`. */
export function thumbprintIn(proof: string, url: string): string | undefined {
  const [head = "", claims = "", signature = "", ...more] = proof.split(".");
  const header = parsePart(head);
  const claimed = parsePart(claims);
  if (more.length > 0 || !header || !claimed) return undefined;
  const key = keyIn(header);
  const isMeant = claimed["htm"] === "POST" && claimed["htu"] === url && typeof claimed["jti"] === "string";
  if (!key || !isMeant || !isSigned(`${head}.${claims}`, signature, key)) return undefined;
  // Source: https://www.rfc-editor.org/rfc/rfc7638 (the members in this order)
  const { crv, kty, x, y } = key;
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function parsePart(text: string): Part | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function keyIn({ typ, alg, jwk }: Part): JsonWebKey | undefined {
  if (typ !== "dpop+jwt" || alg !== "ES256" || typeof jwk !== "object" || jwk === null) return undefined;
  const { kty, crv, x, y }: Part = { ...jwk };
  if (kty !== "EC" || crv !== "P-256" || typeof x !== "string" || typeof y !== "string") return undefined;
  return { kty, crv, x, y };
}

function isSigned(text: string, signature: string, key: JsonWebKey): boolean {
  try {
    const publicKey = createPublicKey({ key, format: "jwk" });
    const given = Buffer.from(signature, "base64url");
    return verify("sha256", Buffer.from(text), { key: publicKey, dsaEncoding: "ieee-p1363" }, given);
  } catch {
    // the point is not on the curve
    return false;
  }
}
