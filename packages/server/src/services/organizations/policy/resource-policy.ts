/** The organization's resource policy. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html */
import type { ResourcePolicy as ResourcePolicyShape } from "@aws-sdk/client-organizations";
import type { Arn } from "../../../kernel/arn.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import { ask, askNew, requireDelegated, requireManagement } from "../caller.ts";
import { invalidResourcePolicy, resourcePolicyNotFound } from "../errors.ts";
import { newResourcePolicyId } from "../id.ts";
import { arnIn, operation } from "../kit.ts";
import type { Organization } from "../organization/row.ts";
import { resourcePolicies, type ResourcePolicy } from "./resource-policy-row.ts";
import { putTags, requestTags, withTags } from "../tag/row.ts";

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: ({ Tags }, context) => askNew("PutResourcePolicy", context, { requestTags: requestTags(Tags) }),

  async handle({ Content: content, Tags }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    const problem = validatePolicy(content, "resource");
    if (problem) throw invalidResourcePolicy(problem.message);
    const present = await tx.get(resourcePolicies, organization.id);
    const id = present?.id ?? newResourcePolicyId(context);
    const policy = { organizationId: organization.id, id, content };
    tx.put(resourcePolicies, policy);
    if (Tags !== undefined) putTags(organization, id, withTags({}, Tags), tx);
    return { ResourcePolicy: formatResourcePolicy(organization, policy) };
  },
});

export const describeResourcePolicy = operation("DescribeResourcePolicy", {
  authorize: (_, context) => ask("DescribeResourcePolicy", context),

  async handle(_, context) {
    const organization = await requireDelegated("DescribeResourcePolicy", context);
    const policy = await context.tx.get(resourcePolicies, organization.id);
    if (!policy) throw resourcePolicyNotFound();
    return { ResourcePolicy: formatResourcePolicy(organization, policy) };
  },
});

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: (_, context) => ask("DeleteResourcePolicy", context),

  async handle(_, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    const policy = await tx.get(resourcePolicies, organization.id);
    if (!policy) throw resourcePolicyNotFound();
    tx.delete(resourcePolicies, organization.id);
    putTags(organization, policy.id, {}, tx);
    return {};
  },
});

const resourcePolicyArn = (organization: Organization, id: string): Arn =>
  arnIn(organization, `resourcepolicy/${organization.id}/${id}`);

const formatResourcePolicy = (organization: Organization, { id, content }: ResourcePolicy): ResourcePolicyShape => ({
  ResourcePolicySummary: { Id: id, Arn: resourcePolicyArn(organization, id) },
  Content: content,
});
