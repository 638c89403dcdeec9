/** REST with XML bodies. Source: https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
import { assert } from "../kernel/assert.ts";
import { AwsError } from "../kernel/aws-error.ts";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { isSimple, type Member, type StructureShape, type Traits, type UnionShape } from "../model/shape.ts";
import { encodeEventStream, EVENT_STREAM_TYPE } from "./event-stream.ts";
import { describeFailure, isMessage, type DescribedFailure } from "./failure.ts";
import { findParameter, parseQuery } from "./form.ts";
import { bindingsOfInput, bindingsOfOutput, decodeBound, encodeBound, headerInstead } from "./http-binding.ts";
import { underCode } from "./malformed.ts";
import type { Failure, FormProtocol, Labels, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { parseScalar } from "./scalar.ts";
import { bytesOf, fieldsOf, isByteStream, listOf, textOf, type Fields } from "./value.ts";
import { escapeXml, notWellFormed, parseXml } from "./xml.ts";
import { decodeXmlMembers, encodeXmlMembers, encodeXmlStructure, namespaceAttribute, type Times } from "./xml-shape.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

interface OwnAnswer {
  readonly status?: number;
  readonly contentType?: string;
  /** What the body's element is called. */
  readonly root?: string;
  /** Headers that the model does not have, by the member whose text they are. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Flat lists that are written as one: the output names, in a member that is none of the model, which of them the next item is from. */
  readonly merged?: { readonly lists: ReadonlySet<string>; readonly turns: string };
  /** Another status where the output says so in a member that is none of the model. */
  readonly unless?: { readonly member: string; readonly status: number };
}

/** In what a service's REST with XML differs from the rest. */
export interface RestXmlDialect {
  /** The code for a body that cannot be read. */
  readonly malformedBody: string;
  /** The words for it, where they are the same whatever is wrong. */
  readonly malformedBodyMessage?: string;
  /** The code for a query, a header or a path that cannot be read. */
  readonly malformedBinding: string;
  /** Whether `<Error>` is the root of an error, without `<ErrorResponse>` around it. */
  readonly bareErrors: boolean;
  /** Whether errors have fields that no model knows, too. */
  readonly unmodelledFields: boolean;
  /** See `Protocol`. */
  readonly requestIdOf?: (uuid: string) => string;
  /** The headers that name a request. */
  readonly requestIds: (requestId: string) => Record<string, string>;
  /** What is written behind an error: behind its fields where it is bare. */
  readonly errorEnd: (requestId: string) => string;
  /** What is written within an error before its code: whose fault it is. */
  readonly errorStart: (type: string) => string;
  readonly times: Times;
  /** Where an output's lists stand among its elements. */
  readonly lists: "as modelled" | "last";
  /** Lists that a document without them means to be empty, by document. */
  readonly impliedLists?: Readonly<Record<string, string>>;
  /** Outputs whose one member is the root element's text. */
  readonly unwrappedOutputs: ReadonlySet<string>;
  /** Members that only SDKs know, who find them under another's header, as text; in inputs as well. */
  readonly rawHeaders: readonly { readonly member: string; readonly header: string }[];
  /** Members that no SDK knows: parameters that are times as they were written, where that is not as HTTP has them. */
  readonly rawQueries?: Readonly<Record<string, string>>;
  /** The member whose presence makes an answer a part of the whole (206). */
  readonly partialMember?: string;
  /** Answers that are not quite as the model has them, by operation. */
  readonly answers?: Readonly<Record<string, OwnAnswer>>;
  /** Headers that have to be a time, and what is said of one that is none. */
  readonly timesInHeaders?: Readonly<Record<string, string>>;
  /** See `Protocol`. */
  readonly forms?: FormProtocol;
  /** What a query may hold that is otherwise a header, as presigned URLs do: of its parameters' names. */
  readonly headersInQuery?: RegExp;
}

// Source: https://github.com/laurilehmijoki/s3_website/issues/320 (CloudFront's code)
export const PLAIN_DIALECT: RestXmlDialect = {
  malformedBody: "MalformedInput",
  malformedBinding: "MalformedInput",
  bareErrors: false,
  unmodelledFields: false,
  requestIds: (requestId) => ({ "x-amzn-requestid": requestId }),
  errorStart: (type) => `<Type>${type}</Type>`,
  errorEnd: (requestId) => `<RequestId>${requestId}</RequestId>`,
  times: "shortest",
  lists: "as modelled",
  unwrappedOutputs: new Set(),
  rawHeaders: [],
};

export const restXml = (dialect: RestXmlDialect): Protocol => ({
  name: "rest-xml",
  requestIdOf: dialect.requestIdOf,
  requestHeaders: dialect.requestIds,
  forms: dialect.forms,
  decodeInput: (operation, request, labels) => decodeInput(dialect, operation, { request, labels }),
  encodeOutput: (operation, output, requestId) => encodeOutput(dialect, operation, { output, requestId }),
  encodeError: (failure, model, requestId) => encodeError(dialect, failure, { model, requestId }),
});

function decodeInput(
  dialect: RestXmlDialect,
  operation: OperationModel,
  { request, labels }: { request: WireRequest; labels: Labels },
): Record<string, unknown> {
  const head = withQueryHeaders(dialect, request);
  requireTimes(dialect, head);
  const input = underCode(dialect.malformedBinding, () => decodeBound(operation, head, labels));
  for (const { member, header } of dialect.rawHeaders) {
    const text = head.headers[header];
    if (text !== undefined) input[member] = text;
  }
  for (const name in dialect.rawQueries) {
    const text = request.query.includes(name) ? findParameter(request.query, name) : undefined;
    if (text === undefined || new Date(text).toUTCString() === text) continue;
    input[dialect.rawQueries[name] ?? ""] = text;
  }
  const { payload, hasBody, isBound } = bindingsOfInput(operation.input);
  const { body } = request;
  if (body.byteLength === 0) {
    // a text of no length is a text: the operation says what is wrong with it
    if (payload?.shape.kind === "string") input[payload.name] = "";
    return input;
  }
  underCode(
    dialect.malformedBody,
    () => {
      if (payload !== undefined) {
        if (payload !== operation.streamingInput) input[payload.name] = decodePayload(dialect, payload, body);
      } else if (hasBody) {
        Object.assign(input, decodeXmlMembers(operation.input, parseXml(textOfBody(body)), isBound));
      }
    },
    dialect.malformedBodyMessage,
  );
  return input;
}

function requireTimes({ malformedBinding, timesInHeaders }: RestXmlDialect, { headers }: WireRequest): void {
  for (const name in timesInHeaders) {
    const value = headers[name];
    if (value === undefined || !Number.isNaN(Date.parse(value))) continue;
    throw new AwsError(malformedBinding, timesInHeaders[name] ?? "", { ArgumentName: name, ArgumentValue: value });
  }
}

function withQueryHeaders({ headersInQuery }: RestXmlDialect, request: WireRequest): WireRequest {
  if (headersInQuery === undefined || !headersInQuery.test(request.query)) return request;
  const hoisted = parseQuery(request.query)
    .filter(([name]) => headersInQuery.test(name))
    .map(([name, value]) => [name.toLowerCase(), headerInstead(name.toLowerCase(), value)] as const);
  return { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } };
}

const textOfBody = (body: Uint8Array): string => Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();

/** The name of the element that is the payload. */
const rootOf = ({ name, traits: own }: StructureShape | UnionShape, { xmlName }: Traits): string =>
  xmlName ?? own.xmlName ?? name;

function decodePayload({ impliedLists }: RestXmlDialect, { shape, traits }: Member, body: Uint8Array): unknown {
  if (shape.kind === "blob") return body;
  if (isSimple(shape)) return parseScalar(shape, textOfBody(body));
  assert(shape.kind === "structure" || shape.kind === "union", "a payload is no list");
  const root = parseXml(textOfBody(body));
  if (root.name !== rootOf(shape, traits)) throw notWellFormed();
  const document = decodeXmlMembers(shape, root);
  const implied = impliedLists?.[shape.name];
  if (implied !== undefined) document[implied] ??= [];
  return document;
}

function encodeOutput(
  dialect: RestXmlDialect,
  operation: OperationModel,
  { output: value, requestId }: { output: object; requestId: string },
): WireResponse {
  const output = fieldsOf(value);
  const { status, headers } = encodeHead(dialect, operation, { output, requestId });
  const { payload, hasBody, isBound } = bindingsOfOutput(operation.output);
  if (payload !== undefined) {
    const encoded = encodePayload(payload, output[payload.name], {
      headers,
      namespace: operation.service.xmlNamespace,
      times: dialect.times,
    });
    return { status, headers, body: encoded };
  }
  if (!hasBody) return { status, headers, body: undefined };
  headers["content-type"] ??= "application/xml";
  return { status, headers, body: DECLARATION + encodeRoot(dialect, operation, output, isBound) };
}

function encodeHead(
  dialect: RestXmlDialect,
  operation: OperationModel,
  { output, requestId }: { output: Fields; requestId: string },
): { readonly status: number; readonly headers: Record<string, string> } {
  const headers = dialect.requestIds(requestId);
  const bound = encodeBound(operation.output, output, headers);
  for (const { member, header } of dialect.rawHeaders) {
    const raw = output[member];
    if (raw === undefined || !operation.output.byName.has(member)) continue;
    headers[header] = textOf(raw);
    delete headers[member.toLowerCase()];
  }
  const own = dialect.answers?.[operation.name];
  addHeaders(headers, own, output);
  if (own?.contentType !== undefined) headers["content-type"] = own.contentType;
  const status = ownStatus(dialect, own, output);
  return { status: status ?? bound ?? operation.http?.status ?? 200, headers };
}

function addHeaders(headers: Record<string, string>, own: OwnAnswer | undefined, output: Fields): void {
  for (const member in own?.headers) {
    const header = own.headers[member];
    if (header !== undefined && output[member] !== undefined) headers[header] = textOf(output[member]);
  }
}

function ownStatus(dialect: RestXmlDialect, own: OwnAnswer | undefined, output: Fields): number | undefined {
  if (own?.unless && output[own.unless.member] !== undefined) return own.unless.status;
  return isPart(dialect, output) ? 206 : own?.status;
}

const isPart = ({ partialMember }: RestXmlDialect, output: Fields): boolean =>
  partialMember !== undefined && output[partialMember] !== undefined;

function encodeRoot(
  dialect: RestXmlDialect,
  operation: OperationModel,
  output: Fields,
  isBound: (member: Member) => boolean,
): string {
  const { name, output: shape, service } = operation;
  const root = dialect.answers?.[name]?.root ?? shape.traits.xmlName ?? shape.name;
  const namespace = namespaceAttribute(service.xmlNamespace);
  const inside = dialect.unwrappedOutputs.has(name)
    ? escapeXml(textOf(output[shape.members[0]?.name ?? ""] ?? ""))
    : encodeInside(dialect, operation, output, isBound);
  return inside === "" ? `<${root}${namespace}/>` : `<${root}${namespace}>${inside}</${root}>`;
}

function encodeInside(
  { times, lists, answers }: RestXmlDialect,
  { name, output: modelled }: OperationModel,
  output: Fields,
  isBound: (member: Member) => boolean,
): string {
  const shape = lists === "last" ? withListsLast(modelled) : modelled;
  const merged = answers?.[name]?.merged;
  const turns = merged && output[merged.turns];
  if (turns === undefined) return encodeXmlMembers(shape, output, times, isBound);
  const others = encodeXmlMembers(
    shape,
    output,
    times,
    (member) => isBound(member) || merged?.lists.has(member.name) === true,
  );
  return others + encodeMerged(shape, output, { turns: listOf(turns), times });
}

function encodeMerged(
  { byName }: StructureShape,
  output: Fields,
  { turns, times }: { readonly turns: readonly unknown[]; readonly times: Times },
): string {
  const places = new Map<string, number>();
  let xml = "";
  for (const turn of turns) {
    const list = textOf(turn);
    const place = places.get(list) ?? 0;
    places.set(list, place + 1);
    const member = byName.get(list);
    assert(member, "what is merged are members");
    xml += encodeXmlMembers({ members: [member] }, { [list]: [listOf(output[list])[place]] }, times);
  }
  return xml;
}

const shapesWithListsLast = new WeakMap<StructureShape, StructureShape>();

const isList = ({ shape }: Member): boolean => shape.kind === "list";

function withListsLast(shape: StructureShape): StructureShape {
  const known = shapesWithListsLast.get(shape);
  if (known !== undefined) return known;
  const members = [...shape.members.filter((member) => !isList(member)), ...shape.members.filter(isList)];
  const sorted = { ...shape, members };
  shapesWithListsLast.set(shape, sorted);
  return sorted;
}

function encodePayload(
  { shape, traits }: Member,
  value: unknown,
  { headers, namespace, times }: { headers: Record<string, string>; namespace: string | undefined; times: Times },
): WireResponse["body"] {
  if (value === undefined || value === null) return undefined;
  if (isSimple(shape)) {
    headers["content-type"] ??= shape.kind === "blob" ? "application/octet-stream" : "text/plain";
    return isByteStream(value) ? value : bytesOf(value);
  }
  if (shape.traits.streaming !== undefined) {
    headers["content-type"] = EVENT_STREAM_TYPE;
    return encodeEventStream(shape, value, { contentType: "text/xml", payload: encodeEventPayload });
  }
  assert(shape.kind === "structure" || shape.kind === "union", "a payload is no list");
  headers["content-type"] ??= "application/xml";
  return DECLARATION + encodeRootOf(shape, fieldsOf(value), { traits, namespace, times });
}

function encodeRootOf(
  shape: StructureShape | UnionShape,
  value: Fields,
  { traits, namespace, times }: { traits: Traits; namespace: string | undefined; times: Times },
): string {
  const ownNamespace = traits.xmlNamespace ?? namespace;
  const rootTraits = ownNamespace === undefined ? {} : { xmlNamespace: ownNamespace };
  return encodeXmlStructure(rootOf(shape, traits), shape, value, { traits: rootTraits, times });
}

const encodeEventPayload = (shape: StructureShape, value: Fields): Uint8Array =>
  Buffer.from(encodeXmlStructure(shape.traits.xmlName ?? shape.name, shape, value, { traits: {}, times: "shortest" }));

function encodeError(
  dialect: RestXmlDialect,
  failure: Failure,
  { model, requestId }: { model: ServiceModel | undefined; requestId: string },
): WireResponse {
  const described = describeFailure(failure, model);
  const headers: Record<string, string> = { ...dialect.requestIds(requestId), "content-type": "application/xml" };
  if (described.shape !== undefined) encodeBound(described.shape, failure.fields, headers);
  if (dialect.bareErrors) Object.assign(headers, headersAmong(failure.fields));
  // Source: https://www.rfc-editor.org/rfc/rfc9110#name-304-not-modified (has no content)
  if (described.status === 304) return { status: 304, headers, body: undefined };
  const error = encodeErrorMembers(failure, described, dialect.unmodelledFields);
  const inside = dialect.errorStart(described.type) + error;
  const end = dialect.errorEnd(requestId);
  const body = dialect.bareErrors
    ? `${DECLARATION}<Error>${inside}${end}</Error>`
    : `${DECLARATION}<ErrorResponse${namespaceAttribute(model?.xmlNamespace)}><Error>${inside}</Error>${end}</ErrorResponse>`;
  return { status: described.status, headers, body };
}

/** Elements of a bare error begin with a capital; a field that does not is a header. */
const isHeader = (field: string): boolean => /^[a-z][^A-Z]*$/.test(field);

function headersAmong(fields: Fields): Record<string, string> {
  const named = Object.entries(fields).filter(([field, value]) => isHeader(field) && value !== undefined);
  return Object.fromEntries(named.map(([field, value]) => [field, textOf(value)]));
}

function encodeErrorMembers(failure: Failure, { shape, name }: DescribedFailure, withUnmodelled: boolean): string {
  let xml = `<Code>${escapeXml(name)}</Code><Message>${escapeXml(failure.message)}</Message>`;
  if (shape !== undefined) {
    const { isBound } = bindingsOfOutput(shape);
    xml += encodeXmlMembers(shape, failure.fields, "shortest", (member) => isBound(member) || isMessage(member));
  }
  if (!withUnmodelled) return xml;
  for (const [field, value] of Object.entries(failure.fields)) {
    if (value === undefined || isHeader(field) || shape?.byName.has(field)) continue;
    xml += `<${field}>${escapeXml(typeof value === "number" ? String(value) : textOf(value))}</${field}>`;
  }
  return xml;
}
