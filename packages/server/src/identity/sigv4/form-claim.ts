/**
 * What a browser's form says of who signed its policy.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/HTTPPOSTForms.html (version 2)
 */
import { ALGORITHM } from "./authorization.ts";
import type { AnonymousClaim, Claim } from "./claim.ts";
import { formArgument, formFieldMissing } from "./errors.ts";
import { parseSigningScope, type SigningScope } from "./signing-scope.ts";
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
  const algorithm = value("X-Amz-Algorithm");
  if (algorithm !== ALGORITHM) throw formArgument("X-Amz-Algorithm", algorithm, "Only AWS4-HMAC-SHA256 is supported");
  const scope = requireScope(value("X-Amz-Credential"));
  const timestamp = value("X-Amz-Date");
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined) {
    throw formArgument("X-Amz-Date", timestamp, "X-Amz-Date must be formated via ISO8601 Long format");
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

/** Source: https://github.com/versity/versitygw/blob/main/s3err/post-object.go (AWS's words, as a gateway to S3 has them) */
function requireScope(credential: string): SigningScope {
  const refused = (why: string) => formArgument("x-amz-credential", credential, why);
  const scope = parseSigningScope(credential);
  if (scope === undefined) {
    throw refused('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
  }
  const { date, service, terminator } = scope;
  if (!/^\d{8}$/.test(date)) {
    throw refused(`incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`);
  }
  if (service !== "s3") throw refused(`incorrect service "${service}". This endpoint belongs to "s3".`);
  if (terminator !== "aws4_request") {
    throw refused(`incorrect terminal "${terminator}". This endpoint uses "aws4_request".`);
  }
  return scope;
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
