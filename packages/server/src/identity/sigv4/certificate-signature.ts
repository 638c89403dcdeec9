/**
 * Requests that the holder of a certificate's key has signed, as IAM Roles Anywhere takes them. That the key is the
 * certificate's is all that is found out here; whether anybody trusts the certificate is for the service to say.
 * Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 */
import { hash, verify, X509Certificate, type KeyObject } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import { findOwn } from "../../kernel/lookup.ts";
import { canonicalRequest, sha256 } from "./canonical-request.ts";
import type { RequestHead } from "./claim.ts";
import { AuthenticationError } from "./errors.ts";
import { isFresh } from "./freshness.ts";
import { parseSigningScope, type SigningScope } from "./signing-scope.ts";
import { parseTimestamp } from "./timestamp.ts";

/** By algorithm: the type of the key. */
const KEY_TYPES: Readonly<Record<string, KeyObject["asymmetricKeyType"]>> = {
  "AWS4-X509-RSA-SHA256": "rsa",
  "AWS4-X509-ECDSA-SHA256": "ec",
};

/** What the signature has to cover, besides the chain where there is one. */
const SIGNED_HEADERS: readonly string[] = ["host", "x-amz-date", "x-amz-x509"];

/** The signer, and those that it says lead to an authority; DER. */
export interface CertificateSignature {
  readonly certificates: readonly Uint8Array[];
  readonly signedAtMs: number;
  readonly scope: SigningScope;
}

/** Whether the request says that it is signed so. */
export const isCertificateSigned = ({ headers }: Pick<RequestHead, "headers">): boolean =>
  headers["authorization"]?.startsWith("AWS4-X509-") === true;

/** @throws {AuthenticationError} where it is not what it says it is. */
export function verifyCertificateSignature(head: RequestHead, body: Uint8Array, clock: Clock): CertificateSignature {
  const claim = parse(head.headers["authorization"] ?? "");
  const { algorithm, scope, signature } = claim;
  const leaf = readCertificate(head.headers["x-amz-x509"] ?? "");
  const chain = head.headers["x-amz-x509-chain"];
  const needed = chain === undefined ? SIGNED_HEADERS : [...SIGNED_HEADERS, "x-amz-x509-chain"];
  if (!needed.every((name) => claim.signedHeaders.includes(name))) throw invalidSignature();
  const { timestamp, signedAtMs } = dateOf(head, scope, clock);
  if (leaf.serial !== scope.accessKeyId || leaf.key.asymmetricKeyType !== findOwn(KEY_TYPES, algorithm))
    throw invalidSignature();
  const canonical = canonicalRequest(claim, head, hash("sha256", body, "hex"));
  const signed = `${algorithm}\n${timestamp}\n${scope.text}\n${sha256(canonical)}`;
  if (!verify("sha256", Buffer.from(signed, "latin1"), leaf.key, signature)) throw invalidSignature();
  const others = (chain ?? "").split(",").filter((text) => text.trim() !== "");
  return { certificates: [leaf, ...others.map(readCertificate)].map(({ der }) => der), signedAtMs, scope };
}

interface CertificateClaim {
  readonly algorithm: string;
  /** Its key id is the certificate's serial number, in decimal digits. */
  readonly scope: SigningScope;
  readonly signedHeaders: readonly string[];
  readonly signedHeadersText: string;
  readonly signature: Uint8Array;
}

/** @throws {AuthenticationError} */
function parse(header: string): CertificateClaim {
  const [algorithm = "", ...pairs] = header.split(/[,\s]+/);
  const part = (name: string): string =>
    pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const scope = parseSigningScope(part("Credential"));
  const signature = part("Signature");
  const signedHeadersText = part("SignedHeaders");
  if (findOwn(KEY_TYPES, algorithm) === undefined || !/^([0-9a-f]{2})+$/i.test(signature)) throw invalidSignature();
  if (scope?.service !== "rolesanywhere" || scope.terminator !== "aws4_request") throw invalidSignature();
  const signedHeaders = signedHeadersText.split(";");
  return { algorithm, scope, signedHeaders, signedHeadersText, signature: Buffer.from(signature, "hex") };
}

function dateOf({ headers }: RequestHead, scope: SigningScope, clock: Clock) {
  const timestamp = headers["x-amz-date"] ?? "";
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined || !timestamp.startsWith(scope.date)) throw invalidSignature();
  if (!isFresh(signedAtMs, clock)) throw denied("Signature expired");
  return { timestamp, signedAtMs };
}

interface Certificate {
  readonly der: Uint8Array;
  readonly key: KeyObject;
  /** In decimal digits. */
  readonly serial: string;
}

function readCertificate(base64: string): Certificate {
  try {
    const { raw: der, publicKey: key, serialNumber } = new X509Certificate(Buffer.from(base64, "base64"));
    return { der, key, serial: BigInt(`0x${serialNumber}`).toString() };
  } catch {
    throw denied("Untrusted certificate. Insufficient certificate");
  }
}

/** The errors are those that its clients met. Source: https://github.com/aws/rolesanywhere-credential-helper/issues/128 */
const denied = (message: string) => new AuthenticationError(403, "AccessDeniedException", message);
const invalidSignature = () => denied("Invalid signature");
