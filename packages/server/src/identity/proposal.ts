/** A policy that somebody thinks of, and the questions that it would have had a say in. */
import { parseArn } from "../kernel/arn.ts";
import { linkedServiceOf } from "../kernel/service-linked-role.ts";
import type { Question } from "./decide.ts";
import type { NamedPolicy, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import type { ReadQuestion } from "./evidence-reader.ts";
import type { OrganizationKeys } from "./key-facts.ts";
import type { Principal } from "./principal.ts";

/** What a policy may be proposed as. */
export const PROPOSED_AS = ["scp", "rcp", "identity", "boundary", "resource"] as const;

export interface Proposal {
  readonly as: (typeof PROPOSED_AS)[number];
  /** A root, unit or account (its id, or `root`) for SCPs and RCPs; an ARN for all others. */
  readonly target: string;
  readonly policy: NamedPolicy;
  /** The name or ARN of the policy on the target that it takes the place of; left out, it is added. */
  readonly replaces?: string | undefined;
  /** Unique ids of the users in the group that is the target. */
  readonly members?: ReadonlySet<string> | undefined;
}

/** Whether an account manages its organization: neither SCPs nor RCPs touch it. */
export type Manages = (account: string) => boolean;

/** `question` with the proposal in place; `undefined` where the proposal has no part in it. */
export function propose(question: ReadQuestion, proposal: Proposal, manages: Manages): Question | undefined {
  switch (proposal.as) {
    case "scp":
      return withScp(question, proposal, manages);
    case "rcp":
      return withRcp(question, proposal, manages);
    case "identity":
    case "boundary":
      return withOwn(question, proposal);
    case "resource":
      return withResourcePolicy(question, proposal);
  }
}

const replaced = (policies: readonly NamedPolicy[], { policy, replaces }: Proposal): readonly NamedPolicy[] => [
  ...policies.filter(({ name }) => replaces === undefined || !isCalled(name, replaces)),
  policy,
];

/** By its ARN or name, and an organization's policy by its id: `p-FullAWSAccess`. */
const isCalled = (name: string, given: string): boolean => name === given || name.endsWith(`/${given}`);

function withScp(question: ReadQuestion, proposal: Proposal, manages: Manages): Question | undefined {
  const { principal, policies, organization } = question;
  if (policies === undefined || !("account" in principal) || isServiceLinked(principal)) return undefined;
  const levels = policies.scps ?? levelsOf(principal.account, organization, FULL_ACCESS, manages);
  const scps = levels && onLevel(levels, proposal);
  return scps && { ...question, policies: { ...policies, scps } };
}

function withRcp(question: ReadQuestion, proposal: Proposal, manages: Manages): Question | undefined {
  const { resourceControls, resourceOrganization, account } = question;
  const levels = resourceControls ?? levelsOf(account, resourceOrganization, RCP_FULL_ACCESS, manages);
  const controls = levels && onLevel(levels, proposal);
  return controls && { ...question, resourceControls: controls };
}

/** `undefined`: the target is none of them. */
function onLevel(levels: readonly PolicyLevel[], proposal: Proposal): readonly PolicyLevel[] | undefined {
  const { target } = proposal;
  const isTarget = ({ level }: PolicyLevel): boolean =>
    level === target || (target === "root" && level.startsWith("r-"));
  if (!levels.some(isTarget)) return undefined;
  return levels.map((level) => (isTarget(level) ? { ...level, policies: replaced(level.policies, proposal) } : level));
}

const everything = (name: string, more: object): NamedPolicy => ({
  name,
  document: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...more }],
  }),
});

const FULL_ACCESS = everything("p-FullAWSAccess", {});
const RCP_FULL_ACCESS = everything("p-RCPFullAWSAccess", { Principal: "*" });

/**
 * The levels of an account whose organization had not enabled policies of the kind: as they are once it does.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html
 */
function levelsOf(
  account: string,
  organization: OrganizationKeys | undefined,
  from: NamedPolicy,
  manages: Manages,
): readonly PolicyLevel[] | undefined {
  const [path] = [organization?.["aws:PrincipalOrgPaths"] ?? []].flat();
  if (path === undefined || manages(account)) return undefined;
  const [, ...units] = path.split("/").filter((part) => part !== "");
  return [...units, account].map((level) => ({ level, policies: [from] }));
}

const isServiceLinked = (principal: Principal): boolean =>
  principal.type === "role-session" && linkedServiceOf(principal.roleArn) !== undefined;

function withOwn(question: ReadQuestion, proposal: Proposal): Question | undefined {
  const { principal, policies } = question;
  if (policies === undefined || !isHolder(principal, proposal)) return undefined;
  return { ...question, policies: withPolicy(policies, proposal) };
}

const withPolicy = (policies: PrincipalPolicies, proposal: Proposal): PrincipalPolicies =>
  proposal.as === "boundary"
    ? { ...policies, boundary: proposal.policy }
    : { ...policies, identity: replaced(policies.identity, proposal) };

/** Whether the caller has what hangs on the target: as the user or role itself, or as a member of the group. */
function isHolder(principal: Principal, { target, members }: Proposal): boolean {
  switch (principal.type) {
    case "user":
      return principal.arn === target || members?.has(principal.userId) === true;
    case "federated-user":
      return principal.issuer.arn === target || members?.has(principal.issuer.userId) === true;
    case "role-session":
      return principal.roleArn === target;
    case "root":
    case "anonymous":
    case "service":
      return false;
  }
}

function withResourcePolicy(question: ReadQuestion, { target, policy }: Proposal): Question | undefined {
  const { access } = question;
  const { resource } = access;
  if (resource !== target && !resource.startsWith(`${target}/`)) return undefined;
  if (access.resourcePolicy === undefined && !mayHavePolicy(question)) return undefined;
  return { ...question, access: { ...access, resourcePolicy: policy } };
}

/**
 * Where the resource had none: whether one would have been asked. Not of what is just being made; and of a role,
 * which always has its trust policy, none but who takes it on asks.
 */
function mayHavePolicy({ access: { action, resource } }: Question): boolean {
  const [service, name = ""] = action.split(":");
  const owner = parseArn(resource)?.service;
  return owner === service?.toLowerCase() && owner !== "iam" && !name.startsWith("Create");
}
