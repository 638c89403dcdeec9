/**
 * A request to a function's URL as the function gets it, and its answer as the client does.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
import type { Context } from "../../../service/context.ts";
import type { DoorAnswer, DoorRequest } from "../../../service/door.ts";
import { traceOf } from "../invocation/trace.ts";
import type { FunctionUrl } from "./row.ts";

const TEXT = /^(text\/|application\/(json|javascript|xml|graphql)|[\w.-]+\/[\w.-]+\+(json|xml))/i;

export function urlEvent(request: DoorRequest, url: FunctionUrl, context: Context): object {
  const { method, query, body, host } = request;
  const path = pathOf(request);
  const isText = body.byteLength === 0 || TEXT.test(request.headers["content-type"] ?? "");
  const parameters = [...new URLSearchParams(query)];
  const cookies = request.headers["cookie"]?.split(/;\s*/);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: headersOf(request, url, context),
    ...(parameters.length > 0 && { queryStringParameters: joined(parameters) }),
    requestContext: {
      ...callerOf(url, context),
      apiId: url.id,
      domainName: host,
      domainPrefix: url.id,
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: context.request.sourceIp,
        userAgent: context.request.userAgent ?? "",
      },
      requestId: context.requestId,
      routeKey: "$default",
      stage: "$default",
      time: clfTime(context.now()),
      timeEpoch: context.now().getTime(),
    },
    ...(body.byteLength > 0 && { body: Buffer.from(body).toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: !isText,
  };
}

/**
 * As it is meant: decoded, and begun with one slash.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_url_echo_http_fixture_default)
 */
function pathOf({ path }: DoorRequest): string {
  const plain = path.replace(/^\/+/, "/");
  try {
    return decodeURIComponent(plain);
  } catch {
    // what cannot be decoded stands as it is
    return plain;
  }
}

/** What came twice is joined by a comma. */
function joined(parameters: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const [name, value] of parameters) all[name] = Object.hasOwn(all, name) ? `${all[name]},${value}` : value;
  return all;
}

function headersOf(
  { headers }: DoorRequest,
  { authType }: FunctionUrl,
  context: Context,
): Readonly<Record<string, string>> {
  const given = Object.entries(headers).flatMap(([name, value]) => {
    const isSignature = authType === "AWS_IAM" && name === "authorization";
    return value === undefined || name === "cookie" || isSignature ? [] : [[name, value] as const];
  });
  const { sourceIp, secureTransport } = context.request;
  return {
    ...Object.fromEntries(given),
    "x-amzn-trace-id": traceOf(context),
    "x-forwarded-for": sourceIp,
    "x-forwarded-port": secureTransport ? "443" : "80",
    "x-forwarded-proto": secureTransport ? "https" : "http",
  };
}

function callerOf({ authType }: FunctionUrl, { principal }: Context) {
  if (authType === "NONE" || !("account" in principal)) return { accountId: "anonymous" };
  const { account, arn, userId, accessKeyId } = principal;
  const iam = {
    accessKey: accessKeyId,
    accountId: account,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId,
  };
  return { accountId: account, authorizer: { iam } };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(at: Date): string {
  const [day = "", time = ""] = at.toISOString().split(/[T.]/);
  return `${day.slice(8)}/${MONTHS[at.getUTCMonth()]}/${day.slice(0, 4)}:${time} +0000`;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the function answered, as HTTP: it may say how, and what says nothing is JSON. `undefined`: it is no answer. */
export function urlAnswer(payload: Uint8Array): DoorAnswer | undefined {
  const text = Buffer.from(payload).toString("utf8");
  const answer: unknown = text === "" ? null : JSON.parse(text);
  if (!isFields(answer) || answer["statusCode"] === undefined)
    return { status: 200, headers: JSON_TYPE, body: written(answer) };
  const { body } = answer;
  const whole = body === undefined || body === null ? "" : written(body);
  const head = headOf(answer);
  return head && { ...head, body: answer["isBase64Encoded"] === true ? Buffer.from(whole, "base64") : whole };
}

/**
 * Texts as they are, all else as JSON without spaces.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_url_invocation)
 */
const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const JSON_TYPE = { "content-type": "application/json" };

/** What is said between two neighbours of a connection is not the function's to say. */
const OURS = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.5, #section-5.6.2 */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const isHeaderValue = (text: string): boolean => HEADER_VALUE.test(text);

/** A status that ends an answer. */
const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 200 && status < 600;

/** Status, headers and cookies, as a function says them. `undefined`: no answer can be made of it. */
export function headOf(said: unknown): Omit<DoorAnswer, "body"> | undefined {
  if (!isFields(said)) return undefined;
  const { statusCode, headers, cookies } = said;
  const named = Object.entries(isFields(headers) ? headers : {})
    .map(([name, value]) => [name.toLowerCase(), textOf(value)] as const)
    .filter(([name]) => !OURS.has(name));
  const status = Number(isFields(statusCode) ? Number.NaN : (statusCode ?? 200));
  const set = Array.isArray(cookies) ? cookies.map(textOf) : undefined;
  const isSayable =
    named.every(([name, value]) => HEADER_NAME.test(name) && isHeaderValue(value)) && (set ?? []).every(isHeaderValue);
  if (!isSayable || !isStatus(status)) return undefined;
  return { status, headers: { ...JSON_TYPE, ...Object.fromEntries(named) }, ...(set && { cookies: set }) };
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
