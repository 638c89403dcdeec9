/** What services tell of calls once their answers are known: behind the call, and before its client hears. */
import type { WireResponse } from "../protocol/protocol.ts";
import type { Answered } from "../service/answered.ts";
import { CallContext } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import type { Exchange } from "./exchange.ts";
import { ownContext } from "./own-context.ts";

/** Never throws: what cannot be told is ours to hear of, and changes nothing for the client. */
export async function tellAfterwards(response: WireResponse, exchange: Exchange, cloud: Cloud): Promise<void> {
  const answered = answeredOf(response, exchange, cloud);
  for (const work of exchange.afterwords?.values() ?? []) {
    try {
      await cloud.store.transact(exchange.caller, (tx) => work(answered, new CallContext(exchange, tx, cloud)));
    } catch (error) {
      cloud.report(error, exchange.requestId);
    }
  }
}

/** A call whose caller nobody knows; rarely does a service want to hear of it. Never throws. */
export async function tellOfStranger(response: WireResponse, exchange: Exchange, cloud: Cloud): Promise<void> {
  const service = exchange.foundTarget?.service;
  const work = service?.ofStrangers;
  if (service === undefined || work === undefined) return;
  const scope = { account: cloud.defaultAccount, region: cloud.defaultRegion };
  const answered = answeredOf(response, exchange, cloud);
  try {
    await cloud.store.transact(scope, (tx) => {
      const context = ownContext({ service, facts: exchange.facts, ...scope }, tx, cloud);
      return work(answered, context.as({ type: "anonymous" }));
    });
  } catch (error) {
    cloud.report(error, exchange.requestId);
  }
}

function answeredOf({ status, headers, body }: WireResponse, exchange: Exchange, cloud: Cloud): Answered {
  const { came, target, errorCode, input, output, atMs, answers } = exchange;
  return {
    requestId: exchange.requestId,
    operation: target.model.name,
    method: came.method,
    target: came.query === "" ? came.path : `${came.path}?${came.query}`,
    labels: target.labels,
    status,
    errorCode,
    bytes: came.method === "HEAD" ? 0 : bytesOf(headers["content-length"], body),
    input,
    output,
    atMs,
    answeredAtMs: cloud.now(),
    byAcl: answers.some(({ decision: { because } }) => because.some(({ layer }) => layer === "acl")),
  };
}

function bytesOf(length: string | undefined, body: WireResponse["body"]): number | undefined {
  if (length !== undefined) return Number(length);
  if (body === undefined) return 0;
  return typeof body === "string" || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined;
}
