/** AWS Query: forms in, XML out. Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { UNIT } from "../model/shape.ts";
import { describeFailure, isMessage } from "./failure.ts";
import { parseForm } from "./form.ts";
import { decodeFormMembers, queryForm, type FormDialect } from "./form-shape.ts";
import { underCode } from "./malformed.ts";
import type { Failure, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { fieldsOf } from "./value.ts";
import { escapeXml } from "./xml.ts";
import { encodeXmlMembers, namespaceAttribute } from "./xml-shape.ts";

export const awsQuery: Protocol = {
  name: "aws-query",
  decodeInput: (operation, request) => decodeFormInput(operation, request, queryForm),
  encodeOutput,
  encodeError,
};

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

function encodeOutput({ name, output, service }: OperationModel, value: object, requestId: string): WireResponse {
  const members = output === UNIT ? "" : encodeXmlMembers(output, fieldsOf(value), "shortest");
  const inner = output === UNIT ? "" : `<${name}Result>${members}</${name}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const namespace = namespaceAttribute(service.xmlNamespace);
  return {
    status: 200,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: `<${name}Response${namespace}>${inner}${metadata}</${name}Response>`,
  };
}

function encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse {
  const { shape, queryCode, queryStatus, type } = describeFailure(failure, model);
  const fields = shape === undefined ? "" : encodeXmlMembers(shape, failure.fields, "shortest", isMessage);
  const error =
    `<Type>${type}</Type><Code>${escapeXml(queryCode)}</Code>` +
    `<Message>${escapeXml(failure.message)}</Message>${fields}`;
  const namespace = namespaceAttribute(model?.xmlNamespace);
  return {
    status: queryStatus,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: `<ErrorResponse${namespace}><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}
