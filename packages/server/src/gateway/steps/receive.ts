import { assert } from "../../kernel/assert.ts";
import { CallContext } from "../call-context.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { Reading } from "../reading.ts";

/** Takes a streamed body in, after the caller was let in. */
export async function receive(exchange: Exchange, cloud: Cloud): Promise<void> {
  const { operation } = exchange.target;
  assert(operation.receive !== undefined, "a streaming operation receives");
  if (exchange.receivesInPlace) {
    exchange.received = await operation.receive(exchange.input, exchange.context);
    return;
  }
  const context = new CallContext(exchange, new Reading(cloud.store, exchange.caller), cloud);
  exchange.received = await operation.receive(exchange.input, context);
  exchange.settle();
}
