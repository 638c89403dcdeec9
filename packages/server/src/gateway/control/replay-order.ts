/** What `POST replay` is asked for, read from its body. */
import { validatePolicy, type PolicyKind } from "../../identity/policy/validate.ts";
import { PROPOSED_AS, type Proposal } from "../../identity/proposal.ts";
import { parseArn } from "../../kernel/arn.ts";
import { BadRequest } from "./bad-request.ts";

export interface ReplayOrder {
  readonly proposal: Proposal;
  /** Calls begun at this virtual time or later. */
  readonly sinceMs: number;
  /** Whether each call is told, not groups of them alone. */
  readonly tellsCalls: boolean;
}

type As = Proposal["as"];

/** @throws {BadRequest} */
export function parseReplayOrder(body: Readonly<Record<string, unknown>>): ReplayOrder {
  const as = PROPOSED_AS.find((each) => each === body["as"]);
  if (as === undefined) throw new BadRequest(`\`as\` is one of ${PROPOSED_AS.join(", ")}`);
  const target = textOf(body, "target") ?? "";
  if (!TARGETS[as].test(target)) throw new BadRequest(`\`target\` of \`${as}\` is ${TARGET_WORDS[as]}`);
  const document = documentOf(body["policy"]);
  const problem = validatePolicy(document, kindOf(as, target));
  if (problem !== undefined) throw new BadRequest(`\`policy\`: line ${problem.at.line}: ${problem.message}`);
  return {
    proposal: {
      as,
      target,
      policy: { name: textOf(body, "name") ?? "the proposed policy", document },
      replaces: textOf(body, "replaces"),
    },
    sinceMs: timeOf(textOf(body, "since")),
    tellsCalls: body["calls"] === true,
  };
}

const LEVEL = /^(root|r-[a-z\d]{4,32}|ou-[a-z\d]{4,32}-[a-z\d]{8,32}|\d{12})$/;
const LEVEL_WORDS = "`root`, or the id of a root, a unit or an account";

const TARGETS: Readonly<Record<As, RegExp>> = {
  scp: LEVEL,
  rcp: LEVEL,
  identity: /^arn:[\w-]+:iam::\d{12}:(user|group|role)\/.+$/,
  boundary: /^arn:[\w-]+:iam::\d{12}:(user|role)\/.+$/,
  resource: /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/,
};

const TARGET_WORDS: Readonly<Record<As, string>> = {
  scp: LEVEL_WORDS,
  rcp: LEVEL_WORDS,
  identity: "the ARN of a user, a group or a role",
  boundary: "the ARN of a user or a role",
  resource: "the ARN of the resource that the policy belongs to",
};

function kindOf(as: As, target: string): PolicyKind {
  if (as !== "resource") return as;
  const parts = parseArn(target);
  return parts?.service === "iam" && parts.resource.startsWith("role/") ? "trust" : "resource";
}

function documentOf(policy: unknown): string {
  if (typeof policy === "string") return policy;
  if (typeof policy === "object" && policy !== null) return JSON.stringify(policy);
  throw new BadRequest("`policy` is a policy document, as text or as JSON");
}

function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || typeof value === "string") return value;
  throw new BadRequest(`\`${name}\` is a text`);
}

function timeOf(text: string | undefined): number {
  const ms = text === undefined ? 0 : Date.parse(text);
  if (Number.isNaN(ms)) throw new BadRequest("`since` is an ISO 8601 time");
  return ms;
}
