/** Requests for a service's pages: no API, so nobody is authenticated, and only what the service calls is recorded. */
import type { CallRecord } from "../events/call-record.ts";
import { assert } from "../kernel/assert.ts";
import { collectAtMost } from "../kernel/bytes.ts";
import { locate } from "../network/origin.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import { SiteRefusal, type SiteAnswer, type SiteRequest } from "../service/site.ts";
import type { Arrival } from "./arrival.ts";
import type { Cloud } from "./cloud.ts";
import { ownContext } from "./own-context.ts";

const BODY_BYTES_MAX = 64 * 1024;

/** The answer of the service of that name; never throws. */
export async function answerSite(arrival: Arrival, service: string, cloud: Cloud): Promise<WireResponse> {
  try {
    const body = await collectAtMost(arrival.body, BODY_BYTES_MAX);
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
      const answer = await site(request, ownContext(work, tx, cloud));
      for (const record of made) cloud.journal.write(record, tx);
      return answer;
    });
  } catch (error) {
    if (!(error instanceof SiteRefusal)) throw error;
    for (const record of made) cloud.journal.append(record);
    return error.answer;
  }
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
