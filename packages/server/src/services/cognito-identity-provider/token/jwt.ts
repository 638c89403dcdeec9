/** JSON web tokens signed with RS256. Source: https://www.rfc-editor.org/rfc/rfc7519 */
import { createPublicKey, sign, verify } from "node:crypto";
import type { PublicKey, Signer } from "./signing-key.ts";

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

export function signToken(claims: Claims, { kid, key }: Signer): string {
  const signed = `${encode({ kid, alg: "RS256" })}.${encode(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** What a token says of itself; nobody has checked it. */
export function readToken(token: string): Claims | undefined {
  const [, claims, signature, ...more] = token.split(".");
  return claims === undefined || signature === undefined || more.length > 0 ? undefined : parseObject(claims);
}

/** Whether one of the keys signed the token. */
export function isSignedBy(keys: readonly PublicKey[], token: string): boolean {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const said = parseObject(header);
  const key = keys.find(({ kid }) => kid === said?.["kid"]);
  if (key === undefined || said?.["alg"] !== "RS256") return false;
  const { kty, n, e } = key;
  const signed = Buffer.from(`${header}.${claims}`);
  return verify(
    "RSA-SHA256",
    signed,
    createPublicKey({ key: { kty, n, e }, format: "jwk" }),
    Buffer.from(signature, "base64url"),
  );
}

function parseObject(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
