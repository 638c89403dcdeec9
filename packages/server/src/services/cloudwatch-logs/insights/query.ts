/**
 * Queries of Logs Insights. Differs: a query has ended by the time it is answered that it began.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
import type { QueryInfo } from "@aws-sdk/client-cloudwatch-logs";
import { DAY_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { decodeToken, encodeToken, page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { callerName } from "../../../service/caller.ts";
import { onAllGroups, onNamedGroup } from "../access.ts";
import { onAccount } from "../account-access.ts";
import {
  invalidToken,
  languageNotBuilt,
  queriedGroupNotFound,
  queryGroupsInvalid,
  queryNotFound,
  queryOfDeliveryClass,
  queryOver,
  queryRangeInvalid,
} from "../errors.ts";
import { arnOf, findGroup, groupOfText, requireGroup, type LogGroup, type NamedGroup } from "../group-row.ts";
import { operation, streaming } from "../kit.ts";
import {
  QUERIES_KEPT_DAYS,
  QUERIES_PER_PAGE_MAX,
  QUERY_GROUPS_MAX,
  QUERY_RESULTS_USUAL,
  RESULTS_PER_PAGE_MAX,
} from "../limits.ts";
import { parseQuery } from "./parser.ts";
import { pieces, putResults, queries, queriesByTime, resultsFrom, type KeptQuery } from "./query-row.ts";
import { runQuery } from "./run.ts";
import { chosenGroups } from "./source.ts";
import type { Query } from "./syntax.ts";

export const startQuery = streaming("StartQuery", {
  async authorize(input, context) {
    const groups = namedIn(input, context) ?? (await sourceOf(await queryOf(input), context));
    if (groups.length === 0) return onAllGroups("StartQuery", context);
    return Promise.all(groups.map((named) => onNamedGroup("StartQuery", named, context)));
  },

  async receive(input, context) {
    const query = await queryOf(input);
    if (input.endTime < input.startTime) throw queryRangeInvalid();
    const groups = await groupsOf(query, namedIn(input, context), context);
    if (groups.some((group) => group.class === "DELIVERY")) throw queryOfDeliveryClass();
    const asked = {
      query,
      groups,
      fromMs: input.startTime * SECOND_MS,
      // the last second counts
      beforeMs: (input.endTime + 1) * SECOND_MS,
      limit: input.limit ?? QUERY_RESULTS_USUAL,
    };
    return { groups, results: await runQuery(asked, context) };
  },

  async handle(input, context, { groups, results }) {
    const { rows, ...statistics } = results;
    const id = context.newId();
    const createdAtMs = context.now().getTime();
    const query: KeptQuery = {
      id,
      text: namedIn(input, context) === undefined ? input.queryString : echoOf(input, groups),
      groupNames: groups.map((group) => (group.account === context.account ? group.name : arnOf(group))),
      status: "Complete",
      createdAtMs,
      statistics,
      results: rows.length,
      pieces: putResults(id, rows, context),
      by: callerName(context.principal),
    };
    context.tx.put(queries, query);
    context.tx.put(queriesByTime, { id, createdAtMs });
    await forgetOld(context);
    return { queryId: id };
  },
});

interface Written {
  readonly queryString: string;
  readonly queryLanguage?: string | undefined;
}

/** @throws {AwsError} `MalformedQueryException` */
function queryOf({ queryString, queryLanguage = "CWLI" }: Written): Promise<Query> {
  if (queryLanguage !== "CWLI") throw languageNotBuilt(queryLanguage);
  return parseQuery(queryString);
}

/** Named with the call, or in the query itself. @throws {AwsError} unless in one of both */
async function groupsOf(
  query: Query,
  named: readonly NamedGroup[] | undefined,
  context: Context,
): Promise<readonly LogGroup[]> {
  if (named === undefined) return sourceOf(query, context);
  if (query[0]?.kind === "source") throw queryGroupsInvalid();
  const groups: LogGroup[] = [];
  for (const one of named) groups.push(await requireQueried(one, context));
  return groups;
}

/** @throws {AwsError} `InvalidParameterException` where the query names none either */
function sourceOf([first]: Query, context: Context): Promise<readonly LogGroup[]> {
  if (first?.kind !== "source") throw queryGroupsInvalid();
  return chosenGroups(first.groups, context);
}

/** @throws {AwsError} `ResourceNotFoundException`, in the words of a service behind this one */
async function requireQueried(named: NamedGroup, context: Context): Promise<LogGroup> {
  const group = await findGroup(named, context);
  if (group === undefined) throw queriedGroupNotFound(named.name, named.account, context.requestId);
  return group;
}

interface Target {
  readonly logGroupName?: string | undefined;
  readonly logGroupNames?: readonly string[] | undefined;
  readonly logGroupIdentifiers?: readonly string[] | undefined;
}

/** `undefined` where none are. @throws {AwsError} `InvalidParameterException` where groups are named in several ways */
function namedIn(
  { logGroupName, logGroupNames, logGroupIdentifiers }: Target,
  context: Context,
): readonly NamedGroup[] | undefined {
  const ways = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers];
  const [given, ...others] = ways.filter((way) => way !== undefined);
  if (given === undefined) return undefined;
  if (others.length > 0 || given.length === 0 || given.length > QUERY_GROUPS_MAX) throw queryGroupsInvalid();
  return given.map((text) => groupOfText(text, context));
}

interface Range {
  readonly startTime: number;
  readonly endTime: number;
  readonly queryString: string;
}

/** As it is listed. Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
function echoOf({ startTime, endTime, queryString }: Range, groups: readonly LogGroup[]): string {
  const names = groups.map(({ name }) => `"${name}"`).join(" ");
  return `SOURCE ${names} START=${startTime}000 END=${endTime}999 | ${queryString}`;
}

const FORGOTTEN_AT_ONCE = 5;

/** The oldest go when others come. */
async function forgetOld(context: Context): Promise<void> {
  const { tx } = context;
  const before = [context.now().getTime() - QUERIES_KEPT_DAYS * DAY_MS];
  for (const { id, createdAtMs } of await tx.scan(queriesByTime, { before, limit: FORGOTTEN_AT_ONCE })) {
    const query = await tx.get(queries, id);
    await tx.clear(pieces, { prefix: [id], limit: query?.pieces ?? 0 });
    tx.delete(queries, id);
    tx.delete(queriesByTime, createdAtMs, id);
  }
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireQuery(id: string, { tx }: Pick<Context, "tx">): Promise<KeptQuery> {
  const query = await tx.get(queries, id);
  if (query === undefined) throw queryNotFound();
  return query;
}

export const getQueryResults = operation("GetQueryResults", {
  authorize: ({ queryId }, context) => onQuery("GetQueryResults", queryId, context),

  async handle({ queryId, nextToken, maxItems: limit = RESULTS_PER_PAGE_MAX }, context) {
    const query = await requireQuery(queryId, context);
    const from = nextToken === undefined ? 0 : readToken(nextToken);
    const rows = await resultsFrom(query, { from, limit }, context);
    const end = from + rows.length;
    return {
      queryLanguage: "CWLI" as const,
      results: rows.map((row) => row.map(([field, value]) => ({ field, value }))),
      statistics: {
        ...query.statistics,
        estimatedRecordsSkipped: 0,
        estimatedBytesSkipped: 0,
        logGroupsScanned: query.groupNames.length,
      },
      status: query.status,
      ...(end < query.results && { nextToken: encodeToken([end]) }),
    };
  },
});

/** @throws {AwsError} `InvalidParameterException` */
function readToken(text: string): number {
  const [from] = decodeToken(text, invalidToken);
  if (typeof from !== "number") throw invalidToken();
  return from;
}

/** About the groups that it was asked of. */
export async function onQuery(action: string, id: string, context: Context) {
  const query = await context.tx.get(queries, id);
  if (query === undefined || query.groupNames.length === 0) return [onAllGroups(action, context)];
  return Promise.all(query.groupNames.map((name) => onNamedGroup(action, groupOfText(name, context), context)));
}

export const stopQuery = operation("StopQuery", {
  authorize: () => onAccount("StopQuery"),

  async handle({ queryId }, context) {
    await requireQuery(queryId, context);
    throw queryOver();
  },
});

export const describeQueries = operation("DescribeQueries", {
  authorize: () => onAccount("DescribeQueries"),

  async handle({ logGroupName, status, maxResults, nextToken: token, queryLanguage = "CWLI" }, context) {
    if (logGroupName !== undefined) await requireGroup(groupOfText(logGroupName, context), context);
    const paging = { token, limit: maxResults, max: QUERIES_PER_PAGE_MAX, descending: true, invalidToken };
    const { rows, next } = await page(context.tx, queriesByTime, paging);
    const found: QueryInfo[] = [];
    for (const { id } of rows) {
      const query = await requireQuery(id, context);
      const isMeant = logGroupName === undefined || query.groupNames.includes(logGroupName);
      const isWanted = status === undefined || status === query.status;
      if (isMeant && isWanted && queryLanguage === "CWLI") found.push(show(query));
    }
    return { queries: found, ...(next !== undefined && { nextToken: next }) };
  },
});

const show = ({ id, text, status, createdAtMs, groupNames, statistics, by }: KeptQuery): QueryInfo => ({
  queryLanguage: "CWLI",
  queryId: id,
  queryString: text,
  status,
  createTime: createdAtMs,
  ...(groupNames[0] !== undefined && { logGroupName: groupNames[0] }),
  queryDuration: 0,
  bytesScanned: statistics.bytesScanned,
  userIdentity: by,
});

export const listLogGroupsForQuery = operation("ListLogGroupsForQuery", {
  authorize: ({ queryId }, context) => onQuery("ListLogGroupsForQuery", queryId, context),

  async handle({ queryId }, context) {
    const { groupNames } = await requireQuery(queryId, context);
    const found: string[] = [];
    for (const name of groupNames) found.push(arnOf(await requireGroup(groupOfText(name, context), context)));
    return { logGroupIdentifiers: found };
  },
});
