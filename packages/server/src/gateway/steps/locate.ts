import { locate as originOf } from "../../network/origin.ts";
import type { Exchange } from "../exchange.ts";

export function locate(exchange: Exchange): void {
  exchange.origin = originOf(exchange.arrival.remoteAddress);
}
