/**
 * Query's answers as JSON, for who asks for them so; what is not there is null.
 * Source: https://github.com/JuliaCloud/AWS.jl/pull/127 (recorded answers of SQS, IAM and others)
 */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { isSimple, UNIT, type MapShape, type Member, type StructureShape, type UnionShape } from "../model/shape.ts";
import { headersOf, queryIn, spokenIn, type QueryDialect } from "./aws-query.ts";
import { describeFailure, isNameless, refusedNameless } from "./failure.ts";
import { findParameter } from "./form.ts";
import { byMemberName, encodeJson } from "./json.ts";
import type { Failure, Protocol, RequestHead, WireResponse } from "./protocol.ts";
import { fieldsOf, listOf, type Fields } from "./value.ts";

/** Source: https://github.com/kubernetes-sigs/aws-iam-authenticator (the header), https://github.com/JuliaCloud/AWS.jl/pull/127 (the parameter) */
export const asksForJson = ({ headers }: Pick<RequestHead, "headers">, form: string): boolean =>
  headers["accept"]?.startsWith("application/json") === true || findParameter(form, "ContentType") === "JSON";

export function queryInJson(dialect: QueryDialect): Protocol {
  return {
    ...queryIn(dialect),
    encodeOutput: (operation, output, requestId) => encodeOutput(operation, output, requestId, dialect),
    encodeError: (failure, model, requestId) =>
      isNameless(failure) ? refusedNameless(requestId) : encodeError(spokenIn(dialect, failure), model, requestId),
  };
}

function encodeOutput(
  { name, output }: OperationModel,
  value: object,
  requestId: string,
  { jsonNames }: QueryDialect,
): WireResponse {
  const nameOf = (member: Member): string => jsonNames[member.name] ?? member.name;
  const inner = output === UNIT ? {} : { [`${name}Result`]: encodeMembers(output, fieldsOf(value), nameOf) };
  const response = { [`${name}Response`]: { ...inner, ResponseMetadata: { RequestId: requestId } } };
  return { status: 200, headers: headersOf("application/json", requestId), body: JSON.stringify(response) };
}

function encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse {
  const { queryCode, queryStatus, type } = describeFailure(failure, model);
  const body = { Error: { Code: queryCode, Message: failure.message, Type: type }, RequestId: requestId };
  return { status: queryStatus, headers: headersOf("application/json", requestId), body: JSON.stringify(body) };
}

type NameOf = (member: Member) => string;

function encodeMembers({ members }: StructureShape | UnionShape, value: Fields, nameOf: NameOf): Fields {
  return Object.fromEntries(members.map((member) => [nameOf(member), encode(member, value[member.name], nameOf)]));
}

function encode(member: Member, value: unknown, nameOf: NameOf): unknown {
  const { shape } = member;
  if (value === undefined || value === null) return null;
  if (isSimple(shape)) return encodeJson(shape, value, byMemberName);
  switch (shape.kind) {
    case "list":
      return listOf(value).map((item) => encode(shape.member, item, nameOf));
    case "map":
      return encodeMap(member, shape, fieldsOf(value), nameOf);
    case "structure":
    case "union":
      return encodeMembers(shape, fieldsOf(value), nameOf);
  }
}

/**
 * Maps that are flat in XML are lists of pairs.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_queue_attributes_json_format, run against AWS)
 */
function encodeMap({ traits }: Member, { key, value: item }: MapShape, value: Fields, nameOf: NameOf): unknown {
  const entries = Object.entries(value).map(([name, one]) => [name, encode(item, one, nameOf)] as const);
  if (traits.xmlFlattened === undefined) return Object.fromEntries(entries);
  return entries.map(([name, one]) => ({
    [key.traits.xmlName ?? "key"]: name,
    [item.traits.xmlName ?? "value"]: one,
  }));
}
