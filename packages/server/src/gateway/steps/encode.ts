import type { Exchange } from "../exchange.ts";
import { finish } from "../refusal.ts";

export function encode(exchange: Exchange): void {
  const { route, target, output, requestId } = exchange;
  exchange.response = finish(route.protocol.encodeOutput(target.model, output, requestId), exchange);
}
