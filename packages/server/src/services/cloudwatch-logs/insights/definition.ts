/**
 * Queries that are kept to be asked again.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
 */
import type { QueryDefinition as ShownDefinition, QueryLanguage } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../../kernel/page.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { onAccount } from "../account-access.ts";
import { invalidToken, queryDefinitionNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { QUERIES_PER_PAGE_MAX } from "../limits.ts";
import { notBuilt } from "../unbuilt.ts";

interface Definition {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly language: QueryLanguage;
  readonly groupNames: readonly string[];
  readonly changedAtMs: number;
  /** What it was made for. */
  readonly token?: string | undefined;
}

const definitions = table<Definition>("cloudwatch-logs.query-definition", "region", ({ id }) => [id]);
const definitionsByName = table<Definition>("cloudwatch-logs.query-definition-name", "region", ({ name, id }) => [
  name,
  id,
]);
/** What was made for a token, so that it is not made twice. */
const tokens = table<{ readonly token: string; readonly id: string }>(
  "cloudwatch-logs.query-definition-token",
  "region",
  ({ token }) => [token],
);

export const putQueryDefinition = operation("PutQueryDefinition", {
  authorize: () => onAccount("PutQueryDefinition"),

  async handle(input, context) {
    const { tx } = context;
    const { queryDefinitionId: given, clientToken: token } = input;
    if (input.parameters !== undefined && input.parameters.length > 0)
      throw notBuilt("parameters of query definitions");
    const made = token === undefined || given !== undefined ? undefined : await findMade(token, tx);
    if (made !== undefined) return { queryDefinitionId: made.id };
    const before = given === undefined ? undefined : await requireDefinition(given, tx);
    if (before !== undefined) remove(before, tx);
    const definition: Definition = {
      id: given ?? context.newId(),
      name: input.name,
      text: input.queryString,
      language: input.queryLanguage ?? "CWLI",
      groupNames: input.logGroupNames ?? [],
      changedAtMs: context.now().getTime(),
      token: before === undefined ? token : before.token,
    };
    put(definition, tx);
    return { queryDefinitionId: definition.id };
  },
});

async function findMade(token: string, tx: Transaction): Promise<Definition | undefined> {
  const row = await tx.get(tokens, token);
  return row && tx.get(definitions, row.id);
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDefinition(id: string, tx: Transaction): Promise<Definition> {
  const found = await tx.get(definitions, id);
  if (found === undefined) throw queryDefinitionNotFound();
  return found;
}

function put(definition: Definition, tx: Transaction): void {
  const { id, token } = definition;
  for (const each of [definitions, definitionsByName]) tx.put(each, definition);
  if (token !== undefined) tx.put(tokens, { token, id });
}

function remove({ id, name, token }: Definition, tx: Transaction): void {
  if (token !== undefined) tx.delete(tokens, token);
  tx.delete(definitions, id);
  tx.delete(definitionsByName, name, id);
}

export const deleteQueryDefinition = operation("DeleteQueryDefinition", {
  authorize: () => onAccount("DeleteQueryDefinition"),

  async handle({ queryDefinitionId }, { tx }) {
    remove(await requireDefinition(queryDefinitionId, tx), tx);
    return { success: true };
  },
});

export const describeQueryDefinitions = operation("DescribeQueryDefinitions", {
  authorize: () => onAccount("DescribeQueryDefinitions"),

  async handle({ queryDefinitionNamePrefix: startsWith, maxResults: limit, nextToken: token, queryLanguage }, { tx }) {
    const paging = { startsWith, limit, token, max: QUERIES_PER_PAGE_MAX, invalidToken };
    const { rows, next } = await page(tx, definitionsByName, paging);
    const queryDefinitions = rows
      .filter(({ language }) => queryLanguage === undefined || language === queryLanguage)
      .map(show);
    return { queryDefinitions, ...(next !== undefined && { nextToken: next }) };
  },
});

const show = ({ id, name, text, language, groupNames, changedAtMs }: Definition): ShownDefinition => ({
  queryLanguage: language,
  queryDefinitionId: id,
  name,
  queryString: text,
  lastModified: changedAtMs,
  logGroupNames: [...groupNames],
});
