import { AwsError } from "../../kernel/aws-error.ts";
import { collectAtMost, held } from "../../kernel/bytes.ts";
import { findOperation } from "../../protocol/route.ts";
import type { Arrival } from "../arrival.ts";
import type { Exchange } from "../exchange.ts";
import { BUFFERED_BODY_BYTES_MAX } from "../limits.ts";

const NOTHING = new Uint8Array();

/** Holds the whole body, within a limit, unless the operation takes it as a stream. */
export async function takeBody(exchange: Exchange): Promise<void> {
  if (streams(exchange)) return;
  exchange.body = await hold(exchange.arrival);
  exchange.stream = held(exchange.body);
}

function streams({ route, arrival }: Exchange): boolean {
  if (!route.protocol.name.startsWith("rest-")) return false;
  const { method, path, query, headers } = arrival;
  const found = findOperation(route, { method, path, query, headers, body: NOTHING });
  return found?.kind === "found" && found.operation.streamingInput !== undefined;
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
