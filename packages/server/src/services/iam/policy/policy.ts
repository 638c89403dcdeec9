/**
 * Managed policies: the operations that make, show, list, tag and end them.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
import type { Policy as PolicyShape, PolicyScopeType, PolicyUsageType } from "@aws-sdk/client-iam";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import {
  awsPolicyUnchangeable,
  policyExists,
  policyHasVersions,
  policyInUse,
  quotaExceeded,
  type PolicyChange,
  type policyNotFound,
} from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { ACCOUNT_QUOTAS, MANAGED_POLICY_CHARACTERS_MAX } from "../limits.ts";
import { listOf } from "../listing.ts";
import { arnGiven, arnOf, keyOfName, ROOT_PATH } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";
import { policyUses, usesOf, type PolicyUse } from "./attachment.ts";
import { awsPolicies } from "./aws.ts";
import { charactersOf, requireValidDocument } from "./document.ts";
import { findPolicy, policies, requirePolicy, type CustomerPolicy, type ManagedPolicy } from "./managed.ts";
import { policyVersions, versionsOf } from "./version-row.ts";

export const createPolicy = operation("CreatePolicy", {
  authorize: ({ PolicyName, Path = ROOT_PATH, Tags }, context) =>
    withTagging("TagPolicy", {
      action: "iam:CreatePolicy",
      resource: arnOf(context, "policy", { path: Path, name: PolicyName }),
      requestTags: requestTags(Tags),
    }),

  async handle({ PolicyName: name, Path: path = ROOT_PATH, PolicyDocument: document, Description, Tags }, context) {
    const { tx } = context;
    const tags = withTags({}, Tags);
    requireStorable(document);
    if (await tx.get(policies, keyOfName(name))) throw policyExists(name);
    await countUp(tx, "policies");
    const createdAtMs = context.now().getTime();
    const policy: CustomerPolicy = {
      owner: "customer",
      arn: arnOf(context, "policy", { path, name }),
      id: context.newId("policy"),
      name,
      path,
      description: Description,
      document,
      defaultVersion: 1,
      lastVersion: 1,
      createdAtMs,
      updatedAtMs: createdAtMs,
      tags,
    };
    tx.put(policies, policy);
    tx.put(policyVersions, { policyId: policy.id, version: 1, document, createdAtMs });
    return { Policy: { ...formatPolicy(policy, await usesOf(tx, policy.arn)), Tags: Tags && formatTags(tags) } };
  },
});

export const getPolicy = operation("GetPolicy", {
  authorize: ({ PolicyArn }, context) => onPolicy("GetPolicy", PolicyArn, context),

  async handle({ PolicyArn }, context) {
    const policy = await requirePolicy(PolicyArn, context);
    const uses = await usesOf(context.tx, policy.arn);
    const Tags = formatTags(policy.tags);
    return { Policy: { ...formatPolicy(policy, uses), Description: policy.description, Tags } };
  },
});

export const listPolicies = operation("ListPolicies", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListPolicies",
    resource: arn(context, `policy${PathPrefix}`),
  }),

  async handle({ Scope = "All", OnlyAttached = false, PathPrefix = ROOT_PATH, PolicyUsageFilter, ...paging }, context) {
    const uses = await allUses(context);
    const inScope = await policiesIn(Scope, context);
    const wanted = inScope.filter(
      (policy) => policy.path.startsWith(PathPrefix) && isUsed(uses.get(policy.arn), OnlyAttached, PolicyUsageFilter),
    );
    const { rows, paging: rest } = listOf(wanted, paging, placeInListing);
    return { Policies: rows.map((policy) => formatPolicy(policy, uses.get(policy.arn))), ...rest };
  },
});

export const deletePolicy = operation("DeletePolicy", {
  authorize: ({ PolicyArn }, context) => onPolicy("DeletePolicy", PolicyArn, context),

  async handle({ PolicyArn }, context) {
    const { tx } = context;
    const policy = await requireCustomerPolicy(PolicyArn, context, { doing: "delete policies" });
    const { attachments, boundaries } = await usesOf(tx, policy.arn);
    if (attachments + boundaries > 0) throw policyInUse();
    if ((await versionsOf(tx, policy)).length > 1) throw policyHasVersions();
    tx.delete(policies, keyOfName(policy.name));
    tx.delete(policyVersions, policy.id, policy.defaultVersion);
    await countDown(tx, "policies");
    return {};
  },
});

export const tagPolicy = operation("TagPolicy", {
  authorize: ({ PolicyArn, Tags }, context) =>
    onPolicy("TagPolicy", PolicyArn, context, { requestTags: requestTags(Tags) }),

  async handle({ PolicyArn, Tags }, context) {
    const policy = await requireCustomerPolicy(PolicyArn, context);
    context.tx.put(policies, { ...policy, tags: withTags(policy.tags, Tags) });
    return {};
  },
});

export const untagPolicy = operation("UntagPolicy", {
  authorize: ({ PolicyArn, TagKeys }, context) => onPolicy("UntagPolicy", PolicyArn, context, { tagKeys: TagKeys }),

  async handle({ PolicyArn, TagKeys }, context) {
    const policy = await requireCustomerPolicy(PolicyArn, context);
    context.tx.put(policies, { ...policy, tags: withoutTags(policy.tags, TagKeys) });
    return {};
  },
});

export const listPolicyTags = operation("ListPolicyTags", {
  authorize: ({ PolicyArn }, context) => onPolicy("ListPolicyTags", PolicyArn, context),

  async handle({ PolicyArn, ...paging }, context) {
    const { tags } = await requirePolicy(PolicyArn, context);
    return listTags(tags, paging);
  },
});

/** The question whether the caller may do `action` to the policy of that ARN, be there one or not. */
export async function onPolicy(
  action: IamAction,
  policyArn: string,
  { tx }: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const policy = await findPolicy(policyArn, tx);
  const resource = policy?.arn ?? arnGiven(policyArn);
  return { action: `iam:${action}`, resource, resourceTags: policy?.tags, ...more };
}

/** How a change is refused. */
interface ChangeRefusals {
  readonly doing?: PolicyChange;
  readonly notFound?: typeof policyNotFound;
}

/**
 * A policy that this account may change.
 *
 * @throws {AwsError} `InvalidInput`, `NoSuchEntity`, `AccessDenied` for one of AWS's
 */
export async function requireCustomerPolicy(
  policyArn: string,
  context: Context,
  { doing = "update policies", notFound }: ChangeRefusals = {},
): Promise<CustomerPolicy> {
  const policy = await requirePolicy(policyArn, context, notFound);
  if (policy.owner === "aws") throw awsPolicyUnchangeable(doing);
  return policy;
}

/** @throws {AwsError} `MalformedPolicyDocument`, `LimitExceeded` */
export function requireStorable(document: string): void {
  requireValidDocument(document, "identity");
  const max = MANAGED_POLICY_CHARACTERS_MAX;
  if (charactersOf(document) > max) throw quotaExceeded("PolicySize", max);
}

/** A policy as listings show it: no tags, no description. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
export const formatPolicy = (policy: ManagedPolicy, uses: PolicyUse | undefined): PolicyShape => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: `v${policy.defaultVersion}`,
  AttachmentCount: uses?.attachments ?? 0,
  PermissionsBoundaryUsageCount: uses?.boundaries ?? 0,
  IsAttachable: true,
  CreateDate: new Date(policy.createdAtMs),
  UpdateDate: new Date(policy.updatedAtMs),
});

/** How the account uses each policy that it uses at all, by ARN. */
export async function allUses({ tx }: Pick<Context, "tx">): Promise<ReadonlyMap<string, PolicyUse>> {
  const rows = await tx.scan(policyUses, { limit: USED_POLICIES_MAX });
  return new Map(rows.map((row) => [row.policyArn, row]));
}

/** Far more than AWS has policies, and all that an account may have. */
const USED_POLICIES_MAX = ACCOUNT_QUOTAS.policies.max * 10;

export async function policiesIn(scope: PolicyScopeType, context: Context): Promise<readonly ManagedPolicy[]> {
  const own = scope === "AWS" ? [] : await context.tx.scan(policies, { limit: ACCOUNT_QUOTAS.policies.max });
  const aws = scope === "Local" ? [] : await awsPolicies(context);
  return [...own, ...aws];
}

/** The account's own policies come first, each kind by name. */
const placeInListing = ({ owner, name }: ManagedPolicy): string => `${owner === "aws" ? 1 : 0}${keyOfName(name)}`;

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
function isUsed(uses: PolicyUse | undefined, onlyAttached: boolean, filter: PolicyUsageType | undefined): boolean {
  const { attachments, boundaries } = uses ?? { attachments: 0, boundaries: 0 };
  if (filter === "PermissionsBoundary") return boundaries > 0;
  return attachments > 0 || (filter === undefined && !onlyAttached);
}
