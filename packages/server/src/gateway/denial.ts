/** The record of a question that somebody was asked for whom a service goes on, and that was answered with no. */
import type { CallRecord } from "../events/call-record.ts";
import { deniedMessage } from "../identity/explain.ts";
import type { Answer } from "../identity/evidence.ts";
import { callerName } from "../service/caller.ts";
import type { Call } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { servicePrincipal } from "./own-context.ts";
import { evidenceOf, identityOf } from "./steps/record.ts";

/** As the record of a call that the service made with those rights: no other would say why its work stopped. */
export function recordOfDenial(answer: Answer, call: Call, cloud: Cloud): CallRecord {
  const message = deniedMessage(answer.decision, callerName(call.caller.principal));
  return { ...recordOfAnswer(answer, call, cloud), error: { code: "AccessDenied", message } };
}

/** The same of one that was answered with yes, where nothing else is on record of what was done. */
export function recordOfAnswer(
  answer: Answer,
  { caller, service }: Pick<Call, "caller" | "service">,
  cloud: Cloud,
): CallRecord {
  const { principal, account, region } = caller;
  const { service: invokedBy } = servicePrincipal(service.name);
  const { action } = answer.decision;
  const atMs = cloud.now();
  return {
    requestId: cloud.newRequestId(atMs),
    atMs,
    service: service.name,
    operation: action.slice(action.indexOf(":") + 1),
    account,
    region,
    sourceIp: invokedBy,
    userAgent: invokedBy,
    userIdentity: { ...identityOf(principal), invokedBy },
    ...evidenceOf([answer], cloud),
  };
}
