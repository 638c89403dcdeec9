/** The policies that a simulation runs with: those handed in, and those of an entity that are not left out. */
import type { PolicyIdentifier, PolicyIdentifierPolicyType } from "@aws-sdk/client-iam";
import type { PolicyLevel } from "../../../identity/directory.ts";
import type { SimulatedPolicy } from "../../../identity/policy/simulate.ts";
import type { Validated } from "../../../service/sdk.ts";
import { invalidExclusion } from "../errors.ts";
import type { EntityPolicy } from "../policy/entity-policies.ts";

/** What AWS calls all policies but a resource's own. Source: https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-principal-policy.html */
const IAM_POLICY = "IAM Policy";

export const inputPolicies = (list: string, documents: readonly string[]): SimulatedPolicy[] =>
  documents.map((document, index) => ({ name: `${list}.${index + 1}`, type: IAM_POLICY, document }));

/** A policy in line goes by its holder too: `user_ann_reads`. */
export const entityPolicy = ({ holder, name, arn, document }: EntityPolicy): SimulatedPolicy => ({
  name: arn === undefined ? `${holder.kind}_${holder.name}_${name}` : name,
  type: IAM_POLICY,
  document,
});

export const resourcePolicy = (document: string): SimulatedPolicy => ({
  name: "ResourcePolicy",
  type: "Resource Policy",
  document,
});

export type Identifier = Validated<PolicyIdentifier>;

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html */
export function isExcluded(policy: EntityPolicy, identifiers: readonly Identifier[]): boolean {
  return identifiers.some(({ PolicyType, PolicyArn, InlinePolicyIdentifier: inline }) => {
    if (PolicyType !== undefined) return typeOf(policy) === PolicyType;
    if (PolicyArn !== undefined) return policy.arn !== undefined && matches(policy.arn, PolicyArn);
    if (inline === undefined || policy.arn !== undefined || policy.name !== inline.PolicyName) return false;
    const { kind, name } = policy.holder;
    return kind === inline.AttachmentType && matches(name, inline.AttachmentName ?? "");
  });
}

/** Whether the boundary of the entity counts. */
export const isBoundaryExcluded = (identifiers: readonly Identifier[]): boolean =>
  identifiers.some(({ PolicyType }) => PolicyType === "permission-boundary");

/** Each level without the policies that are left out; all levels are there still, and have to allow. `undefined`: all policies are left out. */
export function keptLevels(
  levels: readonly PolicyLevel[],
  identifiers: readonly Identifier[],
): readonly PolicyLevel[] | undefined {
  if (identifiers.some(({ PolicyType }) => PolicyType === "scp")) return undefined;
  const patterns = identifiers.flatMap(({ PolicyArn }) => PolicyArn ?? []);
  return levels.map(({ level, policies }) => ({
    level,
    policies: policies.filter(({ name }) => !patterns.some((pattern) => matches(name, pattern))),
  }));
}

/** @throws {AwsError} `InvalidInput` */
export function requireIdentifiers(identifiers: readonly Identifier[]): void {
  for (const { PolicyArn, InlinePolicyIdentifier } of identifiers) {
    const pattern = PolicyArn ?? InlinePolicyIdentifier?.AttachmentName ?? "";
    const inName = PolicyArn === undefined || /^arn:[^:*?]+:(?:iam|organizations)::[^:*?]+:policy\/.+$/.test(PolicyArn);
    if (!inName || pattern.split("*").length > 2) throw invalidExclusion(pattern);
  }
}

function typeOf({ arn }: EntityPolicy): PolicyIdentifierPolicyType {
  if (arn === undefined) return "inline";
  return arn.includes(":iam::aws:") ? "aws-managed" : "user-managed";
}

function matches(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
