import { validateInput } from "../../protocol/validate.ts";
import type { Exchange } from "../exchange.ts";

/** The input, typed and held to the model's constraints. */
export function decode(exchange: Exchange): void {
  const { arrival, body, route, target } = exchange;
  const { method, path, query, headers } = arrival;
  const input = route.protocol.decodeInput(target.model, { method, path, query, headers, body }, target.labels);
  validateInput(target.model, input, route.protocol);
  exchange.input = input;
}
