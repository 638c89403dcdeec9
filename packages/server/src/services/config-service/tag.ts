/** Tags of what AWS Config has: rules, aggregators, authorizations, recorders, queries. */
import { formatArn, parseArn } from "../../kernel/arn.ts";
import { pageOf } from "../../kernel/page.ts";
import { removeTags, type Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { aggregatorArn, aggregators, authorizations } from "./aggregator/row.ts";
import { taggedNotFound, tokenInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { PAGE } from "./limits.ts";
import { spreadArn, spreads, type Spread } from "./organization/row.ts";
import { packArn, packs } from "./pack/row.ts";
import { findRecorder, recorderArn, recorders } from "./recorder/row.ts";
import { ruleArn, rules } from "./rule/row.ts";
import { queries, queryArn } from "./query/stored.ts";
import { formatTags, requireTags, tagsOf } from "./tag-list.ts";

/** What an ARN names, with a way to put its tags. */
interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): void;
}

/** Few enough to be looked through: rules and aggregators are known by name, and an ARN has an id. */
const ALL = { limit: Infinity } as const;

type Find = (arn: string, context: Context, rest: readonly string[]) => Promise<Tagged | undefined>;

/** By what an ARN begins with. */
const KINDS: ReadonlyMap<string, Find> = new Map<string, Find>([
  ["config-rule", taggedRule],
  ["config-aggregator", taggedAggregator],
  ["aggregation-authorization", (_, context, rest) => taggedAuthorization(rest, context)],
  ["configuration-recorder", taggedRecorder],
  ["conformance-pack", taggedPack],
  ["organization-config-rule", (arn, context, [id = ""]) => taggedSpread({ arn, kind: "rule", id }, context)],
  ["organization-conformance-pack", (arn, context, [id = ""]) => taggedSpread({ arn, kind: "pack", id }, context)],
  ["stored-query", (arn, context, [name = ""]) => taggedQuery({ arn, name }, context)],
]);

async function findTagged(arn: string, context: Context): Promise<Tagged | undefined> {
  const [kind = "", ...rest] = parseArn(arn)?.resource.split("/") ?? [];
  return KINDS.get(kind)?.(arn, context, rest);
}

async function taggedRule(arn: string, { tx }: Context): Promise<Tagged | undefined> {
  const row = (await tx.scan(rules, ALL)).find((rule) => ruleArn(rule) === arn);
  return row && { tags: row.tags, put: (tags) => tx.put(rules, { ...row, tags }) };
}

async function taggedAggregator(arn: string, { tx }: Context): Promise<Tagged | undefined> {
  const row = (await tx.scan(aggregators, ALL)).find((aggregator) => aggregatorArn(aggregator) === arn);
  return row && { tags: row.tags, put: (tags) => tx.put(aggregators, { ...row, tags }) };
}

async function taggedAuthorization([account = "", region = ""]: readonly string[], context: Context) {
  const row = await context.tx.get(authorizations, account, region);
  return row && { tags: row.tags, put: (tags: Tags) => context.tx.put(authorizations, { ...row, tags }) };
}

async function taggedRecorder(arn: string, { tx, region }: Context): Promise<Tagged | undefined> {
  const row = await findRecorder(tx, region);
  if (row === undefined || recorderArn(row) !== arn) return undefined;
  return { tags: row.tags, put: (tags) => tx.put(recorders, { ...row, tags }) };
}

/** The name stands before the id, which is last. */
async function taggedPack(arn: string, { tx }: Context): Promise<Tagged | undefined> {
  const row = await tx.get(packs, arn.split("/").at(-2) ?? "");
  if (row === undefined || packArn(row) !== arn) return undefined;
  return { tags: row.tags, put: (tags) => tx.put(packs, { ...row, tags }) };
}

interface SpreadName {
  readonly arn: string;
  readonly kind: Spread["kind"];
  /** The name, a hyphen and eight characters. */
  readonly id: string;
}

async function taggedSpread({ arn, kind, id }: SpreadName, { tx }: Context): Promise<Tagged | undefined> {
  const row = await tx.get(spreads, kind, id.slice(0, id.lastIndexOf("-")));
  if (row === undefined || spreadArn(row) !== arn) return undefined;
  return { tags: row.tags, put: (tags) => tx.put(spreads, { ...row, tags }) };
}

async function taggedQuery(
  { arn, name }: { arn: string; name: string },
  context: Context,
): Promise<Tagged | undefined> {
  const row = await context.tx.get(queries, name);
  if (row === undefined || queryArn(context, row) !== arn) return undefined;
  return { tags: row.tags, put: (tags) => context.tx.put(queries, { ...row, tags }) };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTagged(arn: string, context: Context): Promise<Tagged> {
  const tagged = await findTagged(arn, context);
  if (tagged === undefined) throw taggedNotFound(arn);
  return tagged;
}

const onTagged = (action: string) => async (arn: string, context: Context) => {
  const tagged = await findTagged(arn, context);
  const parts = parseArn(arn);
  const resource = parts && tagged ? formatArn(parts) : ("*" as const);
  return { action: `config:${action}`, resource, resourceTags: tagged?.tags };
};

export const tagResource = operation("TagResource", {
  authorize: async ({ ResourceArn, Tags }, context) => ({
    ...(await onTagged("TagResource")(ResourceArn, context)),
    requestTags: tagsOf(Tags),
  }),

  async handle({ ResourceArn, Tags }, context) {
    const tagged = await requireTagged(ResourceArn, context);
    tagged.put(requireTags(tagged.tags, Tags));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: async ({ ResourceArn, TagKeys }, context) => ({
    ...(await onTagged("UntagResource")(ResourceArn, context)),
    tagKeys: TagKeys,
  }),

  async handle({ ResourceArn, TagKeys }, context) {
    const tagged = await requireTagged(ResourceArn, context);
    tagged.put(removeTags(tagged.tags, TagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => onTagged("ListTagsForResource")(ResourceArn, context),

  async handle({ ResourceArn, Limit, NextToken: token }, context) {
    const { tags } = await requireTagged(ResourceArn, context);
    const limit = Limit || PAGE.max;
    const { rows, next } = pageOf(formatTags(tags), {
      token,
      limit,
      orderOf: ({ Key = "" }) => [Key],
      invalidToken: tokenInvalid,
    });
    return { Tags: [...rows], ...(next !== undefined && { NextToken: next }) };
  },
});
