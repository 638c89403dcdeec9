/** How an error is called, and with which status, by what the model knows of it. */
import type { ServiceModel } from "../model/service-model.ts";
import type { Member, StructureShape } from "../model/shape.ts";
import type { Failure, WireResponse } from "./protocol.ts";

export interface DescribedFailure {
  /** The modelled shape, if there is one. */
  readonly shape: StructureShape | undefined;
  /** The shape's name, as the JSON protocols have it. */
  readonly name: string;
  /** What the Query protocols call it. */
  readonly queryCode: string;
  readonly status: number;
  readonly queryStatus: number;
  /** In JSON and CBOR. */
  readonly rpcStatus: number;
  /** The Query protocols' word for the fault. */
  readonly type: "Sender" | "Receiver";
}

/**
 * Errors that Query has always had, and no model, as JSON calls them.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (QueryErrorCode)
 */
const JSON_NAMES: ReadonlyMap<string, string> = new Map([
  // Source: https://github.com/aws/serverless-application-model/issues/3633 (the code that boto3 reads)
  ["AccessDenied", "AccessDeniedException"],
  ["InvalidParameterValue", "InvalidParameterValueException"],
  ["MissingParameter", "MissingRequiredParameterException"],
]);

export function describeFailure(failure: Failure, model: ServiceModel | undefined): DescribedFailure {
  const shape = model?.error(failure.code);
  if (shape === undefined) return describeUnmodelled(failure, model);
  const { httpError, awsQueryError, error } = shape.traits;
  const isServers = error === "server";
  const status = httpError ?? (isServers ? 500 : 400);
  const [queryCode, queryStatus] = awsQueryError ?? [shape.name, status];
  const rpcStatus = failure.asQuery === true ? queryStatus : rpcStatusOf(status);
  return {
    shape,
    name: shape.name,
    queryCode,
    status,
    queryStatus,
    rpcStatus,
    type: isServers ? "Receiver" : "Sender",
  };
}

function describeUnmodelled({ code, status = 400 }: Failure, model: ServiceModel | undefined): DescribedFailure {
  const type = status >= 500 ? "Receiver" : "Sender";
  const name = model?.queryCompatible === true ? (JSON_NAMES.get(code) ?? code) : code;
  return { shape: undefined, name, queryCode: code, status, queryStatus: status, rpcStatus: status, type };
}

/**
 * Whatever status the model has for it, an error of a client is a 400 there.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html#API_DescribeKey_Errors (a 404 in the model),
 * https://github.com/nozaq/terraform-aws-secure-baseline/issues/70 (Organizations),
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.py (test_exception_serializing_with_no_shape_in_spec)
 */
const rpcStatusOf = (modelled: number): number => (modelled >= 500 ? modelled : 400);

/** A request that names no operation at all. */
export const isNameless = ({ code, message }: Failure): boolean =>
  code === "UnknownOperationException" && message === "";

/**
 * It is refused by AWS's framework, in a form of its own, which no type is said of.
 * Differs: to some POSTs of JSON AWS says the same within a 200, as `Output` (https://github.com/aws/aws-sdk-go/issues/3689).
 * Source: https://github.com/smithy-lang/smithy/issues/1368 (the default behavior),
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_without_query_returns_unknown_operation, run against AWS),
 * https://github.com/architect/dynalite/blob/main/test/connection.js (assert404, run against AWS: the line's end)
 */
export const refusedNameless = (requestId: string): WireResponse => ({
  status: 404,
  headers: { "x-amzn-requestid": requestId },
  body: "<UnknownOperationException/>\n",
});

/** The member that carries the message, whatever its case. */
export const isMessage = (member: Member): boolean => member.name === "message" || member.name === "Message";

/** What the message's member is called; unmodelled errors come from AWS's framework, which writes it large. */
export const messageName = (shape: StructureShape | undefined): "message" | "Message" =>
  shape !== undefined && !shape.byName.has("Message") ? "message" : "Message";

/** What clients that once spoke Query read in place of the name. */
export function queryErrorHeader(
  { queryCode, type }: DescribedFailure,
  model: ServiceModel | undefined,
): Record<string, string> {
  return model?.queryCompatible ? { "x-amzn-query-error": `${queryCode};${type}` } : {};
}
