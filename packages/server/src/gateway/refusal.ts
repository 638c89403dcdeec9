import type { WireResponse } from "../protocol/protocol.ts";
import { likelyProtocol } from "../protocol/route.ts";
import type { Caller } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { pageHeaders } from "./cross-origin.ts";
import type { Exchange } from "./exchange.ts";
import { failureOf } from "./failure.ts";
import { noteUse, recordOf, useOf } from "./steps/record.ts";

/** The answer to a call that failed, recorded like any other. */
export async function refuse(error: unknown, exchange: Exchange, cloud: Cloud): Promise<WireResponse> {
  const failure = failureOf(error, exchange);
  exchange.errorCode = failure.code;
  if ((failure.status ?? 400) >= 500 && failure.code !== "NotImplemented") cloud.report(error, exchange.requestId);
  if (exchange.foundTarget !== undefined) {
    for (const each of [...exchange.lastingInnerRecords, recordOf(exchange, cloud, failure)])
      cloud.journal.append(each);
    if (exchange.foundCaller !== undefined) await leaveBehind(exchange, exchange.foundCaller, cloud);
  }
  const route = exchange.foundRoute;
  const protocol = route?.protocol ?? likelyProtocol(exchange.arrival);
  return finish(protocol.encodeError(failure, route?.model, exchange.requestId), exchange);
}

/** What cannot be written is ours to hear of, and no reason to answer otherwise. */
async function leaveBehind(exchange: Exchange, { account, region }: Caller, cloud: Cloud): Promise<void> {
  try {
    await cloud.store.transact({ account, region }, async (tx) => {
      await noteUse(useOf(exchange), cloud, tx);
      for (const work of exchange.aftermaths) await work(tx);
    });
  } catch (error) {
    cloud.report(error, exchange.requestId);
  }
}

/** What every answer carries: for the curious, the decision in one line; for a page's browser, that the page may read it. */
export function finish(response: WireResponse, exchange: Exchange): WireResponse {
  const line = exchange.decisionLine();
  if (line !== undefined) response.headers["x-kumobako-decision"] = line;
  Object.assign(response.headers, pageHeaders(exchange));
  return response;
}
