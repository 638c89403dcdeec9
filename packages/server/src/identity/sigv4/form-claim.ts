/**
 * What a browser's form says of who signed its policy.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/HTTPPOSTForms.html (version 2)
 */
import { ALGORITHM } from "./authorization.ts";
import type { AnonymousClaim, Claim } from "./claim.ts";
import { formFieldMissing, queryParameters } from "./errors.ts";
import { parseSigningScope } from "./signing-scope.ts";
import { parseTimestamp } from "./timestamp.ts";

/** By lowercase name. */
export type FormFields = ReadonlyMap<string, string>;

/** The fields of either version, as refusals write them, in the order in which they are missed. */
const FIELDS_V4 = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature", "Policy"] as const;
const FIELDS_V2 = ["AWSAccessKeyId", "Signature", "Policy"] as const;

/** A policy alone makes nobody of anybody: it is one of the fields that both versions have. */
const begins = (fields: FormFields, names: readonly string[]): boolean =>
  names.some((name) => name !== "Policy" && fields.has(name.toLowerCase()));

/** @throws {AuthenticationError} where a field is missing or malformed. */
export function formClaim(fields: FormFields): Claim | AnonymousClaim {
  if (begins(fields, FIELDS_V4)) return claimV4(fields);
  if (begins(fields, FIELDS_V2)) return claimV2(fields);
  return { version: "anonymous", family: "s3", payload: { type: "unsigned" } };
}

function claimV4(fields: FormFields): Claim {
  const value = requireFields(fields, FIELDS_V4);
  if (value("X-Amz-Algorithm") !== ALGORITHM) {
    throw queryParameters('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  }
  const scope = parseSigningScope(value("X-Amz-Credential"));
  if (scope === undefined) {
    throw queryParameters(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  const timestamp = value("X-Amz-Date");
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined) {
    throw queryParameters(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  }
  return {
    version: 4,
    place: "form",
    family: "s3",
    accessKeyId: scope.accessKeyId,
    sessionToken: fields.get("x-amz-security-token"),
    signature: value("X-Amz-Signature"),
    scope,
    signedHeaders: [],
    signedHeadersText: "",
    timestamp,
    signedAtMs,
    expiresSeconds: undefined,
    payload: { type: "unsigned" },
  };
}

function claimV2(fields: FormFields): Claim {
  const value = requireFields(fields, FIELDS_V2);
  return {
    version: 2,
    place: "form",
    family: "s3",
    accessKeyId: value("AWSAccessKeyId"),
    sessionToken: fields.get("x-amz-security-token"),
    signature: value("Signature"),
    date: "",
    atMs: 0,
    payload: { type: "unsigned" },
  };
}

function requireFields<Name extends string>(fields: FormFields, names: readonly Name[]): (name: Name) => string {
  const missing = names.find((name) => !fields.has(name.toLowerCase()));
  if (missing !== undefined) throw formFieldMissing(missing);
  return (name) => fields.get(name.toLowerCase()) ?? "";
}
