/** EC2's own Query protocol. Source: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { decodeFormInput } from "./aws-query.ts";
import { describeFailure } from "./failure.ts";
import { ec2Form } from "./form-shape.ts";
import type { Failure, Protocol, WireResponse } from "./protocol.ts";
import { fieldsOf } from "./value.ts";
import { escapeXml } from "./xml.ts";
import { encodeXmlMembers } from "./xml-shape.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const CONTENT_TYPE = "text/xml;charset=UTF-8";

export const ec2Query: Protocol = {
  name: "ec2-query",
  decodeInput: (operation, request) => decodeFormInput(operation, request, ec2Form),
  encodeOutput,
  encodeError,
};

function encodeOutput({ name, output, service }: OperationModel, value: object, requestId: string): WireResponse {
  const members = encodeXmlMembers(output, fieldsOf(value), "shortest");
  const inner = `<requestId>${requestId}</requestId>${members}`;
  return {
    status: 200,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId },
    body: `${DECLARATION}<${name}Response xmlns="${service.xmlNamespace ?? ""}/">${inner}</${name}Response>`,
  };
}

function encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse {
  const { queryCode, queryStatus } = describeFailure(failure, model);
  const error = `<Code>${escapeXml(queryCode)}</Code><Message>${escapeXml(failure.message)}</Message>`;
  return {
    status: queryStatus,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId },
    body: `${DECLARATION}<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  };
}
