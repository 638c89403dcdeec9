import type { Exchange } from "../exchange.ts";
import type { FormUpload, WireResponse } from "../../protocol/protocol.ts";
import { finish } from "../refusal.ts";
import { locationOf } from "./open-form.ts";

function formAnswer(form: FormUpload, response: WireResponse, exchange: Exchange): WireResponse {
  const { bucket = "", protocol } = exchange.route;
  return protocol.forms?.answer(form, { bucket, location: locationOf(exchange) }, response) ?? response;
}

export function encode(exchange: Exchange): void {
  const { route, target, output, requestId, form } = exchange;
  const response = route.protocol.encodeOutput(target.model, output, requestId);
  exchange.response = finish(form === undefined ? response : formAnswer(form, response, exchange), exchange);
}
