/**
 * Refusals of a caller's credentials. Models leave them out, so each has its HTTP status here; its
 * name depends on the family of the service that was called.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (S3)
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (query)
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html (JSON)
 * Source: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html (REST with JSON)
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Family } from "./claim.ts";

/** Who calls could not be established, or what was sent is not what was signed. */
export class AuthenticationError extends AwsError {
  readonly httpStatus: number;

  constructor(httpStatus: number, code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(code, message, fields);
    this.httpStatus = httpStatus;
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Answer = readonly [httpStatus: number, code: string];
type Refusal = (family: Family, message: string, fields?: Fields) => AuthenticationError;

/** One refusal under each family's status and code. */
const refusal =
  (answers: Readonly<Record<Family, Answer>>): Refusal =>
  (family, message, fields) =>
    new AuthenticationError(...answers[family], message, fields);

const incompleteSignature = refusal({
  s3: [400, "AuthorizationHeaderMalformed"],
  query: [400, "IncompleteSignature"],
  json: [400, "IncompleteSignatureException"],
  "rest-json": [403, "IncompleteSignatureException"],
});

const invalidSignature = refusal({
  s3: [403, "SignatureDoesNotMatch"],
  query: [403, "SignatureDoesNotMatch"],
  json: [400, "InvalidSignatureException"],
  "rest-json": [403, "InvalidSignatureException"],
});

const missingToken = refusal({
  s3: [403, "AccessDenied"],
  query: [403, "MissingAuthenticationToken"],
  json: [400, "MissingAuthenticationTokenException"],
  "rest-json": [403, "MissingAuthenticationTokenException"],
});

const unknownKey = refusal({
  s3: [403, "InvalidAccessKeyId"],
  query: [403, "InvalidClientTokenId"],
  json: [400, "UnrecognizedClientException"],
  "rest-json": [403, "UnrecognizedClientException"],
});

const badToken = refusal({
  s3: [400, "InvalidToken"],
  query: [403, "InvalidClientTokenId"],
  json: [400, "UnrecognizedClientException"],
  "rest-json": [403, "UnrecognizedClientException"],
});

const oldToken = refusal({
  s3: [400, "ExpiredToken"],
  query: [403, "ExpiredToken"],
  json: [400, "ExpiredTokenException"],
  "rest-json": [403, "ExpiredTokenException"],
});

const INVALID_TOKEN = "The security token included in the request is invalid.";

export const missingAuthenticationToken = (family: Family) =>
  missingToken(family, family === "query" ? "Request is missing Authentication Token" : "Missing Authentication Token");

/** The access key id is unknown or inactive. */
export const invalidAccessKeyId = (family: Family, accessKeyId: string) =>
  family === "s3"
    ? unknownKey(family, "The AWS Access Key Id you provided does not exist in our records.", {
        AWSAccessKeyId: accessKeyId,
      })
    : unknownKey(family, INVALID_TOKEN);

/** The session token was not made here, or for another key. */
export const invalidToken = (family: Family, token: string) =>
  family === "s3"
    ? badToken(family, "The provided token is malformed or otherwise invalid.", { "Token-0": token })
    : badToken(family, INVALID_TOKEN);

export const expiredToken = (family: Family, token: string) =>
  family === "s3"
    ? oldToken(family, "The provided token has expired.", { "Token-0": token })
    : oldToken(family, "The security token included in the request is expired");

/** What a signature that does not fit tells its maker. */
export interface Mismatch {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly stringToSign: string;
  /** Absent in version 2. */
  readonly canonicalRequest: string | undefined;
}

export function signatureDoesNotMatch(family: Family, mismatch: Mismatch): AuthenticationError {
  return family === "s3"
    ? invalidSignature(
        family,
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        s3Mismatch(mismatch),
      )
    : invalidSignature(family, verboseMismatch(mismatch));
}

const s3Mismatch = ({ accessKeyId, signature, stringToSign, canonicalRequest }: Mismatch): Fields => ({
  AWSAccessKeyId: accessKeyId,
  StringToSign: shown(stringToSign),
  SignatureProvided: signature,
  StringToSignBytes: hexPairs(stringToSign),
  ...(canonicalRequest !== undefined && {
    CanonicalRequest: shown(canonicalRequest),
    CanonicalRequestBytes: hexPairs(canonicalRequest),
  }),
});

/** The bytes of a text as people read them. */
const shown = (text: string): string => Buffer.from(text, "latin1").toString("utf8");

const hexPairs = (text: string): string =>
  Buffer.from(text, "latin1")
    .toString("hex")
    .replaceAll(/..(?=.)/g, "$& ");

const verboseMismatch = ({ stringToSign, canonicalRequest }: Mismatch): string =>
  "The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n" +
  `The Canonical String for this request should have been\n'${shown(canonicalRequest ?? "")}'\n\n` +
  `The String-to-Sign should have been\n'${shown(stringToSign)}'\n`;

/** `reasons` are sentences of their own, one for each part that is missing. */
export const headerIncomplete = (family: Family, reasons: readonly string[], header: string) =>
  family === "s3"
    ? incompleteSignature(
        family,
        "The authorization header is malformed; the authorization header requires three components: " +
          "Credential, SignedHeaders, and Signature.",
      )
    : incompleteSignature(family, [...reasons, `Authorization=${header}`].join(" "));

/** Source: https://github.com/versity/versitygw/blob/main/tests/integration/sigv4_auth.go (seen on S3) */
export const notKeyValue = (family: Family, part: string, header: string) =>
  family === "s3"
    ? headerMalformed(`the authorization component "${part}" is malformed.`)
    : incompleteSignature(
        family,
        `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
      );

export const queryIncomplete = (family: Exclude<Family, "s3">, missing: readonly string[]) =>
  incompleteSignature(
    family,
    [
      ...missing.map((name) => `AWS query-string parameters must include '${name}'.`),
      "Re-examine the query-string parameters.",
    ].join(" "),
  );

export const credentialMalformed = (family: Exclude<Family, "s3">, credential: string) =>
  incompleteSignature(
    family,
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
  );

export const dateMissing = (family: Family, header: string) =>
  family === "s3"
    ? accessDenied("AWS authentication requires a valid Date or x-amz-date header")
    : headerIncomplete(
        family,
        ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."],
        header,
      );

export const dateMalformed = (family: Family, date: string) =>
  family === "s3"
    ? accessDenied("AWS authentication requires a valid Date or x-amz-date header")
    : incompleteSignature(
        family,
        `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      );

export const hostNotSigned = (family: Family) =>
  invalidSignature(family, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");

/**
 * Differs: AWS asks for all `x-amz-` headers to be signed and words the refusal nowhere; ours follows the one before.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const targetNotSigned = (family: Family) =>
  invalidSignature(family, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");

/** S3 wants each `x-amz-` header that it was sent to be signed. */
export const headersNotSigned = (names: readonly string[]) =>
  accessDenied("There were headers present in the request which were not signed", {
    HeadersNotSigned: names.join(", "),
  });

export const authorizationTypeUnsupported = (header: string) =>
  new AuthenticationError(400, "InvalidArgument", "Unsupported Authorization Type", {
    ArgumentName: "Authorization",
    ArgumentValue: header,
  });

/** Source: https://github.com/versity/versitygw/blob/main/tests/integration/sigv4_auth.go (seen on S3) */
export const authorizationWithoutSpace = (header: string) =>
  new AuthenticationError(
    400,
    "InvalidArgument",
    "Authorization header is invalid -- one and only one ' ' (space) required.",
    { ArgumentName: "Authorization", ArgumentValue: header },
  );

/** Assumed: AWS documents the code (InvalidArgument), not the words. */
export const authorizationV2Malformed = (header: string) =>
  new AuthenticationError(
    400,
    "InvalidArgument",
    "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
    { ArgumentName: "Authorization", ArgumentValue: header },
  );

export const severalMechanisms = (header: string) =>
  new AuthenticationError(
    400,
    "InvalidArgument",
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter " +
      "or the Authorization header should be specified",
    { ArgumentName: "Authorization", ArgumentValue: header },
  );

export const contentHashMissing = () =>
  new AuthenticationError(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");

export const contentHashUnknown = (value: string) =>
  new AuthenticationError(
    400,
    "InvalidArgument",
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, " +
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, " +
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER " +
      "or a valid sha256 value.",
    { ArgumentName: "x-amz-content-sha256", ArgumentValue: value },
  );

interface ContentHashes {
  readonly declared: string;
  readonly computed: string;
}

/** Source: https://github.com/basak/glacier-cli/issues/27 (an answer of Glacier's) */
export const contentHashMismatch = (family: Family, { declared, computed }: ContentHashes) =>
  family === "s3"
    ? new AuthenticationError(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: computed },
      )
    : invalidSignature(
        family,
        "The value passed in as x-amz-content-sha256 does not match the computed payload hash. " +
          `Computed digest: ${computed} expected hash: ${declared}`,
      );

/** Of a presigned URL to S3. */
export const queryParameters = (message: string) =>
  new AuthenticationError(400, "AuthorizationQueryParametersError", message);

/** Of an `Authorization` header to S3. */
export const headerMalformed = (why: string, fields?: Fields) =>
  incompleteSignature("s3", `The authorization header is malformed; ${why}`, fields);

/**
 * Of a form that a browser uploads a file with.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_post_request_missing_fields, recorded)
 */
export const formFieldMissing = (name: string) =>
  formArgument(
    name,
    "",
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
  );

export const formArgument = (name: string, value: string, why: string) =>
  new AuthenticationError(400, "InvalidArgument", why, { ArgumentName: name, ArgumentValue: value });

export const policyDenies = (why: string) => accessDenied(`Invalid according to Policy: ${why}`);

export const policyInvalid = (why: string) =>
  new AuthenticationError(400, "InvalidPolicyDocument", `Invalid Policy: ${why}`);

export const uploadTooLarge = ({ size, max }: Readonly<Record<"size" | "max", number>>) =>
  new AuthenticationError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    ProposedSize: String(size),
    MaxSizeAllowed: String(max),
  });

export const uploadTooSmall = ({ size, min }: Readonly<Record<"size" | "min", number>>) =>
  new AuthenticationError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(size),
    MinSizeAllowed: String(min),
  });

export const urlExpired = (times: Fields) => accessDenied("Request has expired", times);

/** Of a URL presigned in version 2. */
export const urlParametersMissing = () =>
  accessDenied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");

export const urlNotYetValid = (times: Fields) => accessDenied("Request is not yet valid", times);

export const requestTimeTooSkewed = (times: { readonly requestTime: string; readonly serverTime: string }) =>
  new AuthenticationError(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    { RequestTime: times.requestTime, ServerTime: times.serverTime, MaxAllowedSkewMilliseconds: "900000" },
  );

/** All times as `20150830T123600Z`. */
export const signatureExpired = (family: Family, times: { signed: string; earliest: string; now: string }) =>
  invalidSignature(
    family,
    `Signature expired: ${times.signed} is now earlier than ${times.earliest} (${times.now} - 15 min.)`,
  );

export const signatureNotYetCurrent = (family: Family, times: { signed: string; latest: string; now: string }) =>
  invalidSignature(
    family,
    `Signature not yet current: ${times.signed} is still later than ${times.latest} (${times.now} + 15 min.)`,
  );

export const scopeRegion = (family: Family, region: string) =>
  invalidSignature(family, `Credential should be scoped to a valid region, not '${region}'. `);

export const scopeService = (family: Family, service: string) =>
  invalidSignature(family, `Credential should be scoped to correct service: '${service}'. `);

export const scopeTerminator = (family: Family, terminator: string) =>
  invalidSignature(
    family,
    `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `,
  );

export const scopeDate = (family: Family, date: string, timestamp: string) =>
  invalidSignature(
    family,
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
      `'${date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
  );

const accessDenied = (message: string, fields?: Fields) =>
  new AuthenticationError(403, "AccessDenied", message, fields);
