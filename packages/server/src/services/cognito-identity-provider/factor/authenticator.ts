/** What authenticators say of themselves and sign. Source: https://www.w3.org/TR/webauthn-2/ */
import { createHash, createPublicKey, timingSafeEqual, verify, type JsonWebKey } from "node:crypto";
import { readCbor, type CborValue } from "./cbor.ts";

/** Source: https://www.w3.org/TR/webauthn-2/#sctn-authenticator-data */
export interface AuthenticatorData {
  /** The SHA-256 of the relying party's id. */
  readonly rpIdHash: Uint8Array;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly signCount: number;
  /** Where a credential was made. */
  readonly credential?: { readonly id: Uint8Array; readonly key: CborValue } | undefined;
}

const HEAD_BYTES = 37;
const AAGUID_BYTES = 16;

export function parseAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const flags = bytes[32] ?? 0;
  const credential = (flags & 0x40) === 0 ? undefined : parseCredential(bytes);
  if ((flags & 0x40) !== 0 && !credential) return undefined;
  return {
    rpIdHash: bytes.slice(0, 32),
    userPresent: (flags & 0x01) !== 0,
    userVerified: (flags & 0x04) !== 0,
    signCount: Buffer.from(bytes).readUInt32BE(33),
    credential,
  };
}

function parseCredential(bytes: Uint8Array): AuthenticatorData["credential"] {
  const at = HEAD_BYTES + AAGUID_BYTES;
  if (bytes.length < at + 2) return undefined;
  const idEnd = at + 2 + Buffer.from(bytes).readUInt16BE(at);
  if (bytes.length < idEnd) return undefined;
  const key = readCbor(bytes, idEnd);
  return key && { id: bytes.slice(at + 2, idEnd), key: key.value };
}

/** Source: https://www.iana.org/assignments/cose/cose.xhtml */
const ES256 = -7;
const RS256 = -257;
export const ALGORITHMS: readonly number[] = [ES256, RS256];

/** A public key in the form it is kept in; `undefined` for one of a kind that is not supported. */
export function publicKeyOf(key: CborValue): JsonWebKey | undefined {
  if (!(key instanceof Map)) return undefined;
  const text = (name: number): string | undefined => {
    const value = key.get(name);
    return value instanceof Uint8Array ? Buffer.from(value).toString("base64url") : undefined;
  };
  const [first, second] = [text(-2), text(-3)];
  if (key.get(1) === 2 && key.get(3) === ES256 && key.get(-1) === 1 && first !== undefined && second !== undefined) {
    return { kty: "EC", crv: "P-256", x: first, y: second };
  }
  const n = text(-1);
  return key.get(1) === 3 && key.get(3) === RS256 && n !== undefined && first !== undefined
    ? { kty: "RSA", n, e: first }
    : undefined;
}

/** What was signed where a credential was used. */
export interface Assertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJson: Uint8Array;
  readonly signature: Uint8Array;
}

export function isSignedWith(key: JsonWebKey, { authenticatorData, clientDataJson, signature }: Assertion): boolean {
  const signed = Buffer.concat([authenticatorData, createHash("sha256").update(clientDataJson).digest()]);
  try {
    return verify("sha256", signed, createPublicKey({ key, format: "jwk" }), signature);
  } catch {
    return false;
  }
}

/** What the browser says: which ceremony, which challenge, which page. */
export interface ClientData {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
}

export function parseClientData(bytes: Uint8Array): ClientData | undefined {
  try {
    const said: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof said !== "object" || said === null) return undefined;
    const { type, challenge, origin } = { type: undefined, challenge: undefined, origin: undefined, ...said };
    const isWhole = typeof type === "string" && typeof challenge === "string" && typeof origin === "string";
    return isWhole ? { type, challenge, origin } : undefined;
  } catch {
    return undefined;
  }
}

export function isFor(rpId: string, { rpIdHash }: AuthenticatorData): boolean {
  const wanted = createHash("sha256").update(rpId).digest();
  return rpIdHash.length === wanted.length && timingSafeEqual(rpIdHash, wanted);
}

/** A page of the relying party: its own, of a domain below it, or of this machine where that is the party. */
export function isPageOf(rpId: string, origin: string): boolean {
  const [, scheme, host] = /^(https?):\/\/([^/:]+)(?::\d+)?$/.exec(origin) ?? [];
  if (host === undefined || (scheme !== "https" && host !== "localhost")) return false;
  return host === rpId || host.endsWith(`.${rpId}`);
}
