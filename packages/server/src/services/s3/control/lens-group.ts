/**
 * Groups of objects that S3 Storage Lens tells apart.
 * Differs: they are kept, and without effect, as `lens.ts` says.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-lens-groups.html
 */
import type { StorageLensGroup } from "@aws-sdk/client-s3-control";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { ask, type AccountInput } from "./access.ts";
import { invalidNextToken, lensGroupExists, noSuchResource } from "./errors.ts";
import { arn, operation } from "./kit.ts";
import { PAGE_ITEMS_MAX } from "./limits.ts";
import { requestTagsOf, toTags } from "./tag.ts";

interface LensGroup {
  readonly name: string;
  /** As JSON. */
  readonly group: string;
  readonly tags: Tags;
}

export const lensGroups = table<LensGroup>("s3.storage-lens-group", "region", ({ name }) => [name]);

interface GroupInput extends AccountInput {
  readonly Name: string;
}

export const lensGroupArn = (name: string, context: Context) => arn(context, `storage-lens-group/${name}`);

async function askAboutGroup(action: string, input: GroupInput, context: Context): Promise<Access> {
  const group = await context.tx.get(lensGroups, input.Name);
  return ask(input, { action, resource: lensGroupArn(input.Name, context), resourceTags: group?.tags }, context);
}

async function requireGroup({ Name }: GroupInput, { tx }: Pick<Context, "tx">): Promise<LensGroup> {
  const group = await tx.get(lensGroups, Name);
  if (group === undefined) throw noSuchResource();
  return group;
}

export const createStorageLensGroup = operation("CreateStorageLensGroup", {
  authorize(input, context) {
    const { StorageLensGroup: asked, Tags = [] } = input;
    const requestTags = Tags.length > 0 ? { requestTags: requestTagsOf(Tags) } : {};
    const resource = lensGroupArn(asked.Name, context);
    return ask(input, { action: "s3:CreateStorageLensGroup", resource, ...requestTags }, context);
  },

  async handle({ StorageLensGroup: asked, Tags = [] }, { tx }) {
    if (await tx.get(lensGroups, asked.Name)) throw lensGroupExists();
    tx.put(lensGroups, { name: asked.Name, group: JSON.stringify(asked), tags: toTags(Tags) });
    return {};
  },
});

export const getStorageLensGroup = operation("GetStorageLensGroup", {
  authorize: (input, context) => askAboutGroup("s3:GetStorageLensGroup", input, context),

  async handle(input, context) {
    const { name, group } = await requireGroup(input, context);
    const read: StorageLensGroup = JSON.parse(group);
    return { StorageLensGroup: { ...read, StorageLensGroupArn: lensGroupArn(name, context) } };
  },
});

export const updateStorageLensGroup = operation("UpdateStorageLensGroup", {
  authorize: (input, context) => askAboutGroup("s3:UpdateStorageLensGroup", input, context),

  async handle(input, context) {
    const before = await requireGroup(input, context);
    context.tx.put(lensGroups, { ...before, group: JSON.stringify({ ...input.StorageLensGroup, Name: before.name }) });
    return {};
  },
});

export const listStorageLensGroups = operation("ListStorageLensGroups", {
  authorize: (input, context) => ask(input, { action: "s3:ListStorageLensGroups", resource: "*" }, context),

  async handle({ NextToken: token }, context) {
    const { rows, next } = await page(context.tx, lensGroups, {
      token,
      max: PAGE_ITEMS_MAX,
      invalidToken: invalidNextToken,
    });
    const StorageLensGroupList = rows.map(({ name }) => ({
      Name: name,
      StorageLensGroupArn: lensGroupArn(name, context),
      HomeRegion: context.region,
    }));
    return { StorageLensGroupList, NextToken: next };
  },
});

export const deleteStorageLensGroup = operation("DeleteStorageLensGroup", {
  authorize: (input, context) => askAboutGroup("s3:DeleteStorageLensGroup", input, context),

  async handle(input, context) {
    const { name } = await requireGroup(input, context);
    context.tx.delete(lensGroups, name);
    return {};
  },
});
