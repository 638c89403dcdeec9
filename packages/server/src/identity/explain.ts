/** Views of a decision for people and programs. AWS's own words are in `denied-message.ts`. */
import { isAscii } from "../kernel/ascii.ts";
import type { ConditionFact, Decision, Layer, Reason, Remedy } from "./decision.ts";

export { deniedMessage } from "./denied-message.ts";

/** What an explanation needs of a recorded call. */
export interface ExplainedCall {
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly userIdentity: {
    readonly type?: string;
    readonly arn?: string;
    readonly principalId?: string;
    readonly accessKeyId?: string;
  };
  /** How the call failed, where it did. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly questions: readonly { readonly decision: Decision }[];
}

export interface Explanation {
  readonly requestId: string;
  readonly call: string;
  readonly principal: string;
  /** Each question put to IAM, with its answer. */
  readonly decisions: readonly Decision[];
  /** The same for reading, without colours. */
  readonly text: string;
}

export function explain(call: ExplainedCall): Explanation {
  const decisions = call.questions.map(({ decision }) => decision);
  const principal = callerOf(call);
  const name = `${call.service}:${call.operation}`;
  const head = `${name} by ${principal}`;
  const body =
    decisions.length === 0 ? [...failureLines(call), "nothing was asked of IAM"] : decisions.flatMap(decisionLines);
  return { requestId: call.requestId, call: name, principal, decisions, text: [head, ...body].join("\n") };
}

function callerOf({ userIdentity }: ExplainedCall): string {
  const { type, arn, principalId, accessKeyId } = userIdentity;
  if (type === "Unknown") return accessKeyId === undefined ? "an unknown caller" : `whoever signed as ${accessKeyId}`;
  return arn ?? (principalId || "anonymous");
}

const failureLines = ({ error }: ExplainedCall): readonly string[] =>
  error === undefined ? [] : [`refused: ${error.code}: ${error.message}`];

/** How people call the layers. */
const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  boundary: "permissions boundary",
  session: "session policy",
  scp: "service control policy",
  rcp: "resource control policy",
  endpoint: "VPC endpoint policy",
  grant: "grant",
  acl: "access control list",
  root: "root user",
  account: "closed account",
  service: "service",
};

/** One decision as lines of text. */
function decisionLines({ decision, action, resource, because, remedies = [] }: Decision): readonly string[] {
  const outcome = decision === "allow" ? "allowed" : "denied";
  return [`${outcome}: ${action} on ${resource}`, ...because.flatMap(reasonLines), ...remedies.flatMap(remedyLines)];
}

function remedyLines({ layer, level, statement }: Remedy, index: number, { length }: readonly Remedy[]): string[] {
  const which = length > 1 ? `remedy ${index + 1} of ${length}` : "remedy";
  const where = level === undefined ? LAYER_NAMES[layer] : `${LAYER_NAMES[layer]} at ${level}`;
  return [`  ${which}, for the ${where}:`, `    ${JSON.stringify(statement)}`];
}

const EFFECTS: Readonly<Record<Reason["effect"], string>> = {
  allow: "allows",
  "explicit-deny": "denies explicitly",
  "no-allow": "does not allow",
};

/** Reasons for reading. */
export const reasonsText = (reasons: readonly Reason[]): string => reasons.flatMap(reasonLines).join("\n");

function reasonLines({ layer, effect, policy, level, statement, conditions }: Reason): readonly string[] {
  const where = [LAYER_NAMES[layer], ...(level === undefined ? [] : [`at ${level}`]), EFFECTS[effect]];
  const lines = [`  ${where.join(" ")}${policy === undefined ? "" : `: ${policy}`}`];
  if (statement !== undefined) {
    const sid = statement.sid === undefined || statement.sid === "" ? "" : ` \`${statement.sid}\``;
    lines.push(`    statement ${statement.index + 1}${sid}, line ${statement.line}`);
  }
  return [...lines, ...(conditions ?? []).map((fact) => `    ${conditionLine(fact)}`)];
}

function conditionLine({ operator, key, expected, actual, met }: ConditionFact): string {
  const found = actual === undefined ? "absent" : listText(actual);
  return `${met ? "met" : "not met"}: ${operator} ${key}: expected ${listText(expected)}, was ${found}`;
}

const listText = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(" or ") || "nothing";

/** A header longer than this is cut: proxies and clients drop what is too large. */
export const DECISION_HEADER_LENGTH_MAX = 1000;

/**
 * The decision in ASCII, for the header `x-kumobako-decision`. Who writes headers makes one line of it, as of all of them.
 */
export function decisionHeader({ decision, action, resource, because, remedies = [] }: Decision): string {
  let line = `${decision}; action=${action}; resource=${resource}`;
  for (const reason of because) line += `; ${headerPart(reason)}`;
  for (const { layer, statement } of remedies) line += `; remedy=${layer} ${JSON.stringify(statement)}`;
  const ascii = isAscii(line) ? line : line.replaceAll(/[^\x20-\x7e]/g, "?");
  return ascii.length <= DECISION_HEADER_LENGTH_MAX ? ascii : `${ascii.slice(0, DECISION_HEADER_LENGTH_MAX - 3)}...`;
}

function headerPart({ layer, effect, policy, level, statement, conditions = [] }: Reason): string {
  let part = `because=${layer} ${effect}`;
  if (level !== undefined) part += ` level=${level}`;
  if (policy !== undefined) part += ` policy=${policy}`;
  if (statement !== undefined) part += ` statement=${statement.sid ?? statement.index} line=${statement.line}`;
  for (const { operator, key, expected, actual, met } of conditions) {
    if (met !== (effect === "explicit-deny")) continue;
    part += ` condition=${operator} ${key} expected=${expected.join(",")} actual=${actual?.join(",") ?? "absent"}`;
  }
  return part;
}
