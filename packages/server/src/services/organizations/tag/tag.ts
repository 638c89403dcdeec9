/** Tags of roots, units, accounts, policies and transfers. */
import type { Context } from "../../../service/context.ts";
import { targetArn, isTarget } from "../policy/attachment.ts";
import { ask, requireDelegated } from "../caller.ts";
import { targetNotFound } from "../errors.ts";
import { arnIn, operation } from "../kit.ts";
import { organizationOf, type Organization } from "../organization/row.ts";
import { findPolicy, isAwsManaged, policyArn } from "../policy/row.ts";
import { resourcePolicies } from "../policy/resource-policy-row.ts";
import { putTags, requestTags, tagsOf, withTags } from "./row.ts";
import { sideOf, transferArn, transfers } from "../handshake/transfer-row.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import { removeTags } from "../../../kernel/tags.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceId, Tags }, context) =>
    onTagged("TagResource", ResourceId, context, { requestTags: requestTags(Tags) }),

  async handle({ ResourceId, Tags }, context) {
    const { tx } = context;
    const organization = await requireDelegated("TagResource", context);
    await requireTaggable(organization, ResourceId, tx);
    putTags(organization, ResourceId, withTags(await tagsOf(organization, ResourceId, tx), Tags), tx);
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceId, TagKeys }, context) => onTagged("UntagResource", ResourceId, context, { tagKeys: TagKeys }),

  async handle({ ResourceId, TagKeys }, context) {
    const { tx } = context;
    const organization = await requireDelegated("UntagResource", context);
    await requireTaggable(organization, ResourceId, tx);
    putTags(organization, ResourceId, removeTags(await tagsOf(organization, ResourceId, tx), TagKeys), tx);
    return {};
  },
});

/** At most fifty, so one page has them all. */
export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceId }, context) => onTagged("ListTagsForResource", ResourceId, context),

  async handle({ ResourceId }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListTagsForResource", context);
    await requireTaggable(organization, ResourceId, tx);
    const tags = await tagsOf(organization, ResourceId, tx);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});

async function onTagged(
  action: "TagResource" | "UntagResource" | "ListTagsForResource",
  id: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
) {
  const { account, tx } = context;
  const organization = await organizationOf(account, tx);
  const policy = organization && (await findPolicy(organization, id, tx));
  const transfer = await tx.get(transfers, id);
  return ask(action, context, {
    ...more,
    on: (own) => {
      const side = transfer && sideOf(transfer, own.id);
      if (transfer && side) return transferArn(transfer, side);
      return policy ? policyArn(own, policy) : arnOf(own, id);
    },
    keys: { "organizations:PolicyType": policy?.type },
    resourceTags: organization && (await tagsOf(organization, id, tx)),
  });
}

function arnOf(organization: Organization, id: string) {
  if (id.startsWith("rp-")) return arnIn(organization, `resourcepolicy/${organization.id}/${id}`);
  // be there one or not
  if (id.startsWith("rt-")) return arnIn(organization, `transfer/${organization.id}/billing/inbound/${id}`);
  return targetArn(organization, id);
}

/** @throws {AwsError} `TargetNotFoundException`: AWS's own policies have no tags either. */
async function requireTaggable(organization: Organization, id: string, tx: Transaction): Promise<void> {
  const transfer = await tx.get(transfers, id);
  const own = id.startsWith("p-") && !isAwsManaged(id) && (await findPolicy(organization, id, tx)) !== undefined;
  const found =
    own ||
    (await isTarget(organization, id, tx)) ||
    (await tx.get(resourcePolicies, organization.id))?.id === id ||
    (transfer !== undefined && sideOf(transfer, organization.id) !== undefined);
  if (!found) throw targetNotFound();
}
