/**
 * The `Authorization` header of version 4:
 * `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
import { compactSeconds } from "../../kernel/iso-seconds.ts";
import type { Family, RequestHead, SigV4Claim } from "./claim.ts";
import {
  credentialMalformed,
  dateMalformed,
  dateMissing,
  headerIncomplete,
  headerMalformed,
  notKeyValue,
} from "./errors.ts";
import { headerPayload } from "./payload.ts";
import { parseSigningScope, type SigningScope } from "./signing-scope.ts";
import { parseTimestamp } from "./timestamp.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

/** All of the header but the signature: the same from call to call, for a day. */
export interface Authorization {
  readonly scope: SigningScope;
  readonly signedHeaders: readonly string[];
  readonly signedHeadersText: string;
}

/** The header cut before the signature's value; `undefined` where it is not in the usual form. */
export function splitAuthorization(
  header: string,
): { readonly prefix: string; readonly signature: string } | undefined {
  const at = header.length - SIGNATURE_LENGTH;
  if (!header.startsWith(SIGNATURE, at - SIGNATURE.length)) return undefined;
  return { prefix: header.slice(0, at), signature: header.slice(at) };
}

const SIGNATURE = "Signature=";
const SIGNATURE_LENGTH = 64;

/** @throws {AuthenticationError} where a part is missing or malformed. */
export function parseAuthorization(header: string, family: Family): Authorization & { readonly signature: string } {
  const parts = keyValues(header, family);
  const credential = parts.get("Credential");
  const signature = parts.get("Signature");
  const signedHeadersText = parts.get("SignedHeaders");
  if (credential === undefined || signature === undefined || signedHeadersText === undefined) {
    const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !parts.has(name));
    // Source: https://github.com/versity/versitygw/blob/main/tests/integration/sigv4_auth.go (seen on S3)
    if (family === "s3" && parts.size >= 3) throw headerMalformed(`missing ${missing.join(", ")}.`);
    throw headerIncomplete(
      family,
      missing.map((name) => `Authorization header requires '${name}' parameter.`),
      header,
    );
  }
  const scope = parseSigningScope(credential);
  if (scope === undefined) throw malformedCredential(credential, family);
  return { scope, signedHeadersText, signedHeaders: signedHeadersText.split(";"), signature };
}

/** Of another algorithm's header nothing is understood. Differs: signature version 4A is not checked, so not taken. */
function keyValues(header: string, family: Family): ReadonlyMap<string, string> {
  const [algorithm = ""] = header.split(/[,\s]/, 1);
  const parts = new Map<string, string>();
  if (algorithm !== ALGORITHM) return parts;
  const rest = header.slice(algorithm.length);
  // in S3 what has commas is told apart by them alone: a key id may be anything that nobody has
  const pairs = rest.split(family === "s3" && rest.includes(",") ? "," : /[,\s]/).map((part) => part.trim());
  const given = pairs.filter((pair) => pair !== "");
  if (family === "s3" && given.length < 3) throw headerIncomplete(family, [], header);
  for (const pair of given) {
    const equals = pair.indexOf("=");
    if (equals < 0) throw notKeyValue(family, pair, header);
    parts.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return parts;
}

const malformedCredential = (credential: string, family: Family) =>
  family === "s3"
    ? headerMalformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".')
    : credentialMalformed(family, credential);

/** @throws {AuthenticationError} where the request has no date, or a malformed one. */
export function headerClaim(
  { scope, signedHeaders, signedHeadersText }: Authorization,
  signature: string,
  head: RequestHead,
  family: Family,
): SigV4Claim {
  const { timestamp, signedAtMs } = requestDate(head, family);
  return {
    version: 4,
    place: "header",
    family,
    accessKeyId: scope.accessKeyId,
    sessionToken: head.headers["x-amz-security-token"],
    signature,
    scope,
    signedHeaders,
    signedHeadersText,
    timestamp,
    signedAtMs,
    expiresSeconds: undefined,
    payload: headerPayload(head, family),
  };
}

function requestDate({ headers }: RequestHead, family: Family) {
  const text = headers["x-amz-date"] ?? headers["date"];
  if (text === undefined) throw dateMissing(family, headers["authorization"] ?? "");
  const signedAtMs = parseTimestamp(text);
  if (signedAtMs !== undefined) return { timestamp: text, signedAtMs };
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) throw dateMalformed(family, text);
  return { timestamp: compactSeconds(parsed), signedAtMs: parsed };
}
