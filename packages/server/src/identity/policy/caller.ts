/** A caller by the names that a policy may call it, and how firmly each `Principal` holds it. */
import type { Principal } from "../principal.ts";
import type { PrincipalElement, PrincipalEntry } from "./ast.ts";

export interface Caller {
  readonly account: string | undefined;
  readonly isRoot: boolean;
  /** Names of the caller itself: the ARN of a user or of a session, a user's unique id. */
  readonly own: readonly string[];
  /** Names of what the caller acts as: a session's role, the user behind a federated user. */
  readonly behind: readonly string[];
  readonly service: string | undefined;
  /** The identity provider that vouches for the caller. */
  readonly federatedProvider: string | undefined;
  /** What S3 calls the caller's account. */
  readonly canonicalUser: string | undefined;
}

/**
 * How an allow of a resource's policy reaches the caller.
 * `direct`: names the caller itself, or everyone; nothing implicit bounds it inside of the account.
 * `behind`: names the role or user that the caller acts as; bounded by boundary and session policies.
 * `account`: leaves it to the account's own policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Grip = "direct" | "behind" | "account";

export const GRIPS: readonly Grip[] = ["direct", "behind", "account"];

export interface CallerNames {
  readonly federatedProvider?: string | undefined;
  readonly canonicalUser?: string | undefined;
}

export function callerOf(principal: Principal, { federatedProvider, canonicalUser }: CallerNames = {}): Caller {
  return {
    account: "account" in principal ? principal.account : undefined,
    isRoot: principal.type === "root",
    ...namesOf(principal),
    service: principal.type === "service" ? principal.service : undefined,
    federatedProvider,
    canonicalUser,
  };
}

function namesOf(principal: Principal): Pick<Caller, "own" | "behind"> {
  if (principal.type === "anonymous" || principal.type === "service") return { own: [], behind: [] };
  const { arn, userId } = principal;
  if (principal.type === "role-session") return { own: [arn], behind: [principal.roleArn, principal.roleId] };
  if (principal.type === "federated-user") {
    return { own: [arn], behind: [principal.issuer.arn, principal.issuer.userId] };
  }
  return principal.type === "user" ? { own: [arn, userId], behind: [] } : { own: [arn], behind: [] };
}

/** How `element` reaches the caller; `undefined`: not at all. */
export function gripOf(element: PrincipalElement, caller: Caller): Grip | undefined {
  if (element.negated) return isSpared(element, caller) ? undefined : "direct";
  if (element.everyone) return "direct";
  let best: Grip | undefined;
  for (const entry of element.entries) {
    const grip = gripOfEntry(entry, caller);
    if (grip === "direct") return grip;
    if (grip !== undefined && (best === undefined || best === "account")) best = grip;
  }
  return best;
}

function gripOfEntry({ kind, value }: PrincipalEntry, caller: Caller): Grip | undefined {
  if (kind === "AWS") return gripOfName(value, caller);
  if (kind === "CanonicalUser") return value === caller.canonicalUser ? accountGrip(caller) : undefined;
  const isMeant = kind === "Service" ? isService(value, caller.service) : value === caller.federatedProvider;
  return isMeant ? "direct" : undefined;
}

/**
 * Services that have a name in each region go by the one without it as well.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicenameslist
 */
function isService(named: string, caller: string | undefined): boolean {
  if (named === caller || caller === undefined) return named === caller;
  const [one, other] = [regionless(named), regionless(caller)];
  return one === other && (one === named || other === caller);
}

const regionless = (service: string): string => service.replace(/^logs\.[a-z]{2}(-[a-z]+)+-\d+\./, "logs.");

/** No part of a name is a wildcard: `*` stands alone, for everyone. */
function gripOfName(name: string, caller: Caller): Grip | undefined {
  if (name === "*" || caller.own.includes(name)) return "direct";
  if (caller.behind.includes(name)) return "behind";
  return caller.account !== undefined && accountOf(name) === caller.account ? accountGrip(caller) : undefined;
}

const accountGrip = ({ isRoot }: Caller): Grip => (isRoot ? "direct" : "account");

/** The account that a principal names as a whole. */
function accountOf(name: string): string | undefined {
  if (name.length === 12) return name;
  return name.endsWith(":root") ? /^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1] : undefined;
}

/** A path may hold these words, too. */
const SESSION_ARN = /^arn:[^:]+:sts::[^:]*:assumed-role\//;

/**
 * Whether `NotPrincipal` leaves the caller out. A session is left out only where it is named itself
 * and its role too. Differs: AWS says that some services ask for the account besides; none does here.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isSpared({ everyone, entries }: PrincipalElement, caller: Caller): boolean {
  const grips = new Set(entries.map((entry) => gripOfEntry(entry, caller)));
  const isSession = caller.own.some((name) => SESSION_ARN.test(name));
  return everyone || (grips.has("direct") && (!isSession || grips.has("behind")));
}
