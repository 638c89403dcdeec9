/** The record of what a service did of itself. */
import type { CallRecord } from "../events/call-record.ts";
import type { Scope } from "../kernel/table.ts";
import type { OwnEvent } from "../service/own-event.ts";

/** `sourceIp` and `userAgent` are those of a page's visitor. */
type Made = Pick<CallRecord, "requestId" | "atMs" | "service" | "sourceIp" | "userAgent">;

export function recordOfOwn(event: OwnEvent, { account, region }: Scope, made: Made): CallRecord {
  const { name, by, resources = [], details, additional, response, type, readOnly, failure } = event;
  return {
    ...made,
    operation: name,
    account,
    region,
    ...(by !== undefined && { sourceIp: by, userAgent: by }),
    userIdentity: { type: "AWSService", accountId: account, ...(by !== undefined && { invokedBy: by }) },
    ...(failure !== undefined && { error: { code: "", message: failure } }),
    questions: [],
    response,
    additional,
    own: { resources, details, type, readOnly },
  };
}
