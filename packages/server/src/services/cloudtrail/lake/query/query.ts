/**
 * Queries: asked, listed, looked at and ended.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html
 */
import { decodeToken, encodeToken, page } from "../../../../kernel/page.ts";
import type { Context } from "../../../../service/context.ts";
import type { InputOf } from "../../../../service/sdk.ts";
import { operation, type CloudtrailSdk } from "../../kit.ts";
import {
  dateRangeInvalid,
  notBuilt,
  parameterInvalid,
  queryInactive,
  statementInvalid,
  storeInactive,
  storeNotFound,
  tokenInvalid,
  tooManyQueries,
} from "../errors.ts";
import { CONCURRENT_QUERIES_MAX, QUERIES_PER_PAGE_MAX, RESULTS_PER_PAGE_MAX } from "../limits.ts";
import { requireStatement, storesNamedIn } from "../sql/statement.ts";
import { findStore, meantStore, onNamedStore, onStore, requireActiveStore } from "../store/find.ts";
import { requireKeyUse } from "../store/key.ts";
import type { Store } from "../store/row.ts";
import { onQuery, requireQuery, storeOwner } from "./access.ts";
import { requireDestination } from "./delivery.ts";
import {
  forgetOld,
  isOver,
  keptQueriesSinceMs,
  openQueries,
  queries,
  queryTimes,
  resultsFrom,
  type Query,
  type Statistics,
} from "./row.ts";
import { RUN } from "./run.ts";

type Start = InputOf<CloudtrailSdk, "StartQuery">;

/** @throws {AwsError} `InvalidParameterException`, or 501 for the queries of dashboards */
function statementOf({ QueryStatement, QueryAlias, QueryParameters }: Start): string {
  if (QueryAlias !== undefined || QueryParameters !== undefined) throw notBuilt("Dashboards with their query aliases");
  if (QueryStatement === undefined) throw parameterInvalid("You must specify a query statement.");
  return QueryStatement;
}

const meantIn = (input: Start, context: Context) => {
  const owner = storeOwner(input.EventDataStoreOwnerAccountId, context);
  return storesNamedIn(statementOf(input)).map((id) => meantStore(id, context, owner));
};

export const startQuery = operation("StartQuery", {
  authorize: (input, context) =>
    Promise.all(meantIn(input, context).map((meant) => onStore("StartQuery", meant, context))),

  async handle(input, context) {
    const statement = statementOf(input);
    const stores = await requireStores(input, context);
    const [first] = stores;
    if (first === undefined) throw storeNotFound();
    const nowMs = context.now().getTime();
    await requireStatement(statement, { nowMs, table: () => NO_EVENTS });
    for (const store of stores) await requireKeyUse(store, context);
    const { account, region } = first;
    const uri = input.DeliveryS3Uri;
    const query: Query = {
      account,
      region,
      id: context.newId(),
      statement,
      stores: stores.map(({ id }) => id),
      status: "QUEUED",
      createdAtMs: nowMs,
      results: 0,
      delivery: uri === undefined ? undefined : await requireDestination(uri, first, context),
    };
    await begin(query, first, context);
    return {
      QueryId: query.id,
      ...(account !== context.account && { EventDataStoreOwnerAccountId: account }),
    };
  },
});

/** What a statement is held to before there is anything to ask. */
const NO_EVENTS = {
  async *events() {
    yield await Promise.resolve([]);
  },
};

/** @throws {AwsError} `EventDataStoreNotFoundException`, `InactiveEventDataStoreException` */
async function requireStores(input: Start, context: Context): Promise<readonly Store[]> {
  const stores: Store[] = [];
  for (const meant of meantIn(input, context)) {
    const store = await findStore(meant, context);
    if (store === undefined) throw storeNotFound();
    if (store.deletion !== undefined) throw storeInactive();
    stores.push(store);
  }
  if (new Set(stores.map(({ account }) => account)).size > 1) {
    throw statementInvalid("All event data stores of a query must belong to one account.");
  }
  return stores;
}

/** @throws {AwsError} `MaxConcurrentQueriesException` */
async function begin(query: Query, store: Store, context: Context): Promise<void> {
  const { tx } = context;
  const { account, region, id, createdAtMs } = query;
  const open = await tx.scan(openQueries, { prefix: [account, region], limit: CONCURRENT_QUERIES_MAX });
  if (open.length === CONCURRENT_QUERIES_MAX) throw tooManyQueries();
  await forgetOld(store, context);
  tx.put(queries, query);
  tx.put(openQueries, { account, region, id });
  tx.put(queryTimes, { store: store.id, createdAtMs, id });
  context.at(createdAtMs, RUN, `${account}/${region}/${id}`);
}

export const describeQuery = operation("DescribeQuery", {
  authorize: (input, context) => onQuery("DescribeQuery", input, context),

  async handle(input, context) {
    if (input.QueryAlias !== undefined || input.RefreshId !== undefined) {
      throw notBuilt("Dashboards with their query aliases");
    }
    if (input.QueryId === undefined) throw parameterInvalid("You must specify either a query ID or a query alias.");
    const { query } = await requireQuery(input, context);
    const { error, delivery } = query;
    return {
      QueryId: query.id,
      QueryString: query.statement,
      QueryStatus: query.status,
      QueryStatistics: { ...formatStatistics(query.statistics), CreationTime: new Date(query.createdAtMs) },
      ...(error !== undefined && { ErrorMessage: error }),
      ...(delivery !== undefined && { DeliveryS3Uri: delivery.uri, DeliveryStatus: delivery.status }),
      ...ownerOf(query, context),
    };
  },
});

const formatStatistics = (statistics: Statistics | undefined) => ({
  EventsMatched: statistics?.eventsMatched ?? 0,
  EventsScanned: statistics?.eventsScanned ?? 0,
  BytesScanned: statistics?.bytesScanned ?? 0,
  ExecutionTimeInMillis: statistics?.tookMs ?? 0,
});

const ownerOf = ({ account }: Query, context: Context) =>
  account === context.account ? {} : { EventDataStoreOwnerAccountId: account };

export const getQueryResults = operation("GetQueryResults", {
  authorize: (input, context) => onQuery("GetQueryResults", input, context),

  async handle(input, context) {
    const { QueryId, NextToken: token, MaxQueryResults: limit = RESULTS_PER_PAGE_MAX } = input;
    const { query, stores } = await requireQuery(input, context);
    for (const store of stores) await requireKeyUse(store, context);
    const from = token === undefined ? 0 : placeOf(token, QueryId);
    const { columns, rows } = await resultsFrom(query, { from, limit }, context);
    const end = from + rows.length;
    return {
      QueryStatus: query.status,
      QueryStatistics: {
        ResultsCount: rows.length,
        TotalResultsCount: query.results,
        BytesScanned: query.statistics?.bytesScanned ?? 0,
      },
      QueryResultRows: rows.map((row) => row.map((cell, at) => ({ [columns[at] ?? ""]: cell ?? "" }))),
      ...(query.error !== undefined && { ErrorMessage: query.error }),
      ...(end < query.results && { NextToken: encodeToken([QueryId, end]) }),
    };
  },
});

/** @throws {AwsError} `InvalidNextTokenException` */
function placeOf(token: string, query: string): number {
  const [of, from] = decodeToken(token, tokenInvalid);
  if (of !== query || typeof from !== "number") throw tokenInvalid();
  return from;
}

export const cancelQuery = operation("CancelQuery", {
  authorize: (input, context) => onQuery("CancelQuery", input, context),

  async handle(input, context) {
    const { query } = await requireQuery(input, context);
    if (isOver(query)) throw queryInactive();
    const { account, region, id, delivery } = query;
    const status = "CANCELLED" as const;
    context.tx.put(queries, { ...query, status, delivery: delivery && { ...delivery, status } });
    context.tx.delete(openQueries, account, region, id);
    return { QueryId: id, QueryStatus: status, ...ownerOf(query, context) };
  },
});

/** The newest first. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListQueries.html */
export const listQueries = operation("ListQueries", {
  authorize: ({ EventDataStore }, context) => onNamedStore("ListQueries", EventDataStore, context),

  async handle({ EventDataStore, NextToken: token, MaxResults: limit, ...wanted }, context) {
    const { account, region, id: of } = await requireActiveStore(EventDataStore, context);
    const isWanted = wantedBy(wanted, context);
    const paging = { token, limit, max: QUERIES_PER_PAGE_MAX, descending: true, invalidToken: tokenInvalid };
    const { rows, next } = await page(context.tx, queryTimes, { prefix: [of], ...paging });
    const found: Query[] = [];
    for (const { id } of rows) {
      const query = await context.tx.get(queries, account, region, id);
      if (query !== undefined && isWanted(query)) found.push(query);
    }
    return { Queries: found.map(formatListed), ...(next !== undefined && { NextToken: next }) };
  },
});

const formatListed = ({ id, status, createdAtMs }: Query) => ({
  QueryId: id,
  QueryStatus: status,
  CreationTime: new Date(createdAtMs),
});

type Wanted = Pick<InputOf<CloudtrailSdk, "ListQueries">, "StartTime" | "EndTime" | "QueryStatus">;

/** @throws {AwsError} `InvalidDateRangeException` */
function wantedBy({ StartTime, EndTime, QueryStatus }: Wanted, context: Context): (query: Query) => boolean {
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) throw dateRangeInvalid();
  const sinceMs = Math.max(StartTime?.getTime() ?? 0, keptQueriesSinceMs(context));
  const untilMs = EndTime?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return ({ createdAtMs, status }) =>
    createdAtMs >= sinceMs && createdAtMs <= untilMs && (QueryStatus === undefined || status === QueryStatus);
}
