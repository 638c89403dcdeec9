/** Where the REST protocols put each member: path, query, headers, status, body. */
import type { OperationModel } from "../model/service-model.ts";
import { isSimple, type Member, type Shape, type SimpleShape, type StructureShape } from "../model/shape.ts";
import { isAscii } from "../kernel/ascii.ts";
import { assert } from "../kernel/assert.ts";
import { parseQuery } from "./form.ts";
import { Malformed } from "./malformed.ts";
import type { Labels, RequestHead } from "./protocol.ts";
import { formatBase64, formatScalar, parseBase64, parseScalar } from "./scalar.ts";
import { fieldsOf, listOf, numberOf, setEntry, textOf, type Fields } from "./value.ts";

/** The members of a structure by place. The same member is body where a place counts only on the way in. */
export interface Bindings {
  readonly labels: readonly Member[];
  readonly queries: readonly Member[];
  readonly headers: readonly Member[];
  /** Of the members in headers: by the header, lowercase; a request has few of those that there are. */
  readonly byHeader: ReadonlyMap<string, Member>;
  /** The same the other way. */
  readonly headerOf: ReadonlyMap<string, BoundHeader>;
  readonly queryParams: Member | undefined;
  readonly prefixHeaders: Member | undefined;
  readonly responseCode: Member | undefined;
  readonly payload: Member | undefined;
  /** Whether a member is left over for the body. */
  readonly hasBody: boolean;
  readonly isBound: (member: Member) => boolean;
}

interface BoundHeader {
  /** Lowercase. */
  readonly header: string;
  readonly member: Member;
}

const inputBindings = new WeakMap<StructureShape, Bindings>();
const outputBindings = new WeakMap<StructureShape, Bindings>();

/** Of an input. */
export function bindingsOfInput(shape: StructureShape): Bindings {
  return remembered(inputBindings, shape, ({ traits }) => {
    const { httpLabel, httpQuery, httpQueryParams } = traits;
    return (
      httpLabel !== undefined || httpQuery !== undefined || httpQueryParams !== undefined || isBoundBothWays(traits)
    );
  });
}

/** Of an output or error: there is no path and no query, so what names them is in the body. */
export function bindingsOfOutput(shape: StructureShape): Bindings {
  return remembered(outputBindings, shape, ({ traits }) => isBoundBothWays(traits));
}

const isBoundBothWays = ({ httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode }: Member["traits"]): boolean =>
  httpHeader !== undefined ||
  httpPrefixHeaders !== undefined ||
  httpPayload !== undefined ||
  httpResponseCode !== undefined;

function remembered(
  known: WeakMap<StructureShape, Bindings>,
  shape: StructureShape,
  isBound: (member: Member) => boolean,
): Bindings {
  const found = known.get(shape);
  if (found !== undefined) return found;
  const { members } = shape;
  const headers = members.flatMap((member): BoundHeader[] => {
    const { httpHeader } = member.traits;
    return httpHeader === undefined ? [] : [{ header: httpHeader.toLowerCase(), member }];
  });
  const bindings: Bindings = {
    labels: members.filter(({ traits }) => traits.httpLabel !== undefined),
    queries: members.filter(({ traits }) => traits.httpQuery !== undefined),
    headers: headers.map(({ member }) => member),
    byHeader: new Map(headers.map(({ header, member }) => [header, member])),
    headerOf: new Map(headers.map((bound) => [bound.member.name, bound])),
    queryParams: members.find(({ traits }) => traits.httpQueryParams !== undefined),
    prefixHeaders: members.find(({ traits }) => traits.httpPrefixHeaders !== undefined),
    responseCode: members.find(({ traits }) => traits.httpResponseCode !== undefined),
    payload: members.find(({ traits }) => traits.httpPayload !== undefined),
    hasBody: members.some((member) => !isBound(member)),
    isBound,
  };
  known.set(shape, bindings);
  return bindings;
}

/**
 * The members outside the body.
 * @throws {Malformed} where a value is of another type.
 */
export function decodeBound(operation: OperationModel, head: RequestHead, labels: Labels): Record<string, unknown> {
  const bindings = bindingsOfInput(operation.input);
  const decoded: Record<string, unknown> = {};
  for (const { name, shape } of bindings.labels) {
    const label = labels[name];
    if (label !== undefined) decoded[name] = parseScalar(simple(shape), label);
  }
  if (head.query !== "") decodeQuery(operation, bindings, head.query, decoded);
  for (const name in head.headers) {
    const member = bindings.byHeader.get(name);
    const header = head.headers[name];
    if (member === undefined || header === undefined || isPassedOver(name, header)) continue;
    decoded[member.name] = parseHeader(member, utf8OfHeader(header));
  }
  const { prefixHeaders } = bindings;
  if (prefixHeaders !== undefined) {
    const values = withPrefix(head.headers, (prefixHeaders.traits.httpPrefixHeaders ?? "").toLowerCase());
    if (values !== undefined) decoded[prefixHeaders.name] = values;
  }
  return decoded;
}

type Pairs = readonly (readonly [name: string, value: string])[];

function decodeQuery(
  { http }: OperationModel,
  { queries, queryParams }: Bindings,
  query: string,
  decoded: Record<string, unknown>,
): void {
  const values = Map.groupBy(parseQuery(query), ([name]) => name);
  for (const member of queries) {
    const found = values.get(member.traits.httpQuery ?? "");
    if (found !== undefined) decoded[member.name] = parseValues(member, found);
  }
  if (queryParams === undefined) return;
  for (const { traits } of queries) values.delete(traits.httpQuery ?? "");
  // What tells the operation itself apart is no parameter of it.
  for (const [name] of parseQuery(http?.uri.split("?")[1] ?? "")) values.delete(name);
  if (values.size > 0) decoded[queryParams.name] = parseParams(queryParams.shape, values);
}

function parseValues({ shape, traits, required }: Member, found: Pairs): unknown {
  const name = traits.httpQuery ?? "";
  const text = found[0]?.[1] ?? "";
  if (isPassedOver(name, text)) return undefined;
  if (shape.kind === "number") return text === "" && !required ? undefined : parseQueryNumber(shape, text, name);
  if (shape.kind !== "list") return parseScalar(simple(shape), text);
  const element = simple(shape.member.shape);
  return found.map(([, value]) => parseScalar(element, value));
}

/**
 * One that is empty is none, where none is needed. S3's words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json (test_list_parts_empty_part_number_marker)
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_multipart.py (max-parts)
 * Source: https://github.com/versity/versitygw/blob/main/s3err/invalid-argument.go (the argument)
 */
function parseQueryNumber(shape: SimpleShape, text: string, name: string): unknown {
  try {
    return parseScalar(shape, text);
  } catch {
    const argument = { ArgumentName: name, ArgumentValue: text };
    throw new Malformed(`Provided ${name} not an integer or within integer range`, argument);
  }
}

function parseParams(shape: Shape, values: ReadonlyMap<string, Pairs>): Fields {
  assert(shape.kind === "map", "query parameters are a map");
  const several = shape.value.shape.kind === "list";
  const params: Record<string, unknown> = {};
  for (const [name, found] of values) {
    setEntry(params, name, several ? found.map(([, value]) => value) : found[0]?.[1]);
  }
  return params;
}

/** Headers and parameters that count as not sent where they are none, or are the operation's to refuse. */
const isPassedOver = (name: string, header: string): boolean =>
  (MAY_BE_NO_DATE.has(name) && Number.isNaN(Date.parse(header))) ||
  (MAY_BE_NO_NUMBER.has(name) && !/^\d+$/.test(header));

/**
 * Source: https://www.rfc-editor.org/rfc/rfc9110#name-if-modified-since (a condition whose date is none is ignored)
 * Source: https://www.rfc-editor.org/rfc/rfc9111#name-expires (a date that is none is no error)
 */
const MAY_BE_NO_DATE: ReadonlySet<string> = new Set([
  "expires",
  "if-modified-since",
  "if-unmodified-since",
  "response-expires",
  "x-amz-copy-source-if-modified-since",
  "x-amz-copy-source-if-unmodified-since",
]);

/** Source: https://github.com/versity/versitygw/issues/1806, https://github.com/versity/versitygw/issues/1398 (answers of AWS) */
const MAY_BE_NO_NUMBER: ReadonlySet<string> = new Set(["x-amz-max-parts", "x-amz-mp-object-size"]);

function parseHeader({ shape, traits }: Member, header: string): unknown {
  if (shape.kind === "list") {
    const element = simple(shape.member.shape);
    return splitHeader(header, element).map((item) => parseScalar(element, item));
  }
  // Source: https://smithy.io/2.0/spec/http-bindings.html#httpheader-serialization-rules (mediaType is base64)
  if (shape.kind === "string" && traits.mediaType !== undefined) return Buffer.from(parseBase64(header)).toString();
  return parseScalar(simple(shape), header);
}

/** The items of a header's list, of which HTTP dates hold commas themselves and strings may be quoted. */
function splitHeader(header: string, element: SimpleShape): string[] {
  if (element.kind === "timestamp") return header.split(/,(?=\s*[A-Za-z]{3},)/).map((item) => item.trim());
  const items: string[] = [];
  for (const [, quoted, bare = ""] of header.matchAll(/(?:^|,)\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*/g)) {
    items.push(quoted === undefined ? bare.trim() : quoted.replaceAll(/\\(.)/g, "$1"));
  }
  return items;
}

/**
 * `undefined`: there are none. S3, whose metadata these are, takes each of their bytes for a letter.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata (the example)
 */
function withPrefix(headers: RequestHead["headers"], prefix: string): Record<string, string> | undefined {
  let values: Record<string, string> | undefined;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && name.startsWith(prefix)) setEntry((values ??= {}), name.slice(prefix.length), value);
  }
  return values;
}

/** Writes the members that are headers; gives the status that a member names. */
export function encodeBound(
  shape: StructureShape,
  output: Fields,
  headers: Record<string, string>,
): number | undefined {
  const bindings = bindingsOfOutput(shape);
  for (const name in output) {
    const bound = bindings.headerOf.get(name);
    const value = output[name];
    if (bound === undefined || value === undefined || value === null) continue;
    headers[bound.header] = headerOfUtf8(formatHeader(bound.member, value));
  }
  const { prefixHeaders, responseCode } = bindings;
  const prefixed = prefixHeaders === undefined ? undefined : output[prefixHeaders.name];
  for (const [name, value] of prefixed === undefined ? [] : Object.entries(fieldsOf(prefixed))) {
    headers[`${prefixHeaders?.traits.httpPrefixHeaders ?? ""}${name}`.toLowerCase()] = headerOfUtf8(textOf(value));
  }
  const status = responseCode === undefined ? undefined : output[responseCode.name];
  return status === undefined ? undefined : numberOf(status);
}

function formatHeader({ shape, traits }: Member, value: unknown): string {
  if (shape.kind === "list") {
    const element = simple(shape.member.shape);
    return listOf(value)
      .map((item) => formatScalar(element, item, "http-date"))
      .map((item) => (element.kind === "string" && /[",]/.test(item) ? `"${item.replaceAll(/["\\]/g, "\\$&")}"` : item))
      .join(", ");
  }
  if (traits.mediaType !== undefined) return formatBase64(Buffer.from(textOf(value)));
  return formatScalar(simple(shape), value, "http-date");
}

function simple(shape: Shape): SimpleShape {
  assert(isSimple(shape), "a bound member is simple");
  return shape;
}

/** Node reads and writes headers byte for byte as Latin-1; AWS and its clients hold them for UTF-8. */
const headerOfUtf8 = (text: string): string => (isAscii(text) ? text : Buffer.from(text).toString("latin1"));

/**
 * The header that stands for what came elsewhere in UTF-8: S3 believes in none of its metadata's headers, but in words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_unicode_metadata_with_sig_s3, recorded)
 */
export const headerInstead = (name: string, text: string): string =>
  name.startsWith("x-amz-meta-") && !isAscii(text) ? encodedWord(text) : headerOfUtf8(text);

export const encodedWord = (text: string): string => `=?UTF-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;

const utf8OfHeader = (text: string): string => (isAscii(text) ? text : Buffer.from(text, "latin1").toString());

/** @throws {Malformed} */
export function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed("Couldn't parse the specified URI.");
  }
}
