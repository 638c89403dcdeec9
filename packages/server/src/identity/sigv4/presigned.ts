/**
 * The query of a URL presigned in version 4.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import type { Family, RequestHead, SigV4Claim } from "./claim.ts";
import { ALGORITHM } from "./authorization.ts";
import { credentialMalformed, dateMalformed, queryIncomplete, queryParameters } from "./errors.ts";
import { presignedPayload } from "./payload.ts";
import { parseSigningScope, type SigningScope } from "./signing-scope.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (seven days) */
const EXPIRES_SECONDS_MAX = 604_800;

/** How long a URL to a service other than S3 is good where it does not say: as long as a signed request. */
const EXPIRES_SECONDS_USUAL = 900;

const REQUIRED = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders"];

/** Whether the query claims to be signed in version 4, even if badly. */
export const isPresigned = (query: string): boolean => /(?:^|&)X-Amz-(?:Algorithm|Signature|Credential)=/.test(query);

/** @throws {AuthenticationError} where a parameter is missing or malformed. */
export function presignedClaim(head: RequestHead, family: Family): SigV4Claim {
  const parameters = requireParameters(new URLSearchParams(head.query), family);
  const scope = requireScope(parameters["X-Amz-Credential"], family);
  const timestamp = parameters["X-Amz-Date"];
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined) throw malformedDate(timestamp, family);
  const signedHeadersText = parameters["X-Amz-SignedHeaders"];
  const { sessionToken, contentHash } = parameters;
  return {
    version: 4,
    place: "query",
    family,
    accessKeyId: scope.accessKeyId,
    sessionToken: sessionToken ?? head.headers["x-amz-security-token"],
    signature: parameters["X-Amz-Signature"],
    scope,
    signedHeaders: signedHeadersText.split(";"),
    signedHeadersText,
    timestamp,
    signedAtMs,
    expiresSeconds: requireExpiry(parameters.expires, family),
    payload: presignedPayload(head, family, contentHash),
  };
}

function requireParameters(query: URLSearchParams, family: Family) {
  const wanted = family === "s3" ? [...REQUIRED, "X-Amz-Expires"] : REQUIRED;
  const missing = wanted.filter((name) => !query.has(name));
  if (missing.length > 0) {
    throw family === "s3"
      ? queryParameters(
          "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, " +
            "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        )
      : queryIncomplete(family, missing);
  }
  const value = (name: string): string => query.get(name) ?? "";
  if (value("X-Amz-Algorithm") !== ALGORITHM) throw unknownAlgorithm(family);
  return {
    "X-Amz-Credential": value("X-Amz-Credential"),
    "X-Amz-Signature": value("X-Amz-Signature"),
    "X-Amz-Date": value("X-Amz-Date"),
    "X-Amz-SignedHeaders": value("X-Amz-SignedHeaders"),
    expires: query.get("X-Amz-Expires"),
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    contentHash: query.get("X-Amz-Content-Sha256"),
  };
}

const unknownAlgorithm = (family: Family) =>
  family === "s3"
    ? queryParameters('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"')
    : queryIncomplete(family, ["X-Amz-Algorithm"]);

function requireScope(credential: string, family: Family): SigningScope {
  const scope = parseSigningScope(credential);
  if (scope !== undefined) return scope;
  throw family === "s3"
    ? queryParameters(
        'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      )
    : credentialMalformed(family, credential);
}

const malformedDate = (date: string, family: Family) =>
  family === "s3"
    ? queryParameters(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
    : dateMalformed(family, date);

function requireExpiry(expires: string | null, family: Family): number {
  if (expires === null) return EXPIRES_SECONDS_USUAL;
  const seconds = Number(expires);
  if (expires === "" || !Number.isInteger(seconds)) throw queryParameters("X-Amz-Expires should be a number");
  if (seconds < 0) throw queryParameters("X-Amz-Expires must be non-negative");
  if (seconds <= EXPIRES_SECONDS_MAX) return seconds;
  if (family !== "s3") return EXPIRES_SECONDS_MAX;
  throw queryParameters(
    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
  );
}
