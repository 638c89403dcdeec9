/**
 * What decisions rested on, as records keep it: enough to take each again with another policy. What is the same for
 * many calls, the caller with all that bounds it and the policies themselves, is a text of its own, kept once.
 */
import type { AccountId } from "../kernel/arn.ts";
import type { Access } from "../service/access.ts";
import type { Decision } from "./decision.ts";
import type { NamedPolicy, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import type { CallingService, KeyFacts, OrganizationKeys, RequestOrigin } from "./key-facts.ts";
import type { Principal } from "./principal.ts";

/** One question with its answer and all that the answer rested on. */
export interface Answer {
  readonly decision: Decision;
  readonly facts: KeyFacts;
  /** The account of the resource. */
  readonly owner: AccountId;
  readonly policies: PrincipalPolicies | undefined;
  readonly resourceControls: readonly PolicyLevel[] | undefined;
  readonly endpointPolicy?: NamedPolicy | undefined;
}

/** The name of a text that is kept beside the records. */
export type TextName = string;

/** A policy by its own name and that of its text. */
export type KeptPolicy = readonly [policy: string, text: TextName];

/** A question as it was put; the one that has to be answered with yes as well is kept by itself. */
export interface KeptAccess extends Omit<Access, "resourcePolicy" | "owner" | "also"> {
  readonly owner: AccountId;
  readonly resourcePolicy?: { readonly name: string; readonly text: TextName } | undefined;
  readonly also?: undefined;
}

export interface KeptQuestion {
  readonly access: KeptAccess;
  readonly decision: Decision;
  /** Names a `KeptOwner`: left out where the resource's account is in no organization. */
  readonly owner?: TextName | undefined;
}

/** What all questions of a call have in common. */
export interface KeptCall {
  /** Names a `KeptCaller`. */
  readonly caller: TextName;
  /** When it was decided: virtual epoch milliseconds. */
  readonly nowMs: number;
  readonly origin: Omit<RequestOrigin, "userAgent">;
  readonly calling?: CallingService | undefined;
  readonly endpointPolicy?: KeptPolicy | undefined;
}

/** The caller with all that bounded or granted its rights. */
export interface KeptCaller {
  readonly principal: Principal;
  readonly organization?: OrganizationKeys;
  /** Left out where the principal belonged to no account, or did not exist any more. */
  readonly policies?: {
    readonly identity: readonly KeptPolicy[];
    readonly boundary?: KeptPolicy;
    readonly session?: readonly KeptPolicy[];
    /** Names a list of `KeptLevel`. */
    readonly scps?: TextName;
    readonly tags: Readonly<Record<string, string>>;
  };
}

/** The organization of the account that owned the resource. */
export interface KeptOwner {
  readonly organization: OrganizationKeys;
  /** Names a list of `KeptLevel`. */
  readonly rcps?: TextName;
}

export interface KeptLevel {
  readonly level: string;
  readonly policies: readonly KeptPolicy[];
}

/** Keeps texts and gives their names. */
export interface TextKeeper {
  text(text: string): TextName;
  /** The text that stands for a value which stays the same: it is not made again each time. */
  textOf(value: object, make: () => string): TextName;
}

/** What all questions share, told from any. */
export function keptCall({ facts, policies, endpointPolicy }: Answer, keep: TextKeeper): KeptCall {
  const { principal, organization, nowMs, origin, calling } = facts;
  const { sourceIp, referer, secureTransport, endpoint } = origin;
  const isAlone = organization === undefined || isEmpty(organization);
  const callerText = (): string => {
    const caller: KeptCaller = {
      principal,
      ...(!isAlone && { organization }),
      ...(policies !== undefined && { policies: keptPolicies(policies, keep) }),
    };
    return JSON.stringify(caller);
  };
  return {
    // nothing besides bounds a root user, whose principal is the same value for all its calls
    caller:
      isAlone && policies !== undefined && isBare(policies)
        ? keep.textOf(principal, callerText)
        : keep.text(callerText()),
    nowMs,
    origin: { sourceIp, referer, secureTransport, endpoint },
    calling,
    endpointPolicy: endpointPolicy && keptPolicy(endpointPolicy, keep),
  };
}

export function keptQuestion({ decision, facts, owner, resourceControls }: Answer, keep: TextKeeper): KeptQuestion {
  const { resourcePolicy: policy } = facts.access;
  const resourcePolicy = policy && { name: policy.name, text: keep.text(policy.document) };
  return {
    // made for every call: members that are overwritten cost less than those that are left out
    access: { ...facts.access, owner, resourcePolicy, also: undefined },
    decision,
    owner: keptOwner(facts.resourceOrganization, resourceControls, keep),
  };
}

function keptOwner(
  organization: OrganizationKeys = {},
  controls: readonly PolicyLevel[] | undefined,
  keep: TextKeeper,
): TextName | undefined {
  if (isEmpty(organization) && controls === undefined) return undefined;
  const owner: KeptOwner = { organization, ...(controls !== undefined && { rcps: keptLevels(controls, keep) }) };
  return keep.text(JSON.stringify(owner));
}

function keptPolicies(
  { identity, boundary, session, scps, tags }: PrincipalPolicies,
  keep: TextKeeper,
): NonNullable<KeptCaller["policies"]> {
  const kept = (policy: NamedPolicy): KeptPolicy => keptPolicy(policy, keep);
  return {
    identity: identity.map(kept),
    ...(boundary !== undefined && { boundary: kept(boundary) }),
    ...(session !== undefined && { session: session.map(kept) }),
    ...(scps !== undefined && { scps: keptLevels(scps, keep) }),
    tags,
  };
}

/** An organization's levels are the same value for all calls until one of its policies changes. */
const keptLevels = (levels: readonly PolicyLevel[], keep: TextKeeper): TextName =>
  keep.textOf(levels, () => {
    const kept: readonly KeptLevel[] = levels.map(({ level, policies }) => ({
      level,
      policies: policies.map((policy) => keptPolicy(policy, keep)),
    }));
    return JSON.stringify(kept);
  });

const keptPolicy = ({ name, document }: NamedPolicy, keep: TextKeeper): KeptPolicy => [name, keep.text(document)];

const isBare = ({ identity, boundary, session, scps, tags }: PrincipalPolicies): boolean =>
  identity.length === 0 && boundary === undefined && session === undefined && scps === undefined && isEmpty(tags);

const isEmpty = (keys: object): boolean => {
  for (const _ in keys) return false;
  return true;
};
