/** Requests for a service's pages: no API, so nobody is authenticated; what the service calls is recorded, and what it says that happened. */
import type { CallRecord } from "../events/call-record.ts";
import { assert } from "../kernel/assert.ts";
import { collectAtMost } from "../kernel/bytes.ts";
import type { Scope } from "../kernel/table.ts";
import { locate } from "../network/origin.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import type { Service } from "../service/service.ts";
import { SiteRefusal, type SiteAnswer, type SiteEvent, type SiteRequest } from "../service/site.ts";
import type { Arrival } from "./arrival.ts";
import type { Cloud } from "./cloud.ts";
import { ownContext, type OwnFacts } from "./own-context.ts";
import { identityOf } from "./steps/record.ts";

const BODY_BYTES_MAX = 64 * 1024;

interface Asked {
  /** The model's id of the service whose pages they are. */
  readonly service: string;
  /** The most that is taken in; what a form has where left out. */
  readonly bodyBytesMax?: number;
}

/** The answer of the service of that name; never throws. */
export async function answerSite(arrival: Arrival, asked: Asked, cloud: Cloud): Promise<WireResponse> {
  const { service, bodyBytesMax = BODY_BYTES_MAX } = asked;
  try {
    const body = await collectAtMost(arrival.body, bodyBytesMax);
    if (body === undefined) return plain(413, "The request is too large.");
    return await show(requestOf(arrival, body), { arrival, service }, cloud);
  } catch (error) {
    cloud.report(error, `the pages of ${service}`);
    return plain(500, "An internal error occurred.");
  }
}

interface Visit {
  readonly arrival: Arrival;
  readonly service: string;
}

async function show(request: SiteRequest, { arrival, service: id }: Visit, cloud: Cloud): Promise<SiteAnswer> {
  const service = await cloud.service(id);
  const site = service?.site;
  assert(service !== undefined && site !== undefined, `${id} has pages`);
  const scope = { account: cloud.defaultAccount, region: cloud.defaultRegion };
  const facts = {
    endpoint: request.endpoint,
    sourceIp: locate(arrival.remoteAddress).sourceIp,
    userAgent: arrival.headers["user-agent"],
    secureTransport: arrival.secure,
    headers: arrival.headers,
  };
  let made: CallRecord[] = [];
  try {
    return await cloud.store.transact(scope, async (tx) => {
      made = [];
      const work = { ...scope, service, facts, madeInside: (record: CallRecord) => void made.push(record) };
      const { event, ...answer } = await site(request, ownContext(work, tx, cloud));
      if (event !== undefined) made.push(recordOf(event, work, cloud));
      for (const record of made) cloud.journal.write(record, tx);
      return answer;
    });
  } catch (error) {
    if (!(error instanceof SiteRefusal)) throw error;
    for (const record of made) cloud.journal.append(record);
    return error.answer;
  }
}

interface Surroundings extends Scope {
  readonly service: Service;
  readonly facts: OwnFacts;
}

function recordOf(event: SiteEvent, { service, facts, region }: Surroundings, cloud: Cloud): CallRecord {
  const atMs = cloud.now();
  const { operation, account, who, error } = event;
  const { sourceIp, userAgent } = facts;
  return {
    requestId: cloud.newRequestId(atMs),
    atMs,
    service: service.name,
    operation,
    account,
    region,
    sourceIp,
    ...(userAgent !== undefined && { userAgent }),
    userIdentity:
      who.type === "unknown" ? { type: "IAMUser", accountId: account, userName: who.userName } : identityOf(who),
    ...(error !== undefined && { error }),
    questions: [],
  };
}

function requestOf({ method, path, query, headers, secure }: Arrival, body: Uint8Array): SiteRequest {
  const host = headers["host"] ?? "localhost";
  return {
    method,
    path,
    headers,
    host: host.replace(/:\d+$/, "").toLowerCase(),
    query: new URLSearchParams(query),
    body: Buffer.from(body).toString("utf8"),
    endpoint: `${secure ? "https" : "http"}://${host}`,
  };
}

const plain = (status: number, text: string): WireResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: `${text}\n`,
});
