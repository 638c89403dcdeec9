/** From what was thrown to what the caller is told. */
import { deniedMessage } from "../identity/explain.ts";
import type { Decision } from "../identity/decision.ts";
import type { Principal } from "../identity/principal.ts";
import { AuthenticationError } from "../identity/sigv4/verify.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { findOwn } from "../kernel/lookup.ts";
import { callerName } from "../service/caller.ts";
import { Conflict } from "../store/driver.ts";
import type { ProtocolName, ServiceModel } from "../model/service-model.ts";
import type { Failure } from "../protocol/protocol.ts";
import type { ServiceRoute } from "../protocol/route.ts";
import { unknownMethod } from "../protocol/s3-misdirection.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The status of errors that no model has.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const COMMON_STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  UnauthorizedOperation: 403,
  InternalFailure: 500,
  InternalError: 500,
  NotImplemented: 501,
  MethodNotAllowed: 405,
  PreconditionFailed: 412,
  ServiceUnavailable: 503,
  UnknownOperationException: 404,
  RequestEntityTooLarge: 413,
  RequestEntityTooLargeException: 413,
  EntityTooLarge: 400,
  RequestTimeout: 400,
  IncompleteBody: 400,
};

export function failureOf(error: unknown, exchange: Exchange): Failure {
  if (error instanceof AwsError) {
    const { code, message, fields } = error;
    const status = statusOf(error, exchange);
    return {
      code,
      message,
      fields,
      ...(status !== undefined && { status }),
      ...(wantsQuery(exchange) && { asQuery: true }),
    };
  }
  if (error instanceof Conflict) {
    return { code: "ServiceUnavailable", message: "Please reduce your request rate.", fields: {}, status: 503 };
  }
  if (isClientGone(error)) {
    return { code: "RequestTimeout", message: "The client closed the connection.", fields: {}, status: 400 };
  }
  return isS3(exchange.foundRoute?.model)
    ? { code: "InternalError", message: "We encountered an internal error. Please try again.", fields: {}, status: 500 }
    : { code: "InternalFailure", message: "An internal error occurred.", fields: {}, status: 500 };
}

/** Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait */
const wantsQuery = ({ arrival, foundRoute }: Exchange): boolean =>
  foundRoute?.model.queryCompatible === true && arrival.headers["x-amzn-query-mode"] === "true";

/** Node's word for a request whose connection ended before its body did. */
const isClientGone = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ECONNRESET" && error.message === "aborted";

function statusOf(error: AwsError, exchange: Exchange): number | undefined {
  if (error instanceof AuthenticationError) return error.httpStatus;
  const { code } = error;
  const protocol = exchange.foundRoute?.protocol.name;
  if (code === "AccessDeniedException" && protocol === "rest-json") return 403;
  // Source: https://github.com/aws/aws-sdk-net/issues/1536, https://github.com/aws/aws-sdk-js/issues/425
  if (code === "UnknownOperationException" && protocol?.startsWith("aws-json") === true) return 400;
  return exchange.foundTarget?.service.unmodelledErrors[code] ?? findOwn(COMMON_STATUS, code);
}

const isS3 = (model: ServiceModel | undefined): boolean => model?.id === "s3";

/** The refusal that a denial becomes, in the words and under the code of the service's family. */
export function accessDenied(
  decision: Decision,
  { principal, protocol, code }: { principal: Principal; protocol: ProtocolName; code: string | undefined },
): AwsError {
  return new AwsError(code ?? deniedCode(protocol), deniedMessage(decision, callerName(principal)));
}

function deniedCode(protocol: ProtocolName): string {
  if (protocol === "ec2-query") return "UnauthorizedOperation";
  return protocol === "aws-query" || protocol === "rest-xml" ? "AccessDenied" : "AccessDeniedException";
}

/** 501, naming what is not built. */
export const notImplemented = (service: string, operation: string): AwsError =>
  new AwsError("NotImplemented", `Kumobako does not implement ${service}:${operation} yet.`);

/** AWS has no word for it: there it has no address. */
export const unknownService = (name: string | undefined): AwsError =>
  new AwsError(
    "UnknownOperationException",
    `The requested service is not known${name === undefined ? "." : `: ${name}`}`,
  );

/**
 * Lambda's API lies behind another, which asks for rights before there is an operation.
 * Source: https://github.com/ysugimoto/cloudflare-worker-lambda-gateway/issues/1
 */
const UNDETERMINED = "Unable to determine service/operation name to be authorized";

/** What each protocol says of a request that names no operation of its service's, or none at all. */
export function unknownOperation(route: ServiceRoute, method: string, operation: string | undefined): AwsError {
  const { model, protocol } = route;
  if (isS3(model)) return unknownMethod(method, route);
  if (model.id === "lambda") return new AwsError("AccessDeniedException", UNDETERMINED);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_without_query_returns_unknown_operation, run against AWS)
  const isNameless = operation === undefined && model.id === "sqs";
  if (isNameless || !protocol.name.endsWith("-query")) return new AwsError("UnknownOperationException", "");
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
  if (operation === undefined) return new AwsError("MissingAction", "The request is missing an action.");
  return new AwsError("InvalidAction", invalidAction(model, operation));
}

/**
 * Source: https://github.com/joshlarsen/aws-recon/issues/138 (EC2's words), https://github.com/aws/aws-cli/issues/37,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_invalid_action_raises_exception, run against AWS)
 */
function invalidAction({ id, apiVersion }: ServiceModel, operation: string): string {
  if (id === "ec2") return `The action ${operation} is not valid for this web service.`;
  if (id === "sqs") return `The action ${operation} is not valid for this endpoint.`;
  return `Could not find operation ${operation} for version ${apiVersion}`;
}
