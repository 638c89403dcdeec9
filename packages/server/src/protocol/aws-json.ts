/** AWS JSON 1.0 and 1.1. Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { UNIT } from "../model/shape.ts";
import { EVENT_STREAM_TYPE, encodeEventStream } from "./event-stream.ts";
import { describeFailure, isMessage, messageName, queryErrorHeader } from "./failure.ts";
import { byMemberName, decodeMembers, encodeJson, encodeMembers, parseJson } from "./json.ts";
import type { Failure, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { fieldsOf, type Fields } from "./value.ts";

export const awsJson10: Protocol = awsJson("1.0");
export const awsJson11: Protocol = awsJson("1.1");

function awsJson(version: "1.0" | "1.1"): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    name: `aws-json-${version}`,
    decodeInput,
    encodeOutput: (operation, output, requestId) => encodeOutput(operation, fieldsOf(output), contentType, requestId),
    encodeError: (failure, model, requestId) => ({
      ...encodeError(failure, model, version),
      headers: {
        "content-type": contentType,
        "x-amzn-requestid": requestId,
        ...queryErrorHeader(describeFailure(failure, model), model),
      },
    }),
  };
}

function decodeInput({ input }: OperationModel, { body }: WireRequest): Record<string, unknown> {
  if (input === UNIT && body.byteLength === 0) return {};
  return decodeMembers(input, parseJson(body, input), { naming: byMemberName });
}

function encodeOutput(operation: OperationModel, output: Fields, contentType: string, requestId: string): WireResponse {
  const stream = operation.streamingOutput;
  const first = JSON.stringify(encodeMembers(operation.output, output, byMemberName, (member) => member === stream));
  if (stream === undefined) {
    return { status: 200, headers: { "content-type": contentType, "x-amzn-requestid": requestId }, body: first };
  }
  const body = encodeEventStream(stream.shape, output[stream.name], {
    contentType: "application/json",
    payload: (shape, value) => Buffer.from(JSON.stringify(encodeJson(shape, value, byMemberName))),
    initial: { contentType, payload: Buffer.from(first) },
  });
  return { status: 200, headers: { "content-type": EVENT_STREAM_TYPE, "x-amzn-requestid": requestId }, body };
}

function encodeError(
  failure: Failure,
  model: ServiceModel | undefined,
  version: "1.0" | "1.1",
): Pick<WireResponse, "status" | "body"> {
  const { shape, name, rpcStatus: status } = describeFailure(failure, model);
  const type = version === "1.0" ? `${namespaceOf(failure, shape === undefined ? undefined : model)}#${name}` : name;
  const fields = shape === undefined ? {} : encodeMembers(shape, failure.fields, byMemberName, isMessage);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (test_invalid_verify_mac: without a message there is no member for it)
  const message = failure.message === "" ? {} : { [messageName(shape)]: failure.message };
  return { status, body: JSON.stringify({ __type: type, ...fields, ...message }) };
}

/** Errors that no model has come from AWS's framework and are named after it. */
function namespaceOf({ code }: Failure, model: ServiceModel | undefined): string {
  if (model !== undefined) return model.namespace;
  return code === "ValidationException" ? "com.amazon.coral.validate" : "com.amazon.coral.service";
}
