import { assert } from "../../kernel/assert.ts";
import { CallContext } from "../call-context.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { Reading } from "../reading.ts";

/**
 * Inside the transaction, where it needs no I/O: a body that is small and there already, or what is in the store. One
 * transaction less.
 */
export async function receivedInPlace(exchange: Exchange, { store }: Cloud): Promise<boolean> {
  const { operation } = exchange.target;
  if (exchange.receivesInPlace) {
    exchange.received = await operation.receive?.(exchange.input, exchange.context);
    return true;
  }
  if (operation.receiveInPlace === undefined || store.shared) return false;
  exchange.received = await operation.receiveInPlace(exchange.input, exchange.context);
  return exchange.received !== undefined;
}

/** Takes a streamed body in, after the caller was let in. */
export async function receive(exchange: Exchange, cloud: Cloud): Promise<void> {
  const { operation } = exchange.target;
  assert(operation.receive !== undefined, "a streaming operation receives");
  const context = new CallContext(exchange, new Reading(cloud.store, exchange.caller), cloud);
  exchange.received = await operation.receive(exchange.input, context);
  exchange.settle();
}
