/** Queries that are kept. Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutStoredQuery.html */
import type { StoredQuery } from "@aws-sdk/client-config-service";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { queryNotFound, tokenInvalid } from "../errors.ts";
import { configArn, operation, type Place } from "../kit.ts";
import { PAGE } from "../limits.ts";
import { parseQuery } from "./parse.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

export interface KeptQuery {
  readonly name: string;
  readonly id: string;
  readonly description?: string;
  readonly expression: string;
  readonly tags: Tags;
}

export const queries = table<KeptQuery>("config.stored-query", "region", ({ name }) => [name]);

export const queryArn = (place: Place, { name, id }: Pick<KeptQuery, "name" | "id">) =>
  configArn(place, `stored-query/${name}/${id}`);

const onQuery = (action: string) => async (name: string, context: Context) => {
  const query = await context.tx.get(queries, name);
  return {
    action: `config:${action}`,
    resource: queryArn(context, query ?? { name, id: "*" }),
    resourceTags: query?.tags,
  };
};

async function requireQuery(name: string, { tx }: Context): Promise<KeptQuery> {
  const query = await tx.get(queries, name);
  if (query === undefined) throw queryNotFound();
  return query;
}

export const putStoredQuery = operation("PutStoredQuery", {
  authorize: async ({ StoredQuery: { QueryName }, Tags = [] }, context) => ({
    ...(await onQuery("PutStoredQuery")(QueryName, context)),
    requestTags: tagsOf(Tags),
  }),

  // Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutStoredQuery.html (a query that is there keeps what is not said)
  async handle({ StoredQuery: { QueryName: name, ...given }, Tags = [] }, context) {
    const before = await context.tx.get(queries, name);
    const expression = given.Expression ?? before?.expression ?? "";
    const description = given.Description ?? before?.description;
    parseQuery(expression);
    const query: KeptQuery = {
      name,
      id: before?.id ?? `query-${context.newId().slice(0, 8)}`,
      expression,
      tags: firstTags(before, Tags),
      ...(description !== undefined && { description }),
    };
    context.tx.put(queries, query);
    return { QueryArn: queryArn(context, query) };
  },
});

export const getStoredQuery = operation("GetStoredQuery", {
  authorize: ({ QueryName }, context) => onQuery("GetStoredQuery")(QueryName, context),

  async handle({ QueryName }, context) {
    const query = await requireQuery(QueryName, context);
    return { StoredQuery: { ...summaryOf(query, context), Expression: query.expression } };
  },
});

const summaryOf = (query: KeptQuery, context: Context): StoredQuery & { QueryId: string; QueryArn: string } => ({
  QueryId: query.id,
  QueryArn: queryArn(context, query),
  QueryName: query.name,
  ...(query.description !== undefined && { Description: query.description }),
});

export const listStoredQueries = operation("ListStoredQueries", {
  authorize: () => ({ action: "config:ListStoredQueries", resource: "*" }),

  async handle({ MaxResults, NextToken: token }, context) {
    const limit = MaxResults || PAGE.max;
    const { rows, next } = await page(context.tx, queries, { token, limit, max: PAGE.max, invalidToken: tokenInvalid });
    return {
      StoredQueryMetadata: rows.map((query) => summaryOf(query, context)),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

export const deleteStoredQuery = operation("DeleteStoredQuery", {
  authorize: ({ QueryName }, context) => onQuery("DeleteStoredQuery")(QueryName, context),

  async handle({ QueryName }, context) {
    await requireQuery(QueryName, context);
    context.tx.delete(queries, QueryName);
    return {};
  },
});
