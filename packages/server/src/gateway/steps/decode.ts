import { validateInput } from "../../protocol/validate.ts";
import type { Exchange } from "../exchange.ts";

/** The input, typed and held to the model's constraints. */
export function decode(exchange: Exchange): void {
  const { request, route, target } = exchange;
  const input = route.protocol.decodeInput(target.model, request, target.labels);
  validateInput(target.model, input, route.protocol);
  exchange.input = input;
}
