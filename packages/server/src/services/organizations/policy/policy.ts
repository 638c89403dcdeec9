/** Policies of all types. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
import type { Policy as PolicyShape } from "@aws-sdk/client-organizations";
import type { Context } from "../../../service/context.ts";
import { ask, askNew, requireDelegated } from "../caller.ts";
import { requireContent } from "./content.ts";
import {
  duplicatePolicy,
  immutablePolicy,
  policyInUse,
  policyNotThere,
  policyTypeNotAvailable,
  tooManyPolicies,
} from "../errors.ts";
import { newPolicyId } from "../id.ts";
import { operation, type OrganizationsAction } from "../kit.ts";
import { limitsOf } from "../limits.ts";
import { organizationOf, restamp, type Organization } from "../organization/row.ts";
import { listOf } from "../paging.ts";
import {
  attachmentsOfPolicy,
  awsPolicyOf,
  findPolicy,
  formatSummary,
  isAwsManaged,
  policies,
  policyArn,
  policyNames,
  requirePolicy,
  type Policy,
} from "./row.ts";
import { putTags, requestTags, tagsOf, withTags } from "../tag/row.ts";

export const createPolicy = operation("CreatePolicy", {
  authorize: ({ Type, Tags }, context) =>
    askNew("CreatePolicy", context, { keys: { "organizations:PolicyType": Type }, requestTags: requestTags(Tags) }),

  async handle({ Content: content, Description: description, Name: name, Type: type, Tags }, context) {
    const { tx } = context;
    const organization = await requireDelegated("CreatePolicy", context);
    if (organization.featureSet !== "ALL") throw policyTypeNotAvailable();
    requireContent(content, type);
    await requireFreeName(organization, { type, name }, context);
    const max = limitsOf(type).perOrganizationMax;
    const present = await tx.scan(policyNames, { prefix: [organization.id, type], limit: max });
    if (present.length >= max) throw tooManyPolicies();
    const policy: Policy = {
      organizationId: organization.id,
      id: newPolicyId(context),
      name,
      description,
      type,
      content,
    };
    putTags(organization, policy.id, withTags({}, Tags), tx);
    putPolicy(policy, context);
    return { Policy: formatPolicy(organization, policy) };
  },
});

export const describePolicy = operation("DescribePolicy", {
  authorize: ({ PolicyId }, context) => onPolicy("DescribePolicy", PolicyId, context),

  async handle({ PolicyId }, context) {
    const organization = await requireDelegated("DescribePolicy", context);
    return { Policy: formatPolicy(organization, await requirePolicy(organization, PolicyId, context.tx)) };
  },
});

export const updatePolicy = operation("UpdatePolicy", {
  authorize: ({ PolicyId }, context) => onPolicy("UpdatePolicy", PolicyId, context),

  async handle({ PolicyId, Name, Description, Content }, context) {
    const organization = await requireDelegated("UpdatePolicy", context);
    const policy = await requirePolicy(organization, PolicyId, context.tx, policyNotThere);
    if (isAwsManaged(policy.id)) throw immutablePolicy();
    const changed = {
      ...policy,
      name: Name ?? policy.name,
      description: Description ?? policy.description,
      content: Content ?? policy.content,
    };
    if (Content !== undefined) requireContent(Content, policy.type);
    if (changed.name !== policy.name) await requireFreeName(organization, changed, context);
    context.tx.delete(policyNames, organization.id, policy.type, policy.name);
    putPolicy(changed, context);
    await restamp(organization.id, context);
    return { Policy: formatPolicy(organization, changed) };
  },
});

export const deletePolicy = operation("DeletePolicy", {
  authorize: ({ PolicyId }, context) => onPolicy("DeletePolicy", PolicyId, context),

  async handle({ PolicyId }, context) {
    const { tx } = context;
    const organization = await requireDelegated("DeletePolicy", context);
    const { id, type, name } = await requirePolicy(organization, PolicyId, tx, policyNotThere);
    if (isAwsManaged(id)) throw immutablePolicy();
    const [attachment] = await tx.scan(attachmentsOfPolicy, { prefix: [organization.id, id], limit: 1 });
    if (attachment) throw policyInUse();
    tx.delete(policies, organization.id, id);
    tx.delete(policyNames, organization.id, type, name);
    putTags(organization, id, {}, tx);
    return {};
  },
});

/** AWS's own policy of the type comes among the others. */
export const listPolicies = operation("ListPolicies", {
  authorize: ({ Filter }, context) => ask("ListPolicies", context, { keys: { "organizations:PolicyType": Filter } }),

  async handle({ Filter: type, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListPolicies", context);
    const own = awsPolicyOf(type);
    const max = limitsOf(type).perOrganizationMax;
    const names = await tx.scan(policyNames, { prefix: [organization.id, type], limit: max });
    const { rows, rest } = listOf([...(own ? [own] : []), ...names], paging, ({ name }) => name);
    const found = await Promise.all(rows.map(({ id }) => requirePolicy(organization, id, tx)));
    return { Policies: found.map((policy) => formatSummary(organization, policy)), ...rest };
  },
});

/** The question about one policy, with its type and tags. */
export async function onPolicy(action: OrganizationsAction, id: string, context: Context) {
  const { account, tx } = context;
  const organization = await organizationOf(account, tx);
  const policy = organization && (await findPolicy(organization, id, tx));
  return ask(action, context, {
    on: (own) => policyArn(own, { id, type: policy?.type ?? "SERVICE_CONTROL_POLICY" }),
    keys: { "organizations:PolicyType": policy?.type },
    resourceTags: organization && policy && (await tagsOf(organization, id, tx)),
  });
}

function putPolicy(policy: Policy, { tx }: Context): void {
  const { organizationId, type, name, id } = policy;
  tx.put(policies, policy);
  tx.put(policyNames, { organizationId, type, name, id });
}

/** @throws {AwsError} `DuplicatePolicyException` */
async function requireFreeName(
  { id }: Organization,
  { type, name }: Pick<Policy, "type" | "name">,
  { tx }: Context,
): Promise<void> {
  if (awsPolicyOf(type)?.name === name || (await tx.get(policyNames, id, type, name))) throw duplicatePolicy();
}

const formatPolicy = (organization: Organization, policy: Policy): PolicyShape => ({
  PolicySummary: formatSummary(organization, policy),
  Content: policy.content,
});
