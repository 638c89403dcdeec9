import { promisify } from "node:util";
import { gunzip as zlibGunzip, type ZlibOptions } from "node:zlib";
import { AwsError } from "../../kernel/aws-error.ts";
import { collectAtMost, held, HeldBytes } from "../../kernel/bytes.ts";
import { Malformed } from "../../protocol/malformed.ts";
import { findOperation } from "../../protocol/route.ts";
import { NO_BODY, type Arrival } from "../arrival.ts";
import type { Exchange } from "../exchange.ts";
import { BUFFERED_BODY_BYTES_MAX, STREAMED_BODY_BYTES_HELD } from "../limits.ts";

/** Holds the whole body, within a limit, unless the operation takes it as a stream and it is large. */
export function takeBody(exchange: Exchange): void | Promise<void> {
  const { arrival } = exchange;
  if (arrival.body === NO_BODY) return undefined;
  const flows = streams(exchange);
  if (arrival.body instanceof HeldBytes) return put(exchange, arrival.body, flows);
  if (flows && !isSmall(arrival)) return undefined;
  return hold(arrival).then((body) => put(exchange, held(body), flows));
}

function put(exchange: Exchange, stream: HeldBytes, flows: boolean): void | Promise<void> {
  exchange.stream = stream;
  if (flows) {
    exchange.heldStream = stream;
    return;
  }
  exchange.body = stream.take();
  return isCompressed(exchange) ? expandIn(exchange) : undefined;
}

async function expandIn(exchange: Exchange): Promise<void> {
  exchange.plainBody = await expand(exchange.body);
}

/** SDKs compress the large calls of some services. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html */
const isCompressed = ({ arrival, route }: Exchange): boolean =>
  arrival.headers["content-encoding"] === "gzip" && !route.protocol.name.startsWith("rest-");

const gunzip = promisify<Uint8Array, ZlibOptions, Uint8Array>(zlibGunzip);

async function expand(body: Uint8Array): Promise<Uint8Array> {
  try {
    return await gunzip(body, { maxOutputLength: BUFFERED_BODY_BYTES_MAX });
  } catch {
    throw new Malformed("The request body is not compressed with gzip, or too large without it.");
  }
}

function streams(exchange: Exchange): boolean {
  if (!exchange.route.protocol.name.startsWith("rest-")) return false;
  // for these protocols the head suffices
  const found = findOperation(exchange.route, exchange.request);
  exchange.operationRoute = found;
  return found.kind === "found" && found.operation.streamingInput !== undefined;
}

/** Whose client waits to be told to send the body is told only once it was let in. */
function isSmall({ headers }: Arrival): boolean {
  const declared = headers["content-length"];
  return declared !== undefined && Number(declared) <= STREAMED_BODY_BYTES_HELD && headers["expect"] === undefined;
}

async function hold(arrival: Arrival): Promise<Uint8Array> {
  const declared = Number(arrival.headers["content-length"] ?? 0);
  if (declared > BUFFERED_BODY_BYTES_MAX) throw tooLarge();
  const body = await (arrival.hold?.(BUFFERED_BODY_BYTES_MAX) ?? collectAtMost(arrival.body, BUFFERED_BODY_BYTES_MAX));
  if (body === undefined) throw tooLarge();
  if (body.byteLength >= declared) return body;
  throw new AwsError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
}

const tooLarge = (): AwsError =>
  new AwsError("RequestEntityTooLarge", `Request body is larger than ${BUFFERED_BODY_BYTES_MAX} bytes.`);
