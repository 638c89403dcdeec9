/** Aggregators of others that wait for an account to let them gather. */
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { pageOf } from "../../../kernel/page.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { authorizations, type Aggregator } from "./row.ts";
import { tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { PACK_PAGE } from "../limits.ts";

/** In the account that is asked. */
interface AggregationRequest {
  readonly account: string;
  readonly region: string;
  readonly aggregator: string;
  /** Those that are asked for; all of them where left out. */
  readonly regions?: readonly string[];
}

const requests = table<AggregationRequest>("config.aggregation-request", "account", (request) => [
  request.account,
  request.region,
  request.aggregator,
]);

/** The accounts, other than its own, that an aggregator asks. */
const askedAccounts = (aggregator: Aggregator | undefined): readonly AccountId[] =>
  aggregator?.source.kind === "accounts"
    ? aggregator.source.accounts
        .map((id) => parseAccountId(id))
        .filter((id) => id !== undefined)
        .filter((id) => id !== aggregator.account)
    : [];

const requestOf = ({ account, region, name, source: { regions } }: Aggregator): AggregationRequest => ({
  account,
  region,
  aggregator: name,
  ...(regions && { regions }),
});

/** Asks those that `after` names, and those that `before` named no more. */
export function noteRequests(
  { before, after }: { readonly before: Aggregator | undefined; readonly after: Aggregator | undefined },
  tx: Transaction,
): void {
  for (const asked of askedAccounts(before)) {
    if (before) tx.in({ account: asked }).delete(requests, before.account, before.region, before.name);
  }
  for (const asked of askedAccounts(after)) if (after) tx.in({ account: asked }).put(requests, requestOf(after));
}

/** More than anybody asks of one account. */
const ROWS = 1000;

/** By the account and the region that ask. */
async function pending({ tx, region }: Context): Promise<readonly AggregationRequest[]> {
  const all = await tx.scan(requests, { limit: ROWS });
  const here = all.filter(({ regions }) => regions === undefined || isAmong(regions, region));
  const first = new Map(here.map((request) => [`${request.account} ${request.region}`, request]));
  const waiting = await Promise.all(
    [...first.values()].map(async (request) => {
      const authorization = await tx.get(authorizations, request.account, request.region);
      return authorization === undefined ? request : undefined;
    }),
  );
  return waiting.filter((request) => request !== undefined);
}

const isAmong = (regions: readonly string[], region: string): boolean => regions.includes(region);

export const describePendingAggregationRequests = operation("DescribePendingAggregationRequests", {
  authorize: () => ({ action: "config:DescribePendingAggregationRequests", resource: "*" }),

  async handle({ Limit, NextToken: token }, context) {
    const { rows, next } = pageOf(await pending(context), {
      token,
      limit: Limit || PACK_PAGE.usual,
      orderOf: ({ account, region }) => [account, region],
      invalidToken: tokenInvalid,
    });
    return {
      PendingAggregationRequests: rows.map(({ account, region }) => ({
        RequesterAccountId: account,
        RequesterAwsRegion: region,
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

export const deletePendingAggregationRequest = operation("DeletePendingAggregationRequest", {
  authorize: () => ({ action: "config:DeletePendingAggregationRequest", resource: "*" }),

  async handle({ RequesterAccountId: account, RequesterAwsRegion: region }, { tx }) {
    await tx.clear(requests, { prefix: [account, region], limit: ROWS });
    return {};
  },
});
