import { findService } from "../../protocol/route.ts";
import type { Arrival } from "../arrival.ts";
import type { Exchange } from "../exchange.ts";
import { unknownService } from "../failure.ts";

/** Which service and protocol: from the head alone, so that from here on errors can be encoded. */
export function route(exchange: Exchange): void {
  const { arrival, bucketAtDomain } = exchange;
  const signingName = signingNameOf(arrival);
  const found = findService(arrival, signingName, bucketAtDomain);
  if (found === undefined) throw unknownService(signingName);
  exchange.route = found;
  exchange.requestId = found.protocol.requestIdOf?.(exchange.requestId) ?? exchange.requestId;
}

/** The service that a version 4 signature is scoped to. */
function signingNameOf({ headers, query }: Pick<Arrival, "headers" | "query">): string | undefined {
  const authorization = headers["authorization"];
  if (authorization !== undefined) return /Credential=[^/]+\/\d{8}\/[^/]*\/([^/]+)\//.exec(authorization)?.[1];
  return /X-Amz-Credential=[^&]*?(?:%2F|\/)\d{8}(?:%2F|\/)[^&/%]*(?:%2F|\/)([^&/%]+)(?:%2F|\/)/i.exec(query)?.[1];
}
