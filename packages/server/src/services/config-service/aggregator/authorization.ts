/** Who may gather what is on record here. Source: https://docs.aws.amazon.com/config/latest/developerguide/authorize-aggregator-account.html */
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { authorizationArn, authorizations, type Authorization } from "./row.ts";
import { tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { AGGREGATOR_PAGE } from "../limits.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

interface Named {
  readonly AuthorizedAccountId: string;
  readonly AuthorizedAwsRegion: string;
}

async function onAuthorization(
  action: string,
  { AuthorizedAccountId: account, AuthorizedAwsRegion: region }: Named,
  context: Context,
) {
  const authorization = await context.tx.get(authorizations, account, region);
  return {
    action: `config:${action}`,
    resource: authorizationArn(context, { account, region }),
    resourceTags: authorization?.tags,
  };
}

export const putAggregationAuthorization = operation("PutAggregationAuthorization", {
  authorize: async (input, context) => ({
    ...(await onAuthorization("PutAggregationAuthorization", input, context)),
    requestTags: tagsOf(input.Tags ?? []),
  }),

  async handle({ AuthorizedAccountId: account, AuthorizedAwsRegion: region, Tags = [] }, context) {
    const before = await context.tx.get(authorizations, account, region);
    const authorization: Authorization = {
      account,
      region,
      createdAtMs: before?.createdAtMs ?? context.now().getTime(),
      tags: firstTags(before, Tags),
    };
    context.tx.put(authorizations, authorization);
    return { AggregationAuthorization: shown(authorization, context) };
  },
});

const shown = (authorization: Authorization, context: Context) => ({
  AggregationAuthorizationArn: authorizationArn(context, authorization),
  AuthorizedAccountId: authorization.account,
  AuthorizedAwsRegion: authorization.region,
  CreationTime: new Date(authorization.createdAtMs),
});

export const describeAggregationAuthorizations = operation("DescribeAggregationAuthorizations", {
  authorize: () => ({ action: "config:DescribeAggregationAuthorizations", resource: "*" }),

  async handle({ Limit, NextToken: token }, context) {
    const limit = Limit || AGGREGATOR_PAGE.usual;
    const { max } = AGGREGATOR_PAGE;
    const { rows, next } = await page(context.tx, authorizations, { token, limit, max, invalidToken: tokenInvalid });
    return {
      AggregationAuthorizations: rows.map((row) => shown(row, context)),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

export const deleteAggregationAuthorization = operation("DeleteAggregationAuthorization", {
  authorize: (input, context) => onAuthorization("DeleteAggregationAuthorization", input, context),

  async handle({ AuthorizedAccountId, AuthorizedAwsRegion }, { tx }) {
    tx.delete(authorizations, AuthorizedAccountId, AuthorizedAwsRegion);
    return {};
  },
});
