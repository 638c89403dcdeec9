/** What a service does of itself: in a context like a call's, as its own principal. */
import type { CallRecord } from "../events/call-record.ts";
import type { Decision } from "../identity/decision.ts";
import { deniedMessage } from "../identity/explain.ts";
import type { Principal, ServicePrincipal } from "../identity/principal.ts";
import type { Scope, Transaction } from "../kernel/table.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { newUuid } from "../kernel/ids.ts";
import { serviceIndex } from "../model/models.ts";
import { locate } from "../network/origin.ts";
import { callerName } from "../service/caller.ts";
import type { RequestFacts } from "../service/context.ts";
import type { Service } from "../service/service.ts";
import { NO_BODY, type Arrival } from "./arrival.ts";
import type { Asides } from "./asides.ts";
import { CallContext, type Call } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";

/** `id` is the model's: `cognito-identity-provider` is `cognito-idp.amazonaws.com`. */
export function servicePrincipal(id: string): ServicePrincipal {
  const signingName = serviceIndex().find((summary) => summary.id === id)?.signingName ?? id;
  return { type: "service", service: `${signingName}.amazonaws.com` };
}

/** What is known of a request that is no call, or of none at all. */
export type OwnFacts = Omit<RequestFacts, "body" | "trailers" | "signature" | "calling">;

/** Of work that no client's request began. */
export const NO_REQUEST: OwnFacts = {
  endpoint: "http://localhost",
  sourceIp: "127.0.0.1",
  userAgent: undefined,
  secureTransport: true,
  headers: {},
};

/** Of a request that is no call. */
export const factsOf = ({ headers, secure, remoteAddress }: Arrival): OwnFacts => ({
  endpoint: `${secure ? "https" : "http"}://${headers["host"] ?? "localhost"}`,
  sourceIp: locate(remoteAddress).sourceIp,
  userAgent: headers["user-agent"],
  secureTransport: secure,
  headers,
});

export interface OwnWork extends Scope {
  readonly service: Service;
  readonly facts: OwnFacts;
}

/** Work whose records somebody takes. */
interface ToldWork extends OwnWork {
  readonly madeInside: (record: CallRecord) => void;
  /** Where the work can be run again. */
  readonly asides?: Asides;
}

/** Its records are written with it, where nobody takes them. */
export function ownContext(work: OwnWork & Partial<ToldWork>, tx: Transaction, cloud: Cloud): CallContext {
  const { madeInside = (record: CallRecord) => cloud.journal.write(record, tx) } = work;
  return new CallContext(ownCall({ ...work, madeInside }), tx, cloud);
}

export const ownCall = ({ service, facts, account, region, madeInside, asides }: ToldWork): Call => ({
  requestId: newUuid(),
  caller: { principal: servicePrincipal(service.name), account, region },
  service,
  facts: { ...facts, body: NO_BODY, trailers: new Map<string, string>() },
  asked: () => {},
  identified: () => {},
  // whose refusals are pages, or ours to hear of
  evenIfRefused: () => {},
  onceAnswered: () => {},
  madeInside,
  asides,
  refusal: (decision: Decision, principal: Principal) =>
    new AwsError("AccessDenied", deniedMessage(decision, callerName(principal))),
});
