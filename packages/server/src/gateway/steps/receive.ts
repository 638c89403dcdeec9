import { assert } from "../../kernel/assert.ts";
import type { Exchange } from "../exchange.ts";

/** Takes a streamed body in, after the caller was let in. */
export async function receive(exchange: Exchange): Promise<void> {
  const { operation } = exchange.target;
  assert(operation.receive !== undefined, "a streaming operation receives");
  exchange.received = await operation.receive(exchange.input, exchange.context);
}
