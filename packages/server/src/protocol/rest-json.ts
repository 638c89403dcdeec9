/** REST with JSON bodies. Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
import { SizedStream } from "../kernel/bytes.ts";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import type { Member, StructureShape } from "../model/shape.ts";
import { encodeEventStream, EVENT_STREAM_TYPE } from "./event-stream.ts";
import { describeFailure, isMessage, isNameless, messageName, refusedNameless } from "./failure.ts";
import { bindingsOfInput, bindingsOfOutput, decodeBound, encodeBound } from "./http-binding.ts";
import { byJsonName, decodeJson, decodeMembers, encodeJson, encodeMembers, parseJson } from "./json.ts";
import type { Failure, Labels, Protocol, WireRequest, WireResponse } from "./protocol.ts";
import { bytesOf, fieldsOf, isByteStream, type Fields } from "./value.ts";

export const restJson: Protocol = { name: "rest-json", decodeInput, encodeOutput, encodeError };

function decodeInput(operation: OperationModel, request: WireRequest, labels: Labels): Record<string, unknown> {
  const input = decodeBound(operation, request, labels);
  const { payload, hasBody, isBound } = bindingsOfInput(operation.input);
  if (request.body.byteLength === 0) return input;
  if (payload !== undefined) {
    if (payload !== operation.streamingInput) input[payload.name] = decodePayload(payload, request.body);
  } else if (hasBody) {
    Object.assign(
      input,
      decodeMembers(operation.input, parseJson(request.body, operation.input), { naming: byJsonName, skip: isBound }),
    );
  }
  return input;
}

function decodePayload({ shape }: Member, body: Uint8Array): unknown {
  if (shape.kind === "blob") return body;
  if (shape.kind === "string") return Buffer.from(body).toString();
  return decodeJson(shape, parseJson(body, shape), byJsonName);
}

/** Bytes to the model, and JSON to who gets them. Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const JSON_PAYLOADS: ReadonlySet<string> = new Set(["Invoke"]);

function encodeOutput(operation: OperationModel, value: object, requestId: string): WireResponse {
  const output = fieldsOf(value);
  const headers: Record<string, string> = { "x-amzn-requestid": requestId };
  const status = encodeBound(operation.output, output, headers) ?? operation.http?.status ?? 200;
  const { payload, hasBody, isBound } = bindingsOfOutput(operation.output);
  if (payload !== undefined) {
    if (JSON_PAYLOADS.has(operation.name)) headers["content-type"] ??= "application/json";
    return { status, headers, body: encodePayload(payload, output[payload.name], headers) };
  }
  headers["content-type"] ??= "application/json";
  const body = hasBody ? JSON.stringify(encodeMembers(operation.output, output, byJsonName, isBound)) : undefined;
  return { status, headers, body };
}

function encodePayload({ shape }: Member, value: unknown, headers: Record<string, string>): WireResponse["body"] {
  if (value === undefined || value === null) return undefined;
  if (shape.kind === "blob" || shape.kind === "string") {
    headers["content-type"] ??= shape.kind === "blob" ? "application/octet-stream" : "text/plain";
    if (value instanceof SizedStream) headers["content-length"] = String(value.size);
    return isByteStream(value) ? value : bytesOf(value);
  }
  if (shape.kind === "union" && shape.traits.streaming !== undefined) {
    headers["content-type"] = EVENT_STREAM_TYPE;
    return encodeEventStream(shape, value, {
      contentType: "application/json",
      payload: (event, fields) => Buffer.from(JSON.stringify(encodeJson(event, fields, byJsonName))),
    });
  }
  headers["content-type"] ??= "application/json";
  return JSON.stringify(encodeJson(shape, value, byJsonName));
}

function encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse {
  if (isNameless(failure)) return refusedNameless(requestId);
  const { shape, name, status } = describeFailure(failure, model);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-amzn-requestid": requestId,
    "x-amzn-errortype": name,
  };
  let fields: Fields = {};
  if (shape !== undefined) {
    encodeBound(shape, failure.fields, headers);
    const { isBound } = bindingsOfOutput(shape);
    fields = encodeMembers(shape, failure.fields, byJsonName, (member) => isBound(member) || isMessage(member));
  }
  const message = isMessageless(shape, failure) ? {} : { [messageName(shape)]: failure.message };
  return { status, headers, body: JSON.stringify({ ...fields, ...message }) };
}

/** OAuth's errors have members of their own, and no message. */
const isMessageless = (shape: StructureShape | undefined, { message }: Failure): boolean =>
  message === "" && shape !== undefined && !shape.members.some(isMessage);
