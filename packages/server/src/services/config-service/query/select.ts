/** Queries over what is on record. Source: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html */
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { gathered } from "../aggregator/item.ts";
import { onAggregator } from "../aggregator/aggregator.ts";
import { requireAggregator } from "../aggregator/row.ts";
import { tokenInvalid } from "../errors.ts";
import { itemsThere, type Item } from "../item/row.ts";
import { operation } from "../kit.ts";
import { PAGE } from "../limits.ts";
import { itemDocument } from "../channel/notification.ts";
import { answerOf } from "./evaluate.ts";
import { parseQuery, type Condition, type Query } from "./parse.ts";

export const selectResourceConfig = operation("SelectResourceConfig", {
  authorize: () => ({ action: "config:SelectResourceConfig", resource: "*" }),

  async handle({ Expression, Limit, NextToken: token }, context) {
    const query = parseQuery(Expression);
    const documents: Document[] = [];
    const type = query.where && typeIn(query.where);
    for await (const item of itemsThere(type, context.tx)) documents.push(documentOf(item));
    return answerPage(query, documents, { limit: Limit, token });
  },
});

export const selectAggregateResourceConfig = operation("SelectAggregateResourceConfig", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("SelectAggregateResourceConfig")(name, context),

  async handle(input, context) {
    const { ConfigurationAggregatorName: name, Expression, Limit, MaxResults, NextToken: token } = input;
    const query = parseQuery(Expression);
    const found = await gathered(await requireAggregator(name, context), undefined, context);
    return answerPage(query, found.map(documentOf), { limit: MaxResults ?? Limit, token });
  },
});

type Document = Readonly<Record<string, unknown>>;

interface Asked {
  readonly limit: number | undefined;
  readonly token: string | undefined;
}

function answerPage(query: Query, documents: readonly Document[], { limit: asked, token }: Asked) {
  const answer = answerOf(query, documents);
  const from = token === undefined ? 0 : placeIn(token);
  const limit = asked || PAGE.max;
  const given = answer.slice(from, from + limit);
  return {
    Results: given.map((row) => JSON.stringify(row)),
    QueryInfo: { SelectFields: query.columns.map(({ name }) => ({ Name: name })) },
    ...(from + limit < answer.length && { NextToken: encodeToken([from + limit]) }),
  };
}

/** How many rows were given before. @throws {AwsError} `InvalidNextTokenException` */
function placeIn(token: string): number {
  const from = Number(decodeToken(token, tokenInvalid)[0]);
  if (!Number.isSafeInteger(from) || from < 0) throw tokenInvalid();
  return from;
}

/** With tags as a list, as queries name them. */
function documentOf(item: Item): Document {
  const { ARN, tags: _tags, ...document } = itemDocument(item);
  const tags = Object.entries(item.tags).map(([key, value]) => ({ tag: `${key}=${value}`, key, value }));
  return { ...document, arn: ARN, accountId: item.account, tags };
}

/** The type that all have to be of, where the query says so. */
function typeIn(condition: Condition): string | undefined {
  if (condition.kind === "and") return condition.all.map(typeIn).find((type) => type !== undefined);
  const isType = condition.kind === "compare" && condition.path === "resourceType" && condition.sign === "=";
  return isType ? String(condition.value) : undefined;
}
