import { NOWHERE } from "../kernel/table.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import { likelyProtocol } from "../protocol/route.ts";
import type { Cloud } from "./cloud.ts";
import type { Exchange } from "./exchange.ts";
import { failureOf } from "./failure.ts";
import { failedInside, noteUse, recordOf, useOf } from "./steps/record.ts";

/** The answer to a call that failed, recorded like any other. */
export async function refuse(error: unknown, exchange: Exchange, cloud: Cloud): Promise<WireResponse> {
  const failure = failureOf(error, exchange);
  if ((failure.status ?? 400) >= 500 && failure.code !== "NotImplemented") cloud.report(error, exchange.requestId);
  if (exchange.foundTarget !== undefined) {
    for (const each of [...failedInside(exchange), recordOf(exchange, failure)]) cloud.journal.append(each);
    if (exchange.foundCaller !== undefined) await noteAttempt(exchange, cloud);
  }
  const route = exchange.foundRoute;
  const protocol = route?.protocol ?? likelyProtocol(exchange.arrival);
  return finish(protocol.encodeError(failure, route?.model, exchange.requestId), exchange);
}

/** A use that cannot be noted is ours to hear of, and no reason to answer otherwise. */
async function noteAttempt(exchange: Exchange, cloud: Cloud): Promise<void> {
  try {
    await cloud.store.transact(NOWHERE, (tx) => noteUse(useOf(exchange), cloud, tx));
  } catch (error) {
    cloud.report(error, exchange.requestId);
  }
}

/** What every answer carries: for the curious, the decision in one line. */
export function finish(response: WireResponse, exchange: Exchange): WireResponse {
  const line = exchange.decisionLine();
  if (line !== undefined) response.headers["x-kumobako-decision"] = line;
  return response;
}
