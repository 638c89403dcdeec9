import { findOperation as operationOf } from "../../protocol/route.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { notImplemented, unknownOperation } from "../failure.ts";

/** Which operation, and the code that does it. */
export async function findOperation(exchange: Exchange, cloud: Cloud): Promise<void> {
  const { arrival, body } = exchange;
  const { method, path, query, headers } = arrival;
  const found = operationOf(exchange.route, { method, path, query, headers, body });
  if (found.kind === "unknown") throw unknownOperation(exchange.route, found.name);
  exchange.route = found.service;
  const service = await cloud.service(found.service.model.id);
  const operation = service?.operations.get(found.operation.name);
  if (service === undefined || operation === undefined) {
    throw notImplemented(found.service.model.id, found.operation.name);
  }
  exchange.target = { service, model: found.operation, operation, labels: found.labels };
}
