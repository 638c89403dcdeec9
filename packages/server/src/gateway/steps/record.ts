import { isDataCall } from "../../events/call-kind.ts";
import type { CallRecord, UserIdentity } from "../../events/call-record.ts";
import type { KeyUse } from "../../identity/directory.ts";
import { keptCall, keptQuestion, type Answer } from "../../identity/evidence.ts";
import type { VouchedCaller } from "../../identity/federation/federation.ts";
import type { FederatedUser, Principal, RoleSession, Session } from "../../identity/principal.ts";
import { withoutData } from "../../kernel/data-event.ts";
import { saysWhatIsThere } from "../../kernel/read-only.ts";
import { whenThere, type Soon } from "../../kernel/soon.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Failure } from "../../protocol/protocol.ts";
import type { OperationModel } from "../../model/service-model.ts";
import type { AudiencePlace } from "../../service/audience.ts";
import type { Service } from "../../service/service.ts";
import type { Arrival } from "../arrival.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { keptValues } from "../kept-values.ts";

/** In the transaction of what the call changed, or behind it where it changed nothing. */
export function record(exchange: Exchange, cloud: Cloud): Soon<void> {
  return whenThere(noteUse(useOf(exchange), cloud, exchange.tx), () => writeRecord(exchange, cloud));
}

function writeRecord(exchange: Exchange, cloud: Cloud): void {
  noteUsage(exchange, cloud);
  const made = recordOf(exchange, cloud);
  if (!exchange.tx.changed) return exchange.recordBehind(made, cloud.journal);
  for (const each of [...exchange.innerRecords, made]) cloud.journal.write(each, exchange.tx);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html */
function noteUsage({ tx, target, caller }: Exchange, { measures }: Cloud): void {
  const { usage } = target.service;
  if (usage === undefined) return;
  tx.onceCommitted(() => measures.addUsage({ service: usage, operation: target.model.name }, caller));
}

/** Attempts count as use, refused ones too. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */
export const noteUse = (use: Use, cloud: Cloud, tx: Transaction): Soon<void> =>
  isOfAccount(use) ? cloud.directory.used(use, tx) : undefined;

const isOfAccount = (use: Use): use is KeyUse => use.principal.type !== "anonymous" && use.principal.type !== "service";

type Use = Omit<KeyUse, "principal"> & { readonly principal: Principal };

export function useOf({ caller: { principal, region }, atMs, answers, route, target }: Exchange): Use {
  const { service, action } = usedAs(answers, { service: route.model.signingName, operation: target.model.name });
  return { principal, region, atMs, service, action };
}

/**
 * The action that a call is: that of the first question about the service itself. What else the caller needs, such as
 * `iam:PassRole`, is no use of it.
 */
export function usedAs(
  answers: readonly Answer[],
  { service, operation }: { readonly service: string; readonly operation: string },
): Pick<KeyUse, "service" | "action"> {
  const [first] = answers;
  if (first === undefined) return { service, action: `${service}:${operation}` };
  const own = answers.find(({ facts }) => facts.access.action.startsWith(`${service}:`)) ?? first;
  const { action } = own.facts.access;
  return { service: action.slice(0, action.indexOf(":")), action };
}

/** What a call that failed has given. */
const NOTHING = { output: undefined, additional: undefined };

/** The record of a call whose operation is known, though perhaps not who makes it. */
export function recordOf(exchange: Exchange, cloud: Cloud, failure?: Failure): CallRecord {
  const { arrival, foundCaller, target, requestId, atMs, origin, answers, vouched } = exchange;
  const place = { account: vouched?.account ?? foundCaller?.account ?? "", region: foundCaller?.region ?? "" };
  const { output, additional } = failure === undefined ? exchange : NOTHING;
  const { service, model } = target;
  const { parameters, response } = saidOf({ service, model, answers, input: exchange.input, output }, place, cloud);
  const { questions, evidence } = evidenceOf(answers, cloud);
  // made for every call: named one by one its members cost less than those of other objects copied into it
  return {
    requestId,
    atMs,
    service: service.name,
    operation: model.name,
    account: place.account,
    region: place.region,
    sourceIp: origin.sourceIp,
    userAgent: arrival.headers["user-agent"],
    userIdentity: identityIn(exchange),
    parameters,
    response,
    tls: tlsOf(exchange.came),
    error: failure && errorOf(failure),
    additional,
    questions,
    evidence,
  };
}

function identityIn(exchange: Exchange): UserIdentity {
  const { vouched, foundCaller } = exchange;
  if (vouched !== undefined) return vouchedIdentity(vouched.caller);
  return foundCaller ? identityOf(foundCaller.principal) : strangerOf(exchange);
}

export const vouchedIdentity = (caller: VouchedCaller): UserIdentity => ("arn" in caller ? identityOf(caller) : caller);

function tlsOf({ tls, headers }: Arrival): CallRecord["tls"] {
  return tls && { ...tls, host: headers["host"] ?? "" };
}

interface Said {
  readonly service: Service;
  readonly answers: readonly Answer[];
  readonly model: OperationModel;
  readonly input: object;
  /** `undefined` where the call failed. */
  readonly output: object | undefined;
}

/** What was asked for and answered, where somebody may want to know. */
export function saidOf(
  { service, model, input, output, answers }: Said,
  place: AudiencePlace,
  { audiences }: Pick<Cloud, "audiences">,
): Pick<CallRecord, "parameters" | "response"> {
  const call = { service: service.name, operation: model.name };
  const { region } = place;
  const isWanted = (account: string): boolean => audiences.has("data-calls", { account, region });
  if (isDataCall(call) && !isWanted(place.account) && !answers.some(({ owner }) => isWanted(owner))) return {};
  const told = (value: object | undefined, shape: OperationModel["input"]): object | undefined => {
    const kept = value && keptValues(value, shape);
    return kept && withoutData(kept, call);
  };
  return {
    parameters: told(input, model.input),
    response: saysWhatIsThere(call) ? undefined : told(output, model.output),
  };
}

/** The questions, and what their answers rested on. */
export function evidenceOf(
  answers: readonly Answer[],
  { journal }: Pick<Cloud, "journal">,
): Pick<CallRecord, "questions" | "evidence"> {
  const [first] = answers;
  if (first === undefined) return { questions: [] };
  const { nowMs } = first.facts;
  const keep = journal.texts.on(nowMs);
  return { questions: answers.map((answer) => keptQuestion(answer, keep)), evidence: keptCall(first, keep) };
}

/** The lines after the first say what was signed, secrets included. */
const errorOf = ({ code, message }: Failure): NonNullable<CallRecord["error"]> => ({
  code,
  message: message.split("\n", 1)[0] ?? "",
});

/** A caller whose credentials were refused. */
const strangerOf = ({ claimedKeyId: accessKeyId }: Exchange): UserIdentity =>
  accessKeyId === undefined ? { type: "Unknown" } : { type: "Unknown", accessKeyId };

export function identityOf(principal: Principal): UserIdentity {
  if (principal.type === "anonymous") return { type: "AWSAccount", principalId: "", accountId: "ANONYMOUS_PRINCIPAL" };
  if (principal.type === "service") return { type: "AWSService", invokedBy: principal.service };
  const { userId: principalId, arn, account: accountId, accessKeyId } = principal;
  const named = { principalId, arn, accountId, accessKeyId, ...sessionOf(principal) };
  switch (principal.type) {
    case "root":
      return { type: "Root", ...named };
    case "user":
      return { type: "IAMUser", ...named, userName: principal.userName };
    case "federated-user":
      return { type: "FederatedUser", ...named, sessionIssuer: lenderOf(principal) };
    case "role-session":
      return { type: "AssumedRole", ...named, sessionIssuer: issuerOf(principal), ...federationOf(principal) };
  }
}

function sessionOf({ session }: { readonly session?: Session | undefined }): Pick<UserIdentity, "session"> {
  if (session === undefined) return {};
  const { issuedAtMs: createdAtMs, mfaAtMs, sourceIdentity } = session;
  return { session: { createdAtMs, isMfaAuthenticated: mfaAtMs !== undefined, sourceIdentity } };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (sessionIssuer) */
const lenderOf = ({ issuer: { arn, userId, userName } }: FederatedUser) =>
  ({ type: userName === undefined ? "Root" : "IAMUser", principalId: userId, arn, userName }) as const;

const issuerOf = ({ roleId, roleArn, roleName }: RoleSession) =>
  ({ type: "Role", principalId: roleId, arn: roleArn, userName: roleName }) as const;

/**
 * Providers that AWS knows by name tell of the application and the user; of those that an account has registered there
 * is the ARN alone.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (webIdFederationData)
 */
function federationOf({ session }: RoleSession): Pick<UserIdentity, "webIdFederationData"> {
  const { federatedProvider, keys } = session;
  if (federatedProvider === undefined || federatedProvider.includes(":saml-provider/")) return {};
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(keys ?? {})) {
    if (typeof value === "string" && name.startsWith(`${federatedProvider}:`)) attributes[name] = value;
  }
  return { webIdFederationData: { federatedProvider, attributes } };
}
