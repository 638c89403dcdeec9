/** Which service and which operation a request means. */
import type { ServiceSummary } from "../model/compact.ts";
import { loadModel, serviceIndex, serviceOfTarget, servicesSignedAs } from "../model/models.ts";
import type { OperationModel, ProtocolName, ServiceModel } from "../model/service-model.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { parseHost, type Address } from "./address.ts";
import { awsJson11 } from "./aws-json.ts";
import { awsQuery, formText } from "./aws-query.ts";
import { findParameter } from "./form.ts";
import { decodeLabel } from "./http-binding.ts";
import { Malformed } from "./malformed.ts";
import type { Labels, Protocol, RequestHead, WireRequest } from "./protocol.ts";
import { protocolOf } from "./protocols.ts";
import { asksForJson } from "./query-json.ts";
import { restJson } from "./rest-json.ts";
import { matchRest } from "./rest-router.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";
import { refuseMisdirected } from "./s3-misdirection.ts";
import { refuseSubResource } from "./s3-sub-resource.ts";

/** The service a request means, known from its head alone, so that from here on errors can be encoded. */
export interface ServiceRoute {
  readonly model: ServiceModel;
  readonly protocol: Protocol;
  /** S3 only: from the path or the host, decoded. */
  readonly bucket: string | undefined;
  /** The raw path without the bucket: what the model's URIs are matched with. */
  readonly path: string;
}

export type OperationRoute =
  | {
      readonly kind: "found";
      /** As given, or the service whose `Version` an unsigned form names in its body. */
      readonly service: ServiceRoute;
      readonly operation: OperationModel;
      readonly labels: Labels;
    }
  | {
      readonly kind: "unknown";
      /** The operation's name, if the request has one. */
      readonly name: string | undefined;
    };

/**
 * `signingName` is the service of the credential scope, where the request is signed. At a bucket's own domain there is no
 * other service, whatever the request says.
 */
export function findService(
  head: RequestHead,
  signingName: string | undefined,
  bucketAtDomain?: string,
): ServiceRoute | undefined {
  if (bucketAtDomain !== undefined) return routeToId("s3", head, { host: "s3", before: bucketAtDomain });
  const address = parseHost(head.headers["host"] ?? "");
  const summary = byTarget(head) ?? bySigningName(head, signingName, address);
  if (summary !== undefined) return routeTo(summary, head, address);
  return signingName === undefined ? routeUnsigned(head, address) : undefined;
}

/** The services whose requests name the operation in `X-Amz-Target` or in an RPC path. */
function byTarget({ headers, path }: RequestHead): ServiceSummary | undefined {
  const target = headers["x-amz-target"];
  const rpc = isRpc(headers) ? /^\/service\/([^/]+)\/operation\/[^/]+$/.exec(path)?.[1] : undefined;
  const prefix = rpc ?? target?.slice(0, target.lastIndexOf("."));
  if (prefix === undefined) return undefined;
  // SDKs differ in what precedes the last dot of the prefix.
  const last = prefix.slice(prefix.lastIndexOf(".") + 1);
  return serviceOfTarget(last);
}

const isRpc = (headers: RequestHead["headers"]): boolean => headers["smithy-protocol"] === "rpc-v2-cbor";

/** Scopes that are not the name of a model's signing: S3's forms, and none of its own buckets. */
export const SIGNED_AS_S3: ReadonlySet<string> = new Set(["s3express", "s3-object-lambda", "s3-outposts"]);

function bySigningName(
  head: RequestHead,
  signingName: string | undefined,
  address: Address | undefined,
): ServiceSummary | undefined {
  if (signingName === undefined) return undefined;
  const name = SIGNED_AS_S3.has(signingName) ? "s3" : signingName;
  return choose(servicesSignedAs(name), head, address);
}

/** What only S3 Control's requests have. */
const CONTROL_HEADERS = ["x-amz-account-id", "x-amz-outpost-id"] as const;

/** Services that share a signing name differ in their host, their API version, a header, or their paths. */
function choose(
  candidates: readonly ServiceSummary[],
  head: RequestHead,
  address: Address | undefined,
): ServiceSummary | undefined {
  if (candidates.length < 2) return candidates[0];
  const byId = (id: string): ServiceSummary | undefined => candidates.find((candidate) => candidate.id === id);
  const isControl = CONTROL_HEADERS.some((name) => head.headers[name] !== undefined);
  if (isControl && candidates.some(({ id }) => id === "s3-control")) return byId("s3-control");
  const version = findParameter(head.query, "Version");
  const wanted = candidates.find(({ apiVersion }) => apiVersion === version);
  if (wanted !== undefined) return wanted;
  const atHost = candidates.filter(({ hosts }) => address !== undefined && hosts.includes(address.host));
  if (atHost.length === 1) return atHost[0];
  return head.path.startsWith("/v2/") ? (byId("apigatewayv2") ?? byId("s3")) : (byId("s3") ?? candidates[0]);
}

function routeUnsigned(head: RequestHead, address: Address | undefined): ServiceRoute | undefined {
  const atHost = serviceIndex().filter(({ hosts }) => address !== undefined && hosts.includes(address.host));
  const summary = choose(atHost, head, address) ?? byVersion(findParameter(head.query, "Version"));
  const opened = summary === undefined ? openService(head) : undefined;
  if (opened !== undefined) return routeToId(opened, head, address);
  if (summary !== undefined) return routeTo(summary, head, address);
  if (isForm(head) && head.path === "/") return routeToId("sts", head, address);
  return hasTarget(head) ? undefined : routeToId("s3", head, address);
}

/** What programs send that sign nobody in yet, as JSON, which no object is uploaded with. */
const AUTHORIZATION_PATHS: ReadonlyMap<string, "signin" | "sso-oidc"> = new Map([
  ["/client/register", "sso-oidc"],
  ["/device_authorization", "sso-oidc"],
  ["/token", "sso-oidc"],
  ["/v1/token", "signin"],
]);

/** What links in SNS's messages ask for. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html (SubscribeURL, UnsubscribeURL) */
const LINKED_ACTIONS: ReadonlySet<string> = new Set(["ConfirmSubscription", "Unsubscribe"]);

/** A queue's own place. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html */
const QUEUE_PATH = /^\/\d{12}\/[\w-]+(?:\.fifo)?$/;

/** The services whose requests nobody signs: at a host that names none they are told by what they bring. */
function openService(head: RequestHead): "signin" | "sns" | "sqs" | "sso" | "sso-oidc" | undefined {
  const { method, path, query, headers } = head;
  if (headers["x-amz-sso_bearer_token"] !== undefined) return "sso";
  const action = findParameter(query, "Action");
  if (action !== undefined) return openAction(action, path);
  const isJson = headers["content-type"]?.startsWith("application/json") ?? false;
  return method === "POST" && isJson && query === "" ? AUTHORIZATION_PATHS.get(path) : undefined;
}

function openAction(action: string, path: string): "sns" | "sqs" | undefined {
  if (QUEUE_PATH.test(path)) return "sqs";
  return path === "/" && LINKED_ACTIONS.has(action) ? "sns" : undefined;
}

const hasTarget = ({ headers }: RequestHead): boolean => headers["x-amz-target"] !== undefined || isRpc(headers);

const isForm = ({ headers }: RequestHead): boolean =>
  headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;

function byVersion(version: string | undefined): ServiceSummary | undefined {
  if (version === undefined) return undefined;
  return serviceIndex().find(({ apiVersion, protocols }) => apiVersion === version && protocols.some(isQuery));
}

const isQuery = (name: ProtocolName): boolean => name === "aws-query" || name === "ec2-query";

function routeToId(id: string, head: RequestHead, address: Address | undefined): ServiceRoute | undefined {
  const summary = serviceIndex().find((candidate) => candidate.id === id);
  return summary === undefined ? undefined : routeTo(summary, head, address);
}

function routeTo(summary: ServiceSummary, head: RequestHead, address: Address | undefined): ServiceRoute {
  const model = loadModel(summary.id);
  const protocol = protocolOf(model, protocolName(summary, head), formOf(head, head.query));
  const { path } = head;
  if (summary.id !== "s3" || path === "/WriteGetObjectResponse") return { model, protocol, bucket: undefined, path };
  return { model, protocol, ...cutBucket(path, address) };
}

/** Of the protocols that the service speaks, the one that the request is written in. */
function protocolName({ protocols }: ServiceSummary, head: RequestHead): ProtocolName {
  const [preferred = "rest-json"] = protocols;
  // Every service that speaks JSON understands this as well.
  if (isRpc(head.headers)) return "rpc-v2-cbor";
  if (protocols.length === 1) return preferred;
  const find = (test: (name: ProtocolName) => boolean): ProtocolName => protocols.find(test) ?? preferred;
  const isJson = hasTarget(head) || !(isForm(head) || head.method === "GET" || hasAction(head));
  return find(isJson ? (name) => name.startsWith("aws-json") : isQuery);
}

const hasAction = ({ query }: RequestHead): boolean => findParameter(query, "Action") !== undefined;

/** What an answer to Query is asked for in. */
const formOf = (head: RequestHead, form: string): "xml" | "json" => (asksForJson(head, form) ? "json" : "xml");

/** The protocol to refuse a request in that means no known service, by how it is written. */
export function likelyProtocol(head: RequestHead): Protocol {
  if (isRpc(head.headers)) return rpcV2Cbor;
  if (isForm(head) || hasAction(head)) return awsQuery;
  return hasTarget(head) ? awsJson11 : restJson;
}

/** The bucket from the host, or else the path's first piece. */
function cutBucket(path: string, address: Address | undefined): Pick<ServiceRoute, "bucket" | "path"> {
  if (address?.before !== undefined) return { bucket: address.before, path };
  const slash = path.indexOf("/", 1);
  const first = slash === -1 ? path.slice(1) : path.slice(1, slash);
  if (first === "") return { bucket: undefined, path };
  return { bucket: decodeBucket(first), path: slash === -1 ? "/" : path.slice(slash) };
}

/** A bucket that cannot be decoded exists nowhere: its raw name will not be found. */
function decodeBucket(raw: string): string {
  try {
    return decodeLabel(raw);
  } catch (error) {
    if (error instanceof Malformed) return raw;
    throw error;
  }
}

/**
 * The operation; for the REST protocols the head suffices, so that a body may stream.
 * @throws {AwsError} where the path cannot be decoded.
 */
export function findOperation(service: ServiceRoute, request: WireRequest): OperationRoute {
  switch (service.protocol.name) {
    case "aws-json-1.0":
    case "aws-json-1.1":
      return named(service, request.headers["x-amz-target"]?.split(".").at(-1));
    case "rpc-v2-cbor":
      return named(service, request.path.split("/").at(-1));
    case "aws-query":
    case "ec2-query":
      return findQueryOperation(service, request);
    case "rest-json":
    case "rest-xml":
      return findRestOperation(service, request);
  }
}

function named(service: ServiceRoute, name: string | undefined): OperationRoute {
  const operation = name === undefined ? undefined : service.model.operation(name);
  return operation === undefined ? { kind: "unknown", name } : { kind: "found", service, operation, labels: {} };
}

function findQueryOperation(route: ServiceRoute, request: WireRequest): OperationRoute {
  const { query, body, path } = request;
  const form = body.byteLength === 0 ? query : formText(body);
  const name = findParameter(form, "Action");
  const protocol = protocolOf(route.model, route.protocol.name, formOf(request, form));
  const found = operationIn({ ...route, protocol }, form, name);
  const isThere = found.kind === "unknown" || found.service.protocol.isAt?.(found.operation, path) !== false;
  return isThere ? found : { kind: "unknown", name };
}

function operationIn(service: ServiceRoute, form: string, name: string | undefined): OperationRoute {
  const known = named(service, name);
  const version = findParameter(form, "Version");
  if (version === undefined || version === service.model.apiVersion) return known;
  const summary = byVersion(version);
  // A version of the past stands for today's; one of another service, for that service.
  if (summary === undefined || summary.signingName !== service.model.signingName) {
    if (known.kind === "found" || summary === undefined) return known;
  }
  const model = loadModel(summary.id);
  const protocol = protocolOf(model, summary.protocols.find(isQuery) ?? service.protocol.name);
  return named({ ...service, model, protocol }, name);
}

function findRestOperation(service: ServiceRoute, request: WireRequest): OperationRoute {
  if (service.model.id === "s3") {
    refuseMisdirected(request, service);
    refuseSubResource(request, service);
  }
  try {
    const match = matchRest(service.model, request, service);
    return match === undefined ? { kind: "unknown", name: undefined } : { kind: "found", service, ...match };
  } catch (error) {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidURI)
    if (error instanceof Malformed) throw new AwsError("InvalidURI", error.message);
    throw error;
  }
}
