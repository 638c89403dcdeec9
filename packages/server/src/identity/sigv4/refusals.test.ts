import { expect, test } from "vitest";
import type { AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import type { Credential } from "../credentials/credential.ts";
import { rootUser } from "../credentials/resolve.ts";
import { parseAuthorization } from "./authorization.ts";
import { canonicalRequest, sha256 } from "./canonical-request.ts";
import { deriveSigningKey } from "./signing-key.ts";
import { SignatureVerifier, type Expected, type Family, type RequestHead } from "./verify.ts";

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const account = "111111111111" as AccountId;
const known: Credential = { type: "known", secretAccessKey, principal: rootUser(account, "AKID") };

const noon = Date.UTC(2026, 0, 15, 12);
const minutes = (count: number) => count * 60_000;

interface Times {
  readonly virtual?: number;
  readonly real?: number;
  readonly virtualAt?: (realMs: number) => number | undefined;
}

const verifierAt = ({ virtual = noon, real = noon, virtualAt }: Times = {}) =>
  new SignatureVerifier({
    clock: { now: () => virtual, realNow: () => real, ...(virtualAt !== undefined && { virtualAt }) },
  });

interface Request {
  readonly scope?: string;
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const headersOf = (service: string) => ({
  host: "localhost:4566",
  "x-amz-date": "20260115T120000Z",
  ...(service === "s3" && { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }),
});

/** A rightly signed request to `sts` or `s3`, but for what is asked for. */
function signed(service: "sts" | "s3", { scope, signed: names, headers = {}, body = "" }: Request = {}): RequestHead {
  const all: Record<string, string> = { ...headersOf(service), ...headers };
  const signedHeaders = names ?? Object.keys(all).toSorted().join(";");
  const text = scope ?? `20260115/us-east-1/${service}/aws4_request`;
  const [date = "", region = "", name = ""] = text.split("/");
  const head = { method: "POST", path: "/", query: "", headers: all };
  const payload = service === "s3" ? (all["x-amz-content-sha256"] ?? "") : sha256(body);
  const start = `AWS4-HMAC-SHA256 Credential=AKID/${text}, SignedHeaders=${signedHeaders}, Signature=`;
  const claim = verifierAt().parse({ ...head, headers: { ...all, authorization: start + "0".repeat(64) } }, "query");
  assert(claim.version === 4, "the request is signed in version 4");
  const canonical = sha256(canonicalRequest(claim, head, payload));
  const stringToSign = `AWS4-HMAC-SHA256\n${claim.timestamp}\n${text}\n${canonical}`;
  const signature = deriveSigningKey(secretAccessKey, { date, region, service: name }).sign(stringToSign);
  return { ...head, headers: { ...all, authorization: start + signature } };
}

interface Check extends Times {
  readonly family?: Family;
  readonly expected?: Expected;
  readonly body?: string;
  readonly credential?: Credential;
}

function check(head: RequestHead, { family = "query", expected, body = "", credential = known, ...times }: Check = {}) {
  const verifier = verifierAt(times);
  const claim = verifier.parse(head, family);
  assert(claim.version !== "anonymous", "the request is signed");
  verifier.verify(claim, head, credential, Buffer.from(body), expected);
}

const authorization = (value: string, more = {}) => ({
  method: "POST",
  path: "/",
  query: "",
  headers: { ...headersOf("sts"), authorization: value, ...more },
});

const refused = (httpStatus: number, code: string, message?: string | RegExp, fields?: object) =>
  expect.objectContaining({
    httpStatus,
    code,
    ...(message !== undefined && { message: expect.stringMatching(message) as string }),
    ...(fields && { fields: expect.objectContaining(fields) as object }),
  });

test("a right signature is accepted", () => {
  expect(() => check(signed("sts"), { expected: { service: "sts", region: "us-east-1" } })).not.toThrow();
  expect(() => check(signed("s3"), { family: "s3" })).not.toThrow();
});

test("an unchecked key's signature is not looked at", () => {
  const credential: Credential = { type: "unchecked", principal: known.principal };
  const head = authorization("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=x, Signature=0");
  expect(() => check(head, { credential })).not.toThrow();
});

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
test("no signature at all is a missing token, and anonymous to S3", () => {
  const head = { method: "GET", path: "/", query: "", headers: {} };
  const parse = (family: Family) => verifierAt().parse(head, family);
  expect(() => parse("query")).toThrow(refused(403, "MissingAuthenticationToken"));
  expect(() => parse("json")).toThrow(refused(400, "MissingAuthenticationTokenException"));
  expect(() => parse("rest-json")).toThrow(refused(403, "MissingAuthenticationTokenException"));
  expect(parse("s3")).toEqual({ version: "anonymous", family: "s3", payload: { type: "unsigned" } });
});

// Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_delete_bucket_ownership_controls.sh (S3 answers InvalidAccessKeyId)
test("a key id may have spaces: that nobody has it is for others to say", () => {
  const header = signed("s3").headers["authorization"]?.replace(/Credential=[^/]*/, "Credential=two words") ?? "";
  expect(parseAuthorization(header, "s3")).toMatchObject({ scope: { accessKeyId: "two words" } });
});

// Source: https://repost.aws/knowledge-center/api-gateway-authentication-token-errors
test("each missing part of the header is named", () => {
  const head = authorization("Bearer");
  expect(() => check(head)).toThrow(
    refused(400, "IncompleteSignature", /requires 'Credential' parameter. .*'Signature' parameter. .*'SignedHeaders'/),
  );
  expect(() => check(head, { family: "json" })).toThrow(refused(400, "IncompleteSignatureException"));
  expect(() => check(authorization("Bearer token"), { family: "s3" })).toThrow(
    refused(400, "InvalidArgument", "Unsupported Authorization Type"),
  );
  expect(() => check(authorization("AWS HAHAHA"), { family: "s3" })).toThrow(refused(400, "InvalidArgument"));
  const other = signed("sts").headers["authorization"]?.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256") ?? "";
  for (const header of ["Bearer eyJhbGciOiJub25lIn0.e30.", other]) {
    expect(() => check(authorization(header))).toThrow(refused(400, "IncompleteSignature", /requires 'Credential'/));
  }
  const half = authorization("AWS4-HMAC-SHA256 Credential=AKID/20260115/us-east-1/s3/aws4_request");
  expect(() => check(half, { family: "s3" })).toThrow(refused(400, "AuthorizationHeaderMalformed", /three components/));
});

test("a part without an equal sign, and a credential without five parts, are said", () => {
  // Source: https://github.com/iann0036/cloud9-sync/issues/10
  expect(() => check(authorization("AWS4-HMAC-SHA256 Credential= AKID/x, Signature=0"))).toThrow(
    refused(
      400,
      "IncompleteSignature",
      /^'AKID\/x' not a valid key=value pair \(missing equal-sign\) in Authorization/,
    ),
  );
  const slashed = authorization(
    "AWS4-HMAC-SHA256 Credential=A/K/D/20260115/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
  );
  // Source: https://github.com/boto/boto3/issues/1752
  expect(() => check(slashed)).toThrow(
    refused(400, "IncompleteSignature", /^Credential must have exactly 5 slash-delimited elements, e.g. keyid\/date/),
  );
  // Source: https://github.com/krobertson/deb-s3/issues/157
  expect(() => check(slashed, { family: "s3" })).toThrow(
    refused(
      400,
      "AuthorizationHeaderMalformed",
      /the Credential is mal-formed; expecting "<YOUR-AKID>\/YYYYMMDD\/REGION/,
    ),
  );
});

test("a request without a date is refused", () => {
  const head = signed("sts");
  const { "x-amz-date": _date, ...headers } = head.headers;
  expect(() => check({ ...head, headers })).toThrow(
    refused(400, "IncompleteSignature", /'X-Amz-Date' or a 'Date' header/),
  );
  expect(() => check({ ...head, headers }, { family: "s3" })).toThrow(
    refused(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"),
  );
  check(signed("sts", { headers: { date: "Thu, 15 Jan 2026 12:00:00 GMT" } }));
});

// Source: https://github.com/cognitect-labs/aws-api/issues/27
test("the scope has to name a region, the right service and the request's day", () => {
  const expected = { service: "sts" };
  expect(() => check(signed("sts", { scope: "20260115/aws-global/sts/aws4_request" }), { expected })).toThrow(
    refused(403, "SignatureDoesNotMatch", /^Credential should be scoped to a valid region, not 'aws-global'. $/),
  );
  expect(() => check(signed("sts", { scope: "20260115/us-east-9/sts/aws4_request" }), { expected })).toThrow(
    refused(403, "SignatureDoesNotMatch", /^Credential should be scoped to a valid region, not 'us-east-9'. $/),
  );
  expect(() =>
    check(signed("sts", { scope: "20260115/us-east-2/sts/aws4_request" }), { expected: { region: "us-east-1" } }),
  ).toThrow(refused(403, "SignatureDoesNotMatch", /not 'us-east-2'/));
  expect(() => check(signed("sts", { scope: "20260115/us-east-1/iam/aws4_request" }), { expected })).toThrow(
    refused(403, "SignatureDoesNotMatch", /^Credential should be scoped to correct service: 'sts'. $/),
  );
  expect(() => check(signed("sts", { scope: "20260115/us-east-1/sts/aws5_request" }), { expected })).toThrow(
    refused(403, "SignatureDoesNotMatch", /valid terminator: 'aws4_request', not 'aws5_request'/),
  );
  expect(() =>
    check(signed("sts", { scope: "20260114/us-east-1/sts/aws4_request" }), { expected, family: "json" }),
  ).toThrow(
    refused(
      400,
      "InvalidSignatureException",
      /^Date in Credential scope does not match YYYYMMDD .*'20260114' != '20260115'/,
    ),
  );
});

const scoped =
  (scope: string, expected: Expected = {}) =>
  () =>
    check(signed("s3", { scope }), { family: "s3", expected });

test("S3 says in its own words what is wrong with a scope", () => {
  // Source: https://github.com/JuliaServices/CloudStore.jl/issues/52
  expect(scoped("20260115/us-east-1/s3/aws4_request", { region: "eu-west-1" })).toThrow(
    refused(
      400,
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      { Region: "eu-west-1" },
    ),
  );
  expect(scoped("20260115/us-east-1/sts/aws4_request")).toThrow(
    refused(400, "AuthorizationHeaderMalformed", /incorrect service "sts". This endpoint belongs to "s3"./),
  );
  expect(scoped("20260114/us-east-1/s3/aws4_request")).toThrow(
    refused(400, "AuthorizationHeaderMalformed", /Invalid credential date "20260114"/),
  );
});

test("a date within fifteen minutes of virtual or of real time will do", () => {
  const far = noon + minutes(24 * 60);
  for (const near of [noon - minutes(15), noon + minutes(15)]) {
    check(signed("sts"), { virtual: near, real: far });
    check(signed("sts"), { virtual: far, real: near });
  }
  const late = { virtual: noon + minutes(16), real: far };
  expect(() => check(signed("sts"), late)).toThrow(
    refused(
      403,
      "SignatureDoesNotMatch",
      /^Signature expired: 20260115T120000Z is now earlier than 20260115T120100Z \(20260115T121600Z - 15 min.\)$/,
    ),
  );
  const early = { virtual: noon - minutes(16), real: far };
  expect(() => check(signed("sts"), early)).toThrow(
    refused(
      403,
      "SignatureDoesNotMatch",
      /^Signature not yet current: 20260115T120000Z is still later than 20260115T115900Z/,
    ),
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  expect(() => check(signed("s3"), { ...late, family: "s3" })).toThrow(
    refused(
      403,
      "RequestTimeTooSkewed",
      /^The difference between the request time and the current time is too large.$/,
      {
        RequestTime: "20260115T120000Z",
        ServerTime: "2026-01-15T12:16:00Z",
        MaxAllowedSkewMilliseconds: "900000",
      },
    ),
  );
});

test("what was signed is shown where the signature does not fit", () => {
  const other: Credential = { ...known, secretAccessKey: "other" };
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
  expect(() => check(signed("sts"), { credential: other })).toThrow(
    refused(
      403,
      "SignatureDoesNotMatch",
      /The Canonical String for this request should have been\n'POST\n\/\n\nhost:localhost:4566\n[^]*The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260115T120000Z\n/,
    ),
  );
  const head = signed("s3");
  expect(() => check(head, { credential: other, family: "s3" })).toThrow(
    refused(403, "SignatureDoesNotMatch", /Check your key and signing method.$/, {
      AWSAccessKeyId: "AKID",
      SignatureProvided: head.headers["authorization"]?.slice(-64),
      StringToSign: expect.stringMatching(/^AWS4-HMAC-SHA256\n/) as string,
      StringToSignBytes: expect.stringMatching(/^41 57 53 34 2d [0-9a-f ]*[0-9a-f]{2}$/) as string,
      CanonicalRequest: expect.stringMatching(/^POST\n\/\n\n/) as string,
      CanonicalRequestBytes: expect.stringMatching(/^50 4f 53 54 0a /) as string,
    }),
  );
  expect(() => check(signed("sts", { body: "a" }), { body: "b", family: "json" })).toThrow(
    refused(400, "InvalidSignatureException"),
  );
});

test("the host has to be signed", () => {
  expect(() => check(signed("sts", { signed: "x-amz-date" }))).toThrow(
    refused(403, "SignatureDoesNotMatch", /'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization/),
  );
});

test("S3 must be told how the body is signed", () => {
  const head = signed("s3");
  const { "x-amz-content-sha256": _hash, ...headers } = head.headers;
  const parse = (more: object) => () => check({ ...head, headers: { ...headers, ...more } }, { family: "s3" });
  expect(parse({})).toThrow(
    refused(400, "InvalidRequest", /Missing required header for this request: x-amz-content-sha256/),
  );
  expect(parse({ "x-amz-content-sha256": "nonsense" })).toThrow(
    refused(400, "InvalidArgument", /^x-amz-content-sha256 must be UNSIGNED-PAYLOAD, /, { ArgumentValue: "nonsense" }),
  );
});

test("two ways of signing at once are one too many", () => {
  const head = { ...signed("s3"), query: "X-Amz-Algorithm=AWS4-HMAC-SHA256" };
  expect(() => check(head, { family: "s3" })).toThrow(
    refused(400, "InvalidArgument", /^Only one auth mechanism allowed/),
  );
});

const parameters = {
  "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
  "X-Amz-Credential": "AKID/20260115/us-east-1/s3/aws4_request",
  "X-Amz-Date": "20260115T120000Z",
  "X-Amz-Expires": "60",
  "X-Amz-SignedHeaders": "host",
};

function presigned(more: Readonly<Record<string, string | undefined>> = {}): RequestHead {
  const query = new URLSearchParams({ "X-Amz-Signature": "0" });
  for (const [name, value] of Object.entries({ ...parameters, ...more }))
    if (value !== undefined) query.set(name, value);
  const head = { method: "GET", path: "/photos/a", query: query.toString(), headers: { host: "localhost" } };
  if (Object.values(more).some((value) => value === undefined)) return head;
  const claim = verifierAt().parse(
    { ...head, query: new URLSearchParams({ ...parameters, "X-Amz-Signature": "0" }).toString() },
    "s3",
  );
  assert(claim.version === 4, "the URL is signed in version 4");
  const stringToSign = `AWS4-HMAC-SHA256\n${parameters["X-Amz-Date"]}\n20260115/us-east-1/s3/aws4_request\n${sha256(
    canonicalRequest(claim, head, "UNSIGNED-PAYLOAD"),
  )}`;
  const scope = { date: "20260115", region: "us-east-1", service: "s3" };
  query.set("X-Amz-Signature", deriveSigningKey(secretAccessKey, scope).sign(stringToSign));
  return { ...head, query: query.toString() };
}

const at = (times: Times) => () => check(presigned(), { family: "s3", ...times });

test("a presigned URL is good until it expires by the virtual clock", () => {
  expect(at({ virtual: noon + 60_000 })).not.toThrow();
  // Source: https://github.com/aws/aws-sdk-php/issues/1333
  expect(at({ virtual: noon + 61_000 })).toThrow(
    refused(403, "AccessDenied", /^Request has expired$/, {
      "X-Amz-Expires": "60",
      Expires: "2026-01-15T12:01:00Z",
      ServerTime: "2026-01-15T12:01:01Z",
    }),
  );
  // Source: https://github.com/dmjio/s3-signer/issues/16
  expect(at({ virtual: noon - minutes(30), real: noon - minutes(30) })).toThrow(
    refused(403, "AccessDenied", /^Request is not yet valid$/, { "X-Amz-Date": String(noon) }),
  );
});

test("a URL made after the clock was moved ages from then on", () => {
  const moved = { virtual: noon + minutes(600), real: noon, virtualAt: (realMs: number) => realMs + minutes(600) };
  check(presigned(), { family: "s3", ...moved });
  const later = { ...moved, virtual: moved.virtual + 61_000, real: noon + 61_000 };
  expect(() => check(presigned(), { family: "s3", ...later })).toThrow(refused(403, "AccessDenied", /has expired/));
  const before = { ...moved, virtualAt: () => undefined };
  expect(() => check(presigned(), { family: "s3", ...before })).toThrow(refused(403, "AccessDenied", /has expired/));
});

test.each([
  [{ "X-Amz-Expires": undefined }, /^Query-string authentication version 4 requires the X-Amz-Algorithm, /],
  [{ "X-Amz-Algorithm": "AWS4-HMAC-MD5" }, /^X-Amz-Algorithm only supports/],
  [{ "X-Amz-Credential": "AKID" }, /^Error parsing the X-Amz-Credential parameter; the Credential is mal-formed/],
  [{ "X-Amz-Credential": "AKID/20260114/us-east-1/s3/aws4_request" }, /Invalid credential date "20260114"/],
  [{ "X-Amz-Date": "20261315T120000Z" }, /^X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"$/],
  [{ "X-Amz-Expires": "soon" }, /^X-Amz-Expires should be a number$/],
  [{ "X-Amz-Expires": "-1" }, /^X-Amz-Expires must be non-negative$/],
  // Source: https://github.com/bryanjos/aws_auth/issues/31
  [{ "X-Amz-Expires": "604801" }, /^X-Amz-Expires must be less than a week \(in seconds\); that is, the given/],
])("a presigned URL with %j is refused", (more, message) => {
  expect(() => check(presigned(more), { family: "s3" })).toThrow(
    refused(400, "AuthorizationQueryParametersError", message),
  );
});

test("a presigned call of another service lacks what it lacks", () => {
  const head = {
    method: "GET",
    path: "/",
    query: "Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256",
    headers: {},
  };
  expect(() => check(head)).toThrow(
    refused(400, "IncompleteSignature", /must include 'X-Amz-Credential'. .*Re-examine the query-string parameters.$/),
  );
});
