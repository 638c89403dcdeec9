import { findOperation as operationOf } from "../../protocol/route.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { findOperation } from "./find-operation.ts";

/** A browser's form is from here on the call that it means, with the file as its body. */
export function openForm(exchange: Exchange, cloud: Cloud): void | Promise<void> {
  const { arrival, route } = exchange;
  const { forms } = route.protocol;
  if (forms === undefined || arrival.method !== "POST" || !forms.isForm(arrival, route)) return undefined;
  return open(exchange, cloud);
}

async function open(exchange: Exchange, cloud: Cloud): Promise<void> {
  const { arrival, route } = exchange;
  const { forms } = route.protocol;
  if (forms === undefined) return;
  // whatever is wrong with the form is refused in the words of its operation
  exchange.operationRoute = operationOf({ ...route, path: "/-" }, { ...exchange.request, method: "PUT" });
  await findOperation(exchange, cloud);
  const form = await forms.read(arrival, arrival.body);
  const { path, ...head } = forms.meant(form, arrival);
  const { remoteAddress, secure } = arrival;
  exchange.form = form;
  exchange.route = { ...route, path };
  exchange.arrival = { ...head, path, body: form.file, remoteAddress, secure };
  exchange.stream = form.file;
  exchange.operationRoute = operationOf(exchange.route, exchange.request);
}

/** Where the object is: at the address that the form was sent to. */
export function locationOf({ facts, arrival, bucketAtDomain, route: { bucket = "" } }: Exchange): string {
  const isInHost = bucketAtDomain === bucket || (arrival.headers["host"] ?? "").startsWith(`${bucket}.`);
  return `${facts.endpoint}${isInHost ? "" : `/${bucket}`}${arrival.path}`;
}
