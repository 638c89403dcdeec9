/**
 * A request to a function's URL as the function gets it, and its answer as the client does.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
import type { Context } from "../../service/context.ts";
import type { DoorAnswer, DoorRequest } from "../../service/door.ts";
import { traceOf } from "./trace.ts";
import type { FunctionUrl } from "./url-row.ts";

const TEXT = /^(text\/|application\/(json|javascript|xml|graphql)|[\w.-]+\/[\w.-]+\+(json|xml))/i;

export function urlEvent(request: DoorRequest, url: FunctionUrl, context: Context): object {
  const { method, path, query, body, host } = request;
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

/** What the function answered, as HTTP: it may say how, and what says nothing is JSON. */
export function urlAnswer(payload: Uint8Array): DoorAnswer {
  const text = Buffer.from(payload).toString("utf8");
  const answer: unknown = text === "" ? null : JSON.parse(text);
  if (!isFields(answer) || answer["statusCode"] === undefined) return { status: 200, headers: JSON_TYPE, body: text };
  const { body } = answer;
  const whole = body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { ...headOf(answer), body: answer["isBase64Encoded"] === true ? Buffer.from(whole, "base64") : whole };
}

const JSON_TYPE = { "content-type": "application/json" };

/** Status, headers and cookies, as a function says them. */
export function headOf(said: Readonly<Record<string, unknown>>): Omit<DoorAnswer, "body"> {
  const { statusCode, headers, cookies } = said;
  const named = Object.entries(isFields(headers) ? headers : {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const status = Number(statusCode ?? 200);
  return {
    status: Number.isInteger(status) && status >= 100 && status < 600 ? status : 502,
    headers: { ...JSON_TYPE, ...Object.fromEntries(named) },
    ...(Array.isArray(cookies) && { cookies: cookies.map(String) }),
  };
}
