/** AWS Query: forms in, XML out. Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { UNIT } from "../model/shape.ts";
import { describeFailure, isMessage, isNameless, refusedNameless } from "./failure.ts";
import { parseForm } from "./form.ts";
import { decodeFormMembers, queryForm, type FormDialect } from "./form-shape.ts";
import { underCode } from "./malformed.ts";
import type { Failure, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { fieldsOf } from "./value.ts";
import { escapeXml } from "./xml.ts";
import { encodeXmlMembers, namespaceAttribute } from "./xml-shape.ts";

/** In what a service's Query differs from the rest. */
export interface QueryDialect {
  /** The member that a path stands for which is not the root: without it an operation is to be found at the root alone. */
  readonly pathMember?: string;
  /** Operations that are to be found at any path. */
  readonly everywhere?: ReadonlySet<string>;
  /** What is written within an error behind its message. */
  readonly errorEnd: string;
  /** What the service's other protocols say otherwise: their sentences, and Query's. */
  readonly messages: Readonly<Record<string, string>>;
  /** Members that JSON calls otherwise, where answers are asked for in it. */
  readonly jsonNames: Readonly<Record<string, string>>;
}

export const PLAIN_QUERY: QueryDialect = { errorEnd: "", messages: {}, jsonNames: {} };

export function queryIn(dialect: QueryDialect): Protocol {
  const { pathMember, everywhere } = dialect;
  return {
    name: "aws-query",
    decodeInput(operation, request) {
      const input = decodeFormInput(operation, request, queryForm);
      const isPlaced = pathMember !== undefined && request.path !== ROOT && operation.input.byName.has(pathMember);
      return isPlaced ? { [pathMember]: request.path, ...input } : input;
    },
    encodeOutput,
    encodeError: (failure, model, requestId) => encodeError(spokenIn(dialect, failure), model, requestId, dialect),
    ...(pathMember !== undefined && {
      isAt: ({ name, input }, path) => path === ROOT || input.byName.has(pathMember) || everywhere?.has(name) === true,
    }),
  };
}

const ROOT = "/";

/** A failure in the words of the dialect. */
export function spokenIn({ messages }: QueryDialect, failure: Failure): Failure {
  const message = messages[failure.message];
  return message === undefined ? failure : { ...failure, message };
}

export const awsQuery: Protocol = queryIn(PLAIN_QUERY);

/** The parameters of a form, which may as well stand in the query. */
export function decodeFormInput(
  { input }: OperationModel,
  { query, body }: WireRequest,
  dialect: FormDialect,
): Record<string, unknown> {
  const form = body.byteLength === 0 ? query : formText(body);
  // Source: https://github.com/boto/boto/issues/309 (the code)
  return underCode("MalformedInput", () => decodeFormMembers(input, parseForm(form), dialect));
}

export const formText = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();

export const headersOf = (type: string, requestId: string): Record<string, string> => ({
  "content-type": type,
  "x-amzn-requestid": requestId,
});

function encodeOutput({ name, output, service }: OperationModel, value: object, requestId: string): WireResponse {
  const members = output === UNIT ? "" : encodeXmlMembers(output, fieldsOf(value), "shortest");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_send_and_receive_messages, run against AWS)
  const whole = members === "" ? `<${name}Result/>` : `<${name}Result>${members}</${name}Result>`;
  const inner = output === UNIT ? "" : whole;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const namespace = namespaceAttribute(service.xmlNamespace);
  return {
    status: 200,
    headers: headersOf("text/xml", requestId),
    body: `<${name}Response${namespace}>${inner}${metadata}</${name}Response>`,
  };
}

function encodeError(
  failure: Failure,
  model: ServiceModel | undefined,
  requestId: string,
  { errorEnd }: QueryDialect,
): WireResponse {
  if (isNameless(failure)) return refusedNameless(requestId);
  const { shape, queryCode, queryStatus, type } = describeFailure(failure, model);
  const fields = shape === undefined ? "" : encodeXmlMembers(shape, failure.fields, "shortest", isMessage);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_set_alarm_invalid_input: without a message there is no element for it)
  const message = failure.message === "" ? "" : `<Message>${escapeXml(failure.message)}</Message>`;
  const error = `<Type>${type}</Type><Code>${escapeXml(queryCode)}</Code>${message}${errorEnd}${fields}`;
  const namespace = namespaceAttribute(model?.xmlNamespace);
  return {
    status: queryStatus,
    headers: headersOf("text/xml", requestId),
    body: `<ErrorResponse${namespace}><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}
