/**
 * Requests to functions' URLs.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html, urls-auth.html, configuration-response-streaming.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { partitionOf } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Door, DoorAnswer, DoorRequest } from "../../../service/door.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { onPlace } from "../access.ts";
import { AnswerStream } from "../invocation/answer-stream.ts";
import { forbidden, throttled } from "../errors.ts";
import type { FunctionPlace } from "../function/name.ts";
import { requireTarget, type Target } from "../function/row.ts";
import { measured, measureRun } from "../invocation/measured.ts";
import { routed } from "../invocation/routing.ts";
import { traceOf } from "../invocation/trace.ts";
import { run } from "../invocation/run.ts";
import { corsHeaders, isPreflight, preflight } from "./cors.ts";
import { headOf, isHeaderValue, urlAnswer, urlEvent } from "./event.ts";
import { urlHosts, urls, type FunctionUrl } from "./row.ts";

/** What a function's answer is that says its status itself, and then streams. */
const HTTP_RESPONSE = "application/vnd.awslambda.http-integration-response";
const DELIMITER = Buffer.alloc(8);
/** No function has more to say before it begins. */
const PRELUDE_BYTES_MAX = 1024 * 1024;

async function urlAt(host: string, { tx }: Pick<Context, "tx">): Promise<FunctionUrl | undefined> {
  const [id = ""] = host.split(".");
  const found = await tx.get(urlHosts, id);
  return found && tx.in(found).get(urls, found.name, found.qualifier);
}

export const urlDoor: Door = {
  async key({ host }, context) {
    const url = await urlAt(host, context);
    return url && (url.authType === "AWS_IAM" ? "signed" : "open");
  },

  async open(request, context) {
    const url = await urlAt(request.host, context);
    if (url === undefined) throw forbidden();
    const { cors } = url;
    if (cors !== undefined && isPreflight(request)) return preflight(request, cors);
    const place = placeOf(url, context);
    await requireAllowed(place, url, context);
    const answer = await answerOf(request, { url, place }, context);
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(request, cors) } };
  },
};

function placeOf({ name, qualifier, account, region }: FunctionUrl, { tx }: Context): FunctionPlace {
  return {
    name,
    qualifier: qualifier === "" ? undefined : qualifier,
    account,
    region,
    partition: partitionOf(region),
    tx: tx.in({ account, region }),
  };
}

/** Both rights are needed: to use the URL, and to invoke by way of it. @throws {AwsError} */
async function requireAllowed(place: FunctionPlace, { authType }: FunctionUrl, context: Context): Promise<void> {
  const keys = { "lambda:FunctionUrlAuthType": authType, "lambda:InvokedViaFunctionUrl": "true" };
  for (const action of ["InvokeFunctionUrl", "InvokeFunction"] as const) {
    const { decision } = await context.decide(await onPlace(action, place, { keys }));
    if (decision === "deny") throw forbidden();
  }
}

interface Addressed {
  readonly url: FunctionUrl;
  readonly place: FunctionPlace;
}

async function answerOf(request: DoorRequest, { url, place }: Addressed, context: ErrandContext): Promise<DoorAnswer> {
  const target = await routed(await requireTarget(place), context);
  const payload = Buffer.from(JSON.stringify(urlEvent(request, url, context)), "utf8");
  const asked = {
    target,
    qualifier: place.qualifier,
    requestId: context.requestId,
    payload,
    traceId: traceOf(context),
  };
  return url.invokeMode === "RESPONSE_STREAM" ? streamed(asked, context) : buffered(asked, context);
}

interface Asked {
  readonly target: Target;
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly traceId: string;
}

async function buffered(asked: Asked, context: ErrandContext): Promise<DoorAnswer> {
  const ran = await run(asked, context);
  await context.transact(async (inner) => measureRun(asked.target, ran, inner));
  if (ran.kind === "throttled") throw throttled("ConcurrentInvocationLimitExceeded");
  if (ran.failed) return FAILED;
  if (ran.contentType !== HTTP_RESPONSE) return asAnswer(ran.payload);
  const bytes = Buffer.from(ran.payload);
  const at = bytes.indexOf(DELIMITER);
  if (at < 0) return FAILED;
  const head = preludeOf(bytes.subarray(0, at));
  return head === undefined ? FAILED : { ...head, body: bytes.subarray(at + DELIMITER.length) };
}

function asAnswer(payload: Uint8Array): DoorAnswer {
  try {
    return urlAnswer(payload) ?? FAILED;
  } catch (error) {
    // a runtime of the user's may answer what is no JSON
    if (error instanceof SyntaxError) return FAILED;
    throw error;
  }
}

const FAILED: DoorAnswer = { status: 502, headers: { "content-type": "text/plain" }, body: "Internal Server Error" };

/** The answer goes out while the function makes it. */
async function streamed(asked: Asked, context: ErrandContext): Promise<DoorAnswer> {
  const stream = new AnswerStream();
  const running = run({ ...asked, onPiece: (piece, type) => stream.take(piece, type) }, context);
  stream.endWith(measured(running, asked.target, context));
  const begun = await stream.begun;
  if (begun.kind === "throttled") throw throttled("ConcurrentInvocationLimitExceeded");
  const pieces = stream.pieces();
  if (begun.contentType !== HTTP_RESPONSE) {
    if (begun.failed) return FAILED;
    const type = isHeaderValue(begun.contentType) ? begun.contentType : "application/octet-stream";
    return { status: 200, headers: { "content-type": type }, body: pieces };
  }
  const { prelude, rest } = await splitPrelude(pieces);
  const head = preludeOf(prelude);
  return head === undefined ? FAILED : { ...head, body: rest };
}

/** `undefined`: the function says nothing that an answer could begin with. */
function preludeOf(prelude: Uint8Array): Omit<DoorAnswer, "body"> | undefined {
  try {
    return headOf(JSON.parse(Buffer.from(prelude).toString("utf8")));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function splitPrelude(pieces: AsyncGenerator<Uint8Array>) {
  let held = Buffer.alloc(0);
  for (let at = -1; at < 0;) {
    const { value, done } = await pieces.next();
    if (done === true || value === undefined || held.byteLength > PRELUDE_BYTES_MAX)
      throw new AwsError("BadGateway", "Internal Server Error");
    held = Buffer.concat([held, value]);
    at = held.indexOf(DELIMITER);
    if (at >= 0) return { prelude: held.subarray(0, at), rest: joined(held.subarray(at + DELIMITER.length), pieces) };
  }
  throw new AwsError("BadGateway", "Internal Server Error");
}

async function* joined(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.byteLength > 0) yield first;
  yield* rest;
}
