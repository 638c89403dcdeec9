import { whenThere } from "../../kernel/soon.ts";
import { findOperation as operationOf } from "../../protocol/route.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { notImplemented, unknownOperation } from "../failure.ts";

/** Which operation, and the code that does it. */
export function findOperation(exchange: Exchange, cloud: Cloud): void | Promise<void> {
  const found = exchange.operationRoute ?? operationOf(exchange.route, exchange.request);
  if (found.kind === "unknown") throw unknownOperation(exchange.route, exchange.arrival.method, found.name);
  exchange.route = found.service;
  return whenThere(cloud.service(found.service.model.id), (service) => {
    const operation = service?.operations.get(found.operation.name);
    if (service === undefined || operation === undefined) {
      throw notImplemented(found.service.model.id, found.operation.name);
    }
    exchange.target = { service, model: found.operation, operation, labels: found.labels };
  });
}
