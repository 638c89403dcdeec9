/**
 * Organizations: made, shown and ended.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html
 */
import type { Organization as OrganizationShape } from "@aws-sdk/client-organizations";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { accountArn, accounts, emailOf, type Account } from "../account/row.ts";
import { makeOwnLinkedRole } from "../account/access-role.ts";
import { ask, askOwn, requireManagement, requireOrganization } from "../caller.ts";
import { alreadyInOrganization, masterCannotLeave, organizationNotEmpty, transferActive } from "../errors.ts";
import { newOrganizationId, newRootId } from "../id.ts";
import { arnIn, operation } from "../kit.ts";
import { dropHeadCount } from "../account/head-count.ts";
import { addMember, dropMember, requireMayLeave } from "../account/member.ts";
import { isManagement, memberships, organizations, type Organization } from "./row.ts";
import { attachAwsPolicies, dropAttachments, policies, policyNames } from "../policy/row.ts";
import { resourcePolicies } from "../policy/resource-policy-row.ts";
import { putTags } from "../tag/row.ts";
import { dropAttempts } from "../handshake/attempt.ts";
import { cancelWaiting, dropInvitationCount } from "../handshake/waiting.ts";
import { dropTransfers, hasActiveTransfer } from "../handshake/transfer-row.ts";
import { children } from "../unit/row.ts";

export const createOrganization = operation("CreateOrganization", {
  authorize: () => ({ action: "organizations:CreateOrganization", resource: "*" }),

  async handle({ FeatureSet = "ALL" }, context) {
    const { tx, account, partition } = context;
    if (await tx.get(memberships, account)) throw alreadyInOrganization();
    if (FeatureSet === "ALL") await makeOwnLinkedRole(context);
    const organization: Organization = {
      id: newOrganizationId(context),
      partition,
      managementAccount: account,
      email: emailOf(account),
      featureSet: FeatureSet,
      rootId: newRootId(context),
      // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/organization_test.go (testAccOrganization_basic: no type is enabled)
      policyTypes: [],
      stamp: context.newId(),
      changedAtMs: context.now().getTime(),
    };
    tx.put(organizations, organization);
    attachAwsPolicies(organization, organization.rootId, tx);
    const facts = { id: account, name: "master", email: organization.email, joinedMethod: "INVITED" } as const;
    await addMember(organization, facts, context);
    return { Organization: formatOrganization(organization) };
  },
});

export const describeOrganization = operation("DescribeOrganization", {
  authorize: (_, context) => askOwn("DescribeOrganization", context),

  async handle(_, context) {
    return { Organization: formatOrganization(await requireOrganization(context)) };
  },
});

export const deleteOrganization = operation("DeleteOrganization", {
  authorize: (_, context) => ask("DeleteOrganization", context, { on: organizationArn }),

  async handle(_, context) {
    const organization = await requireManagement(context);
    await requireEmpty(organization, context);
    if (await hasActiveTransfer(organization, context)) throw transferActive();
    await dropMember(organization, organization.managementAccount, context);
    await dropPolicies(organization, context);
    await dropAttachments(organization, organization.rootId, context.tx);
    putTags(organization, organization.rootId, {}, context.tx);
    context.tx.delete(resourcePolicies, organization.id);
    // nobody joins what is gone
    await cancelWaiting(organization.id, context);
    dropInvitationCount(organization.id, context);
    await dropAttempts(organization.id, context);
    await dropTransfers(organization, context.tx);
    dropHeadCount(organization.id, context.tx);
    context.tx.delete(organizations, organization.id);
    return {};
  },
});

export const leaveOrganization = operation("LeaveOrganization", {
  authorize: (_, context) => askOwn("LeaveOrganization", context),

  async handle(_, context) {
    const organization = await requireOrganization(context);
    if (isManagement(organization, context)) throw masterCannotLeave();
    await requireMayLeave(organization, context.account, context);
    await dropMember(organization, context.account, context);
    return {};
  },
});

/** @throws {AwsError} `OrganizationNotEmptyException`: also units have to be gone first. */
async function requireEmpty({ id, rootId }: Organization, { tx }: Context): Promise<void> {
  const members: readonly Account[] = await tx.scan(accounts, { prefix: [id], limit: 2 });
  const units = await tx.scan(children, { prefix: [id, rootId, "ORGANIZATIONAL_UNIT"], limit: 1 });
  if (members.length > 1 || units.length > 0) throw organizationNotEmpty();
}

const POLICIES_AT_ONCE = 100_000;

async function dropPolicies(organization: Organization, { tx }: Context): Promise<void> {
  for (const policy of await tx.scan(policies, { prefix: [organization.id], limit: POLICIES_AT_ONCE })) {
    putTags(organization, policy.id, {}, tx);
    tx.delete(policyNames, organization.id, policy.type, policy.name);
    tx.delete(policies, organization.id, policy.id);
  }
}

const organizationArn = (organization: Organization): Arn => arnIn(organization, `organization/${organization.id}`);

/** `AvailablePolicyTypes` has said the same for years. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const formatOrganization = (organization: Organization): OrganizationShape => ({
  Id: organization.id,
  Arn: organizationArn(organization),
  FeatureSet: organization.featureSet,
  MasterAccountArn: accountArn(organization, organization.managementAccount),
  MasterAccountId: organization.managementAccount,
  MasterAccountEmail: organization.email,
  AvailablePolicyTypes:
    organization.featureSet === "ALL" ? [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }] : [],
});
