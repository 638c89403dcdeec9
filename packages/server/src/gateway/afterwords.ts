/** What services tell of calls once their answers are known: behind the call, and before its client hears. */
import type { AwsError } from "../kernel/aws-error.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import type { ServiceRoute } from "../protocol/route.ts";
import type { Answered } from "../service/answered.ts";
import type { Service } from "../service/service.ts";
import type { Arrival } from "./arrival.ts";
import { CallContext } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import type { Exchange } from "./exchange.ts";
import { factsOf, ownContext, type OwnFacts } from "./own-context.ts";

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
  if (service?.ofStrangers === undefined) return;
  await tellService({ service, facts: exchange.facts, answered: answeredOf(response, exchange, cloud) }, cloud);
}

/** What a browser asked in advance, and what it was told. */
export interface AnsweredQuestion {
  readonly arrival: Arrival;
  readonly service: Service;
  /** The resource that it asks about: the bucket, and the path without it. */
  readonly about: Pick<ServiceRoute, "bucket" | "path">;
  readonly requestId: string;
  readonly atMs: number;
  readonly refusal: AwsError | undefined;
}

/** A browser's question is no call, and yet a service may want to hear of it. Never throws. */
export async function tellOfQuestion(
  { status, body }: WireResponse,
  { arrival, service, about, requestId, atMs, refusal }: AnsweredQuestion,
  cloud: Cloud,
): Promise<void> {
  if (service.ofStrangers === undefined) return;
  const answered: Answered = {
    requestId,
    operation: "Preflight",
    method: arrival.method,
    target: targetOf(arrival),
    labels: labelsOf(about),
    status,
    errorCode: refusal?.code,
    bytes: bytesOf(undefined, body),
    input: {},
    output: {},
    atMs,
    answeredAtMs: cloud.now(),
    byAcl: false,
  };
  await tellService({ service, facts: factsOf(arrival), answered }, cloud);
}

/** As the service's own operations would have them; S3 alone has such questions. */
function labelsOf({ bucket, path }: AnsweredQuestion["about"]): Answered["labels"] {
  const [Bucket, Key] = [bucket, tryDecode(path.slice(1))];
  return { ...(Bucket !== undefined && { Bucket }), ...(Key !== "" && { Key }) };
}

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Told {
  readonly service: Service;
  readonly facts: OwnFacts;
  readonly answered: Answered;
}

async function tellService({ service, facts, answered }: Told, cloud: Cloud): Promise<void> {
  const scope = { account: cloud.defaultAccount, region: cloud.defaultRegion };
  try {
    await cloud.store.transact(scope, async (tx) => {
      const context = ownContext({ service, facts, ...scope }, tx, cloud);
      await service.ofStrangers?.(answered, context.as({ type: "anonymous" }));
    });
  } catch (error) {
    cloud.report(error, answered.requestId);
  }
}

function answeredOf({ status, headers, body }: WireResponse, exchange: Exchange, cloud: Cloud): Answered {
  const { came, target, errorCode, input, output, atMs, answers } = exchange;
  return {
    requestId: exchange.requestId,
    operation: target.model.name,
    method: came.method,
    target: targetOf(came),
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

const targetOf = ({ path, query }: Pick<Arrival, "path" | "query">): string =>
  query === "" ? path : `${path}?${query}`;

function bytesOf(length: string | undefined, body: WireResponse["body"]): number | undefined {
  if (length !== undefined) return Number(length);
  if (body === undefined) return 0;
  return typeof body === "string" || body instanceof Uint8Array ? Buffer.byteLength(body) : undefined;
}
