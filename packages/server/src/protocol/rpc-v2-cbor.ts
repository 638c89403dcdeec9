/** Smithy's RPC over CBOR. Source: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { formatCbor, parseCbor } from "./cbor.ts";
import { decodeCborMembers, encodeCbor, encodeCborMembers } from "./cbor-shape.ts";
import { encodeEventStream, EVENT_STREAM_TYPE } from "./event-stream.ts";
import { describeFailure, isMessage, messageName, queryErrorHeader } from "./failure.ts";
import type { Failure, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { fieldsOf } from "./value.ts";

const CONTENT_TYPE = "application/cbor";

export const rpcV2Cbor: Protocol = { name: "rpc-v2-cbor", decodeInput, encodeOutput, encodeError };

function decodeInput({ input }: OperationModel, { body }: WireRequest): Record<string, unknown> {
  return body.byteLength === 0 ? {} : decodeCborMembers(input, parseCbor(body));
}

function encodeOutput(operation: OperationModel, value: object, requestId: string): WireResponse {
  const output = fieldsOf(value);
  const stream = operation.streamingOutput;
  const first = formatCbor(encodeCborMembers(operation.output, output, (member) => member === stream));
  const headers = { "smithy-protocol": "rpc-v2-cbor", "x-amzn-requestid": requestId };
  if (stream === undefined) return { status: 200, headers: { "content-type": CONTENT_TYPE, ...headers }, body: first };
  const body = encodeEventStream(stream.shape, output[stream.name], {
    contentType: CONTENT_TYPE,
    payload: (shape, fields) => formatCbor(encodeCbor(shape, fields)),
    initial: { contentType: CONTENT_TYPE, payload: first },
  });
  return { status: 200, headers: { "content-type": EVENT_STREAM_TYPE, ...headers }, body };
}

function encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse {
  const described = describeFailure(failure, model);
  const { shape, name, rpcStatus: status } = described;
  const namespace = shape === undefined || model === undefined ? "com.amazon.coral.service" : model.namespace;
  const fields = shape === undefined ? {} : encodeCborMembers(shape, failure.fields, isMessage);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_exception_serializing_with_no_shape_in_spec: without a message there is no member for it)
  const message = failure.message === "" ? {} : { [messageName(shape)]: failure.message };
  return {
    status,
    headers: {
      "content-type": CONTENT_TYPE,
      "smithy-protocol": "rpc-v2-cbor",
      "x-amzn-requestid": requestId,
      ...queryErrorHeader(described, model),
    },
    body: formatCbor({ __type: `${namespace}#${name}`, ...fields, ...message }),
  };
}
