/** Log groups: made, found, listed and taken away. */
import type { LogGroup as ShownGroup } from "@aws-sdk/client-cloudwatch-logs";
import { decodeToken, encodeToken, type Page } from "../../kernel/page.ts";
import type { Key } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onAllGroups, onGroup, onNamedGroup } from "./access.ts";
import { emptyLater } from "./clearing.ts";
import { requireUsableKey } from "./event/encryption.ts";
import { groupExists, groupProtected, invalidToken, nameReserved, prefixAndPattern } from "./errors.ts";
import { bytesOf } from "./group-size.ts";
import {
  arnOf,
  groupOfText,
  groups,
  namedGroup,
  requireGroup,
  requireOwn,
  requireOwnGroup,
  type LogGroup,
  type NamedGroup,
} from "./group-row.ts";
import { groupArn, operation } from "./kit.ts";
import { LISTED_GROUPS_MAX, PAGE_MAX } from "./limits.ts";
import { requireNewTags } from "./tag-rules.ts";
import { notBuilt } from "./unbuilt.ts";

export const createLogGroup = operation("CreateLogGroup", {
  async authorize(input, context) {
    const requestTags = input.tags;
    const creation = await onGroup("CreateLogGroup", input, context, { requestTags });
    if (requestTags === undefined || Object.keys(requestTags).length === 0) return creation;
    const { account, region, partition } = context;
    const resource = groupArn({ account, region, partition }, input.logGroupName);
    // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (tags)
    // Differs: who has logs:TagLogGroup alone, which AWS gives up, tags nothing that is made.
    return [creation, { ...creation, action: "logs:TagResource", resource }];
  },

  async handle(input, context) {
    const { logGroupName: name, kmsKeyId, tags = {}, logGroupClass = "STANDARD" } = input;
    const { tx, account, region, partition } = context;
    if (/^aws\//i.test(name)) throw nameReserved();
    if ((await tx.get(groups, name)) !== undefined) throw groupExists();
    const group: LogGroup = {
      id: context.newId(),
      name,
      account,
      region,
      partition,
      createdAtMs: context.now().getTime(),
      class: logGroupClass,
      ...(kmsKeyId !== undefined && { kmsKeyId }),
      // AWS writes of one day, and shows two
      // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/logs/group_test.go (logGroupClassDELIVERY1)
      ...(logGroupClass === "DELIVERY" && { retentionDays: 2 }),
      ...(input.deletionProtectionEnabled === true && { deletionProtected: true }),
      metricFilters: 0,
      subscriptionFilters: 0,
      tags: requireNewTags(tags, {}),
    };
    if (kmsKeyId !== undefined) await requireUsableKey(kmsKeyId, group, context);
    tx.put(groups, group);
    return {};
  },
});

export const deleteLogGroup = operation("DeleteLogGroup", {
  authorize: (input, context) => onGroup("DeleteLogGroup", input, context),

  async handle({ logGroupName }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    if (group.deletionProtected) throw groupProtected();
    context.tx.delete(groups, group.name);
    await emptyLater(group, context);
    return {};
  },
});

export const putLogGroupDeletionProtection = operation("PutLogGroupDeletionProtection", {
  authorize: ({ logGroupIdentifier }, context) =>
    onGroup("PutLogGroupDeletionProtection", { logGroupIdentifier }, context),

  async handle({ logGroupIdentifier, deletionProtectionEnabled }, context) {
    const group = await requireOwnGroup(logGroupIdentifier, context);
    const { deletionProtected: _was, ...rest } = group;
    context.tx.put(groups, { ...rest, ...(deletionProtectionEnabled && { deletionProtected: true as const }) });
    return {};
  },
});

export const describeLogGroups = operation("DescribeLogGroups", {
  async authorize({ logGroupIdentifiers = [] }, context) {
    const named = logGroupIdentifiers.map((text) => groupOfText(text, context));
    const foreign = named.filter(({ account }) => account !== context.account);
    const theirs = await Promise.all(foreign.map((group) => onNamedGroup("DescribeLogGroups", group, context)));
    return [onAllGroups("DescribeLogGroups", context), ...theirs];
  },

  async handle(input, context) {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, limit = PAGE_MAX, nextToken: token } = input;
    if (prefix !== undefined && pattern !== undefined) throw prefixAndPattern();
    const { rows, next } = await namedOr(input.logGroupIdentifiers, context, () =>
      search({ prefix, limit, token, isWanted: groupFilter(input, context) }, context),
    );
    const logGroups: ShownGroup[] = [];
    for (const group of rows) logGroups.push(pattern === undefined ? await show(group, context) : showFound(group));
    return { logGroups, ...(next !== undefined && { nextToken: next }) };
  },
});

/** Those that are named, as far as there are any. */
async function namedOr(
  identifiers: readonly string[] | undefined,
  context: Context,
  otherwise: () => Promise<Page<LogGroup>>,
): Promise<Page<LogGroup>> {
  if (identifiers === undefined || identifiers.length === 0) return otherwise();
  const rows: LogGroup[] = [];
  for (const text of identifiers) rows.push(await requireGroup(groupOfText(text, context), context));
  return { rows };
}

interface GroupFilter {
  readonly accountIdentifiers?: readonly string[] | undefined;
  readonly logGroupNamePattern?: string | undefined;
  readonly logGroupClass?: string | undefined;
}

function groupFilter(
  { accountIdentifiers, logGroupNamePattern: pattern = "", logGroupClass }: GroupFilter,
  { account }: Context,
): (group: LogGroup) => boolean {
  const isOwn = accountIdentifiers === undefined || accountIdentifiers.includes(account);
  return (group) =>
    isOwn && group.name.includes(pattern) && (logGroupClass === undefined || group.class === logGroupClass);
}

interface Search {
  readonly prefix?: string | undefined;
  readonly limit: number;
  readonly token: string | undefined;
  readonly isWanted: (group: LogGroup) => boolean;
}

const ROWS_AT_ONCE = 200;
/** Rows looked at by one call. */
const ROWS_MAX = 10_000;

/** A page of those that are wanted, by name; what was looked at ends where the token begins. */
async function search({ prefix, limit, token, isWanted }: Search, { tx }: Context): Promise<Page<LogGroup>> {
  const rows: LogGroup[] = [];
  let after: Key | undefined = token === undefined ? undefined : decodeToken(token, invalidToken);
  for (let looked = 0; looked < ROWS_MAX;) {
    const found: readonly LogGroup[] = await tx.scan(groups, { startsWith: prefix, after, limit: ROWS_AT_ONCE });
    for (const group of found) {
      if (isWanted(group)) {
        if (rows.length === limit) return { rows, next: encodeToken(after ?? []) };
        rows.push(group);
      }
      after = groups.keyOf(group);
    }
    looked += found.length;
    if (found.length < ROWS_AT_ONCE) return { rows };
  }
  return { rows, next: encodeToken(after ?? []) };
}

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
async function show(group: LogGroup, context: Context): Promise<ShownGroup> {
  const { retentionDays, kmsKeyId } = group;
  return {
    logGroupName: group.name,
    creationTime: group.createdAtMs,
    ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
    metricFilterCount: group.metricFilters,
    arn: `${arnOf(group)}:*`,
    storedBytes: await bytesOf(group, context),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    logGroupClass: group.class,
    logGroupArn: arnOf(group),
    deletionProtectionEnabled: group.deletionProtected ?? false,
  };
}

/**
 * What is said of groups that were looked for by a part of their names.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html (logGroupNamePattern),
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs_groups.snapshot.json (test_describe_log_groups_with_pattern)
 */
const showFound = (group: LogGroup): ShownGroup => ({
  logGroupName: group.name,
  creationTime: group.createdAtMs,
  metricFilterCount: group.metricFilters,
  arn: `${arnOf(group)}:*`,
  logGroupClass: group.class,
  logGroupArn: arnOf(group),
});

export const listLogGroups = operation("ListLogGroups", {
  authorize: (_input, context) => onAllGroups("ListLogGroups", context),

  async handle(input, context) {
    const { limit = PAGE_MAX, nextToken: token, logGroupTags = [], dataSources = [] } = input;
    if (input.fieldIndexNames !== undefined) throw notBuilt("fieldIndexNames");
    // no group has data sources
    if (dataSources.length > 0) return { logGroups: [] };
    const isNamed = groupFilter({ ...input, logGroupNamePattern: undefined }, context);
    const pattern = namePattern(input.logGroupNamePattern ?? "");
    const isWanted = (group: LogGroup): boolean =>
      isNamed(group) && pattern(group.name) && logGroupTags.every(({ key, values }) => hasTag(group, key, values));
    const { rows, next } = await search({ limit: Math.min(limit, LISTED_GROUPS_MAX), token, isWanted }, context);
    const logGroups = rows.map((group) => ({
      logGroupName: group.name,
      logGroupArn: arnOf(group),
      logGroupClass: group.class,
    }));
    return { logGroups, ...(next !== undefined && { nextToken: next }) };
  },
});

const hasTag = ({ tags }: LogGroup, key: string, values: readonly string[] | undefined): boolean =>
  tags[key] !== undefined && (values === undefined || values.length === 0 || values.includes(tags[key]));

/**
 * A few texts between bars; those behind `^` begin a name.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html (logGroupNamePattern)
 */
function namePattern(pattern: string): (name: string) => boolean {
  const parts = pattern.split("|");
  return (name) => parts.some((part) => (part.startsWith("^") ? name.startsWith(part.slice(1)) : name.includes(part)));
}

interface KeyTarget {
  readonly logGroupName?: string | undefined;
  readonly resourceIdentifier?: string | undefined;
}

/** Differs: of what may be named by its ARN, only log groups are there; results of queries have no key of their own. */
const keyed = ({ logGroupName, resourceIdentifier }: KeyTarget, context: Context): NamedGroup =>
  namedGroup({ logGroupName, logGroupIdentifier: resourceIdentifier }, context);

export const associateKmsKey = operation("AssociateKmsKey", {
  authorize: (input, context) => onNamedGroup("AssociateKmsKey", keyed(input, context), context),

  async handle(input, context) {
    const group = await requireOwn(keyed(input, context), context);
    await requireUsableKey(input.kmsKeyId, group, context);
    context.tx.put(groups, { ...group, kmsKeyId: input.kmsKeyId });
    return {};
  },
});

export const disassociateKmsKey = operation("DisassociateKmsKey", {
  authorize: (input, context) => onNamedGroup("DisassociateKmsKey", keyed(input, context), context),

  async handle(input, context) {
    const group = await requireOwn(keyed(input, context), context);
    const { kmsKeyId: _was, ...rest } = group;
    context.tx.put(groups, rest);
    return {};
  },
});
