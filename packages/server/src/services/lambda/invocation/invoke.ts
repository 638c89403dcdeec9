/**
 * Invocations: waited for, queued, or only asked about.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { isJson } from "../../../kernel/json-text.ts";
import { collectAtMost } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import { onQualified } from "../access.ts";
import { enqueue } from "../asynchronous/asynchronous.ts";
import { clientContextNoJson, notBuilt, payloadTooLarge, throttled } from "../errors.ts";
import { LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { requireTarget, type Target } from "../function/row.ts";
import { AnswerStream } from "./answer-stream.ts";
import { streaming } from "../kit.ts";
import { ASYNCHRONOUS_BYTES_MAX, SYNCHRONOUS_BYTES_MAX } from "../limits.ts";
import { measured, measureRun } from "./measured.ts";
import { requireJson } from "./payload.ts";
import { routed } from "./routing.ts";
import { run, type Ran } from "./run.ts";
import { traceOf } from "./trace.ts";

const NOTHING = new Uint8Array();

/** A validated blob is bytes; the SDK would take more. */
const bytesOf = (payload: unknown): Uint8Array => (payload instanceof Uint8Array ? payload : NOTHING);

interface Performed {
  readonly target: Target;
  /** `undefined`: it was not run in this call. */
  readonly ran: Ran | undefined;
}

export const invoke = streaming("Invoke", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("InvokeFunction", { name: FunctionName, qualifier: Qualifier }, context),

  async receive(input, context): Promise<Performed> {
    const { FunctionName, Qualifier, InvocationType = "RequestResponse", Payload, ...more } = input;
    if (more.DurableExecutionName !== undefined) throw notBuilt("A durable function");
    if (more.TenantId !== undefined) throw notBuilt("The isolation of tenants");
    const place = placeOf(FunctionName, context, Qualifier);
    const target = await routed(await requireInvoked(place), context);
    requirePayload(bytesOf(Payload), InvocationType);
    if (InvocationType !== "RequestResponse") return { target, ran: undefined };
    const asked = { clientContext: clientContextOf(more.ClientContext), tail: more.LogType === "Tail" };
    const ran = await perform({ place, target, payload: bytesOf(Payload), ...asked }, context);
    return { target, ran };
  },

  async handle(input, context, { target, ran }) {
    const { InvocationType = "RequestResponse", FunctionName, Qualifier, Payload, ClientContext } = input;
    if (InvocationType === "DryRun") return { StatusCode: 204 };
    if (ran === undefined) {
      const place = placeOf(FunctionName, context, Qualifier);
      await enqueue({ place, payload: bytesOf(Payload), clientContext: clientContextOf(ClientContext) }, context);
      return { StatusCode: 202 };
    }
    if (ran.kind === "throttled") {
      // the refusal undoes what is measured with it
      context.onceAnswered("throttle", async (_, later) => measureRun(target, ran, later));
      throw throttled(limitOf(ran));
    }
    measureRun(target, ran, context);
    return {
      StatusCode: 200,
      ExecutedVersion: target.configuration.version,
      Payload: ran.payload,
      ...(ran.failed && { FunctionError: "Unhandled" }),
      ...(ran.tail !== "" && { LogResult: ran.tail }),
    };
  },
});

const limitOf = ({ reserved }: { readonly reserved: boolean }) =>
  reserved ? "ReservedFunctionConcurrentInvocationLimitExceeded" : "ConcurrentInvocationLimitExceeded";

/** What is invoked without a qualifier is `$LATEST`, and missed as that. @throws {AwsError} */
const requireInvoked = (place: FunctionPlace): Promise<Target> =>
  requireTarget({ ...place, qualifier: place.qualifier ?? LATEST });

interface Asked {
  readonly place: FunctionPlace;
  readonly target: Target;
  readonly payload: Uint8Array;
  readonly clientContext?: string | undefined;
  readonly tail?: boolean;
  readonly onPiece?: (piece: Uint8Array, contentType: string) => void;
}

const perform = ({ place: { qualifier }, ...asked }: Asked, context: Context): Promise<Ran> =>
  run({ ...asked, qualifier, requestId: context.requestId, traceId: traceOf(context) }, context);

/** @throws {AwsError} it is too large, or no JSON. */
function requirePayload(payload: Uint8Array, type: "Event" | "RequestResponse" | "DryRun"): void {
  const kind = type === "Event" ? "Event" : "RequestResponse";
  const max = kind === "Event" ? ASYNCHRONOUS_BYTES_MAX : SYNCHRONOUS_BYTES_MAX;
  if (payload.byteLength > max) throw payloadTooLarge(kind);
  if (payload.byteLength > 0) requireJson(payload);
}

/** As JSON: it comes in base64. @throws {AwsError} `InvalidRequestContentException` */
function clientContextOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const text = Buffer.from(given, "base64").toString("utf8");
  if (!isJson(text) || !text.trimStart().startsWith("{")) throw clientContextNoJson();
  return text;
}

/** The older way to queue an invocation. Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html */
export const invokeAsync = streaming("InvokeAsync", {
  authorize: ({ FunctionName }, context) =>
    onQualified("InvokeAsync", { name: FunctionName, qualifier: undefined }, context),

  async receive({ FunctionName }, context) {
    const payload = await collectAtMost(context.request.body, ASYNCHRONOUS_BYTES_MAX);
    if (payload === undefined) throw payloadTooLarge("Event");
    requirePayload(payload, "Event");
    const place = placeOf(FunctionName, context);
    await requireInvoked(place);
    return { place, payload };
  },

  async handle(_input, context, { place, payload }) {
    await enqueue({ place, payload, clientContext: undefined }, context);
    return { Status: 202 };
  },
});

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html */
export const invokeWithResponseStream = streaming("InvokeWithResponseStream", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("InvokeFunction", { name: FunctionName, qualifier: Qualifier }, context),

  async receive(input, context) {
    const { FunctionName, Qualifier, InvocationType, Payload, LogType, ClientContext } = input;
    if (input.TenantId !== undefined) throw notBuilt("The isolation of tenants");
    const place = placeOf(FunctionName, context, Qualifier);
    const target = await routed(await requireInvoked(place), context);
    requirePayload(bytesOf(Payload), "RequestResponse");
    if (InvocationType === "DryRun") return undefined;
    const stream = new AnswerStream();
    const asked = {
      place,
      target,
      payload: bytesOf(Payload),
      clientContext: clientContextOf(ClientContext),
      tail: LogType === "Tail",
    };
    const ran = perform({ ...asked, onPiece: (piece, type) => stream.take(piece, type) }, context);
    stream.endWith(measured(ran, target, context));
    const begun = await stream.begun;
    if (begun.kind === "throttled") throw throttled(limitOf(begun));
    return { target, stream, contentType: begun.contentType };
  },

  async handle(_input, _context, streamed) {
    if (streamed === undefined) return { StatusCode: 204, EventStream: undefined };
    const { target, stream, contentType } = streamed;
    return {
      StatusCode: 200,
      ExecutedVersion: target.configuration.version,
      ResponseStreamContentType: contentType,
      EventStream: stream.events(),
    };
  },
});
