/** Requests for a service's pages: no API, so nobody is authenticated; what the service calls is recorded, and what it says that happened. */
import type { CallRecord } from "../events/call-record.ts";
import { assert } from "../kernel/assert.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { collectAtMost } from "../kernel/bytes.ts";
import type { Scope } from "../kernel/table.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import type { Service } from "../service/service.ts";
import type { Context } from "../service/context.ts";
import { SiteRefusal, type Site, type SiteAnswer, type SiteEvent, type SiteRequest } from "../service/site.ts";
import type { Arrival } from "./arrival.ts";
import { Asides, withAsides } from "./asides.ts";
import type { Cloud } from "./cloud.ts";
import { factsOf, ownContext, type OwnFacts } from "./own-context.ts";
import { Reading } from "./reading.ts";
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
  const { service, bodyBytesMax } = asked;
  try {
    const visit = { arrival, service: await requireSite(service, cloud) };
    const head = headOf(arrival);
    const { site, siteGate: gate } = visit.service;
    if (bodyBytesMax !== undefined) {
      const refusal = await inSite(visit, async (context) => gate?.(head, context), cloud);
      if (refusal !== undefined) return refusal;
    }
    const body = await collectAtMost(arrival.body, bodyBytesMax ?? BODY_BYTES_MAX);
    if (body === undefined) return plain(413, "The request is too large.");
    const request = { ...head, body: Buffer.from(body).toString("utf8") };
    return await inSite(visit, (context) => site(request, context), cloud);
  } catch (error) {
    cloud.report(error, `the pages of ${service}`);
    return plain(500, "An internal error occurred.");
  }
}

type ServiceWithSite = Service & { readonly site: Site };

async function requireSite(id: string, cloud: Cloud): Promise<ServiceWithSite> {
  const service = await cloud.service(id);
  const site = service?.site;
  assert(service !== undefined && site !== undefined, `${id} has pages`);
  return { ...service, site };
}

interface Visit {
  readonly arrival: Arrival;
  readonly service: ServiceWithSite;
}

/** What `work` answers, in a transaction of its own, with the records of what it does. */
async function inSite<Answer extends SiteAnswer | undefined>(
  { arrival, service }: Visit,
  work: (context: Context) => Promise<Answer>,
  cloud: Cloud,
): Promise<Answer | SiteAnswer> {
  const scope = { account: cloud.defaultAccount, region: cloud.defaultRegion };
  const facts = factsOf(arrival);
  let made: CallRecord[] = [];
  try {
    const asides = new Asides();
    const own = { ...scope, service, facts, asides, madeInside: (record: CallRecord) => void made.push(record) };
    const outside = () => ownContext(own, new Reading(cloud.store, scope), cloud);
    const attempt = () =>
      cloud.store.transact(scope, async (tx) => {
        made = [];
        const answer = await work(ownContext(own, tx, cloud));
        if (answer?.event !== undefined) made.push(recordOf(answer.event, own, cloud));
        for (const record of made) cloud.journal.write(record, tx);
        return answer;
      });
    return await withAsides(asides, outside, attempt);
  } catch (error) {
    // what is done for it was done, and a function that was told so has failed
    if (error instanceof AwsError) return service.siteProblem?.(error) ?? plain(400, error.message);
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

function headOf(arrival: Arrival): Omit<SiteRequest, "body"> {
  const { method, path, query, headers } = arrival;
  const { endpoint } = factsOf(arrival);
  return {
    method,
    path,
    headers,
    host: (headers["host"] ?? "localhost").replace(/:\d+$/, "").toLowerCase(),
    query: new URLSearchParams(query),
    endpoint,
  };
}

const plain = (status: number, text: string): SiteAnswer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: `${text}\n`,
});
