/** The record of what a call did in another region: the caller did it there, by way of the service. */
import type { CallRecord } from "../events/call-record.ts";
import { loadModel } from "../model/models.ts";
import type { FarPart } from "../service/far-part.ts";
import type { Call } from "./call-context.ts";
import { keptValues } from "./kept-values.ts";
import { identityOf } from "./steps/record.ts";

type Made = Pick<CallRecord, "requestId" | "atMs">;

export function recordOfPart(part: FarPart, { caller, service, facts }: Call, made: Made): CallRecord {
  const { operation, region, by: invokedBy } = part;
  const model = loadModel(service.name).operation(operation);
  return {
    ...made,
    service: service.name,
    operation,
    account: caller.account,
    region,
    sourceIp: facts.sourceIp,
    userAgent: facts.userAgent,
    userIdentity: { ...identityOf(caller.principal), invokedBy },
    parameters: model && keptValues(part.input, model.input),
    response: model && keptValues(part.output, model.output),
    questions: [],
  };
}
