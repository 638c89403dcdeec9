import type { CallRecord, UserIdentity } from "../../events/call-record.ts";
import type { Principal, RoleSession } from "../../identity/principal.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Failure } from "../../protocol/protocol.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";

/** In the transaction of what the call changed, or behind it where it changed nothing. */
export async function record(exchange: Exchange, cloud: Cloud): Promise<void> {
  await noteUse(exchange, cloud, exchange.tx);
  if (exchange.tx.changed) cloud.journal.write(recordOf(exchange), exchange.tx);
  else exchange.recordBehind(recordOf(exchange), cloud.journal);
}

/** Attempts count as use, refused ones too. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */
export async function noteUse(exchange: Exchange, cloud: Cloud, tx: Transaction): Promise<void> {
  const { caller, atMs, target } = exchange;
  const { principal, region } = caller;
  if (principal.type === "anonymous" || principal.type === "service") return;
  await cloud.directory.used({ principal, service: target.service.name, region, atMs }, tx);
}

/** The record of a call whose operation is known, though perhaps not who makes it. */
export function recordOf(exchange: Exchange, failure?: Failure): CallRecord {
  const { arrival, foundCaller, target, requestId, atMs, origin, questions, vouched } = exchange;
  const userAgent = arrival.headers["user-agent"];
  return {
    requestId,
    atMs,
    service: target.service.name,
    operation: target.model.name,
    account: vouched?.account ?? foundCaller?.account ?? "",
    region: foundCaller?.region ?? "",
    sourceIp: origin.sourceIp,
    ...(userAgent !== undefined && { userAgent }),
    userIdentity: vouched?.caller ?? (foundCaller ? identityOf(foundCaller.principal) : strangerOf(exchange)),
    ...(failure !== undefined && { error: errorOf(failure) }),
    questions,
  };
}

/** The lines after the first say what was signed, secrets included. */
const errorOf = ({ code, message }: Failure): NonNullable<CallRecord["error"]> => ({
  code,
  message: message.split("\n", 1)[0] ?? "",
});

/** A caller whose credentials were refused. */
const strangerOf = ({ claimedKeyId: accessKeyId }: Exchange): UserIdentity =>
  accessKeyId === undefined ? { type: "Unknown" } : { type: "Unknown", accessKeyId };

function identityOf(principal: Principal): UserIdentity {
  if (principal.type === "anonymous") return { type: "AWSAccount", principalId: "", accountId: "ANONYMOUS_PRINCIPAL" };
  if (principal.type === "service") return { type: "AWSService", invokedBy: principal.service };
  const { userId: principalId, arn, account: accountId, accessKeyId } = principal;
  const named = { principalId, arn, accountId, accessKeyId };
  switch (principal.type) {
    case "root":
      return { type: "Root", ...named };
    case "user":
      return { type: "IAMUser", ...named, userName: principal.userName };
    case "federated-user":
      return { type: "FederatedUser", ...named };
    case "role-session":
      return { type: "AssumedRole", ...named, sessionIssuer: issuerOf(principal) };
  }
}

const issuerOf = ({ roleId, roleArn, roleName }: RoleSession) =>
  ({ type: "Role", principalId: roleId, arn: roleArn, userName: roleName }) as const;
