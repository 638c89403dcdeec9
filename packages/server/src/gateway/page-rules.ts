/** Rules that the owners of resources have made for pages of other origins: asked once a call has been answered, and in advance. */
import { NOWHERE } from "../kernel/table.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import { findService, type ServiceRoute } from "../protocol/route.ts";
import type { CrossOriginVerdict } from "../service/cross-origin.ts";
import type { Service } from "../service/service.ts";
import { tellOfQuestion } from "./afterwords.ts";
import type { Arrival } from "./arrival.ts";
import type { Cloud } from "./cloud.ts";
import type { Exchange } from "./exchange.ts";

/** Lets the page that made the call read its answer, where the resource says so. Never throws. */
export async function withPageRules(response: WireResponse, exchange: Exchange, cloud: Cloud): Promise<WireResponse> {
  const { arrival, foundRoute: route, foundTarget, requestId } = exchange;
  if (route === undefined || foundTarget?.service.crossOrigin === undefined) return response;
  try {
    const verdict = await verdictOf(arrival, { route, service: foundTarget.service }, cloud);
    if (verdict?.kind === "allowed") Object.assign(response.headers, verdict.headers);
  } catch (error) {
    cloud.report(error, requestId);
  }
  return response;
}

/** The answer to a browser that asks in advance; `undefined`: the service that it asks has no such rules. */
export async function answerOptions(
  arrival: Arrival,
  cloud: Cloud,
  bucketAtDomain?: string,
): Promise<WireResponse | undefined> {
  const route = findService(arrival, undefined, bucketAtDomain);
  const service = route && (await cloud.service(route.model.id));
  if (route === undefined || service?.crossOrigin === undefined) return undefined;
  const atMs = cloud.now();
  const uuid = cloud.newRequestId(atMs);
  const requestId = route.protocol.requestIdOf?.(uuid) ?? uuid;
  const verdict = await verdictOf(arrival, { route, service }, cloud);
  if (verdict === undefined) return undefined;
  const response = wired(verdict, { route, service, requestId });
  const refusal = verdict.kind === "refused" ? verdict.refusal : undefined;
  await tellOfQuestion(response, { arrival, service, about: route, requestId, atMs, refusal }, cloud);
  return response;
}

function wired(
  verdict: CrossOriginVerdict,
  { route: { protocol, model }, service, requestId }: Asked & { readonly requestId: string },
): WireResponse {
  if (verdict.kind === "allowed") {
    return { status: 200, headers: { ...protocol.requestHeaders?.(requestId), ...verdict.headers }, body: undefined };
  }
  const { code, message, fields } = verdict.refusal;
  const status = service.unmodelledErrors[code] ?? 403;
  return protocol.encodeError({ code, message, fields, status }, model, requestId);
}

interface Asked {
  readonly route: ServiceRoute;
  readonly service: Service;
}

async function verdictOf(
  { method, headers }: Arrival,
  { route: { bucket, path }, service }: Asked,
  { store }: Cloud,
): Promise<CrossOriginVerdict | undefined> {
  const ask = service.crossOrigin;
  if (ask === undefined) return undefined;
  return store.transact(NOWHERE, (tx) => ask({ method, bucket, path, headers }, tx));
}
