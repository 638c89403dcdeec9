/**
 * Tags, by the operations of log groups and by those of resources.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
 */
import { parseAccountId, parseArn } from "../../kernel/arn.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Table, Transaction } from "../../kernel/table.ts";
import { removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onGroup } from "./access.ts";
import { destinations } from "./destination-row.ts";
import { resourceNotFound } from "./errors.ts";
import { findGroup, groupOfText, groups, requireOwnGroup } from "./group-row.ts";
import { arn, operation } from "./kit.ts";
import { lookupTables } from "./lookup/row.ts";
import { scheduledQueries } from "./scheduled/row.ts";
import { requireNewTags } from "./tag-rules.ts";
import { vendedDeliveries, vendedDestinations, vendedSources } from "./vended/row.ts";

/** A resource that has tags. */
interface Tagged {
  readonly tags: Tags;
  /** Gives it others. */
  readonly put: (tags: Tags) => void;
}

/** The kinds of resources that are found by their own name. */
const TABLES: Readonly<Record<string, (name: string, tx: Transaction) => Promise<Tagged | undefined>>> = {
  destination: taggedIn(destinations),
  delivery: taggedIn(vendedDeliveries),
  "delivery-source": taggedIn(vendedSources),
  "delivery-destination": taggedIn(vendedDestinations),
  "lookup-table": taggedIn(lookupTables),
  "scheduled-query": taggedIn(scheduledQueries),
};

function taggedIn<Row extends { readonly tags: Tags }>(rows: Table<Row>) {
  return async (name: string, tx: Transaction): Promise<Tagged | undefined> => {
    const found = await tx.get(rows, name);
    return found && { tags: found.tags, put: (tags) => tx.put(rows, { ...found, tags }) };
  };
}

async function findTagged(resourceArn: string, context: Context): Promise<Tagged | undefined> {
  const { tx, account, region } = context;
  const parts = parseArn(resourceArn);
  if (parts?.account !== account || parts.region !== region) return undefined;
  const [, kind = "", name = ""] = /^([a-z-]+):(.+)$/.exec(parts.resource) ?? [];
  if (kind !== "log-group") return findOwn(TABLES, kind)?.(name, tx);
  const group = await findGroup(groupOfText(resourceArn, context), context);
  return group && { tags: group.tags, put: (tags) => tx.put(groups, { ...group, tags }) };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTagged(resourceArn: string, context: Context): Promise<Tagged> {
  const found = await findTagged(resourceArn, context);
  if (found === undefined) throw resourceNotFound();
  return found;
}

async function onTagged(
  action: string,
  resourceArn: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const found = await findTagged(resourceArn, context);
  const { resource: named = "", account = "" } = parseArn(resourceArn) ?? {};
  const owner = parseAccountId(account) ?? context.account;
  const resource = arn(
    { partition: context.partition, region: context.region, account: owner },
    named.replace(/:\*$/, ""),
  );
  return { action: `logs:${action}`, resource, owner, resourceTags: found?.tags, ...more };
}

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) => onTagged("TagResource", resourceArn, context, { requestTags: tags }),

  async handle({ resourceArn, tags }, context) {
    const found = await requireTagged(resourceArn, context);
    found.put(requireNewTags(tags, found.tags));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onTagged("UntagResource", resourceArn, context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const found = await requireTagged(resourceArn, context);
    found.put(removeTags(found.tags, tagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onTagged("ListTagsForResource", resourceArn, context),

  async handle({ resourceArn }, context) {
    const { tags } = await requireTagged(resourceArn, context);
    return { tags: { ...tags } };
  },
});

export const tagLogGroup = operation("TagLogGroup", {
  authorize: (input, context) => onGroup("TagLogGroup", input, context, { requestTags: input.tags }),

  async handle({ logGroupName, tags }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    context.tx.put(groups, { ...group, tags: requireNewTags(tags, group.tags) });
    return {};
  },
});

export const untagLogGroup = operation("UntagLogGroup", {
  authorize: (input, context) => onGroup("UntagLogGroup", input, context, { tagKeys: input.tags }),

  async handle({ logGroupName, tags }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    context.tx.put(groups, { ...group, tags: removeTags(group.tags, tags) });
    return {};
  },
});

export const listTagsLogGroup = operation("ListTagsLogGroup", {
  authorize: (input, context) => onGroup("ListTagsLogGroup", input, context),

  async handle({ logGroupName }, context) {
    const { tags } = await requireOwnGroup(logGroupName, context);
    return { tags: { ...tags } };
  },
});
