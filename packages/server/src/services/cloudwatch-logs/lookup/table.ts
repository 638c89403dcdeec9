/**
 * Lookup tables: what queries add to events.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLookupTable.html
 */
import type { LookupTable as ShownTable } from "@aws-sdk/client-cloudwatch-logs";
import { parseArn } from "../../../kernel/arn.ts";
import { formatCsvLine } from "../../../kernel/csv.ts";
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../account-access.ts";
import {
  invalidToken,
  limitExceeded,
  lookupInvalid,
  lookupSourceInvalid,
  lookupTableExists,
  lookupTableNotFound,
} from "../errors.ts";
import { onQuery, requireQuery } from "../insights/query.ts";
import { resultsFrom } from "../insights/query-row.ts";
import { operation } from "../kit.ts";
import { LOOKUP_TABLES_MAX, LOOKUP_TABLES_PER_PAGE, LOOKUP_TABLE_BYTES_MAX } from "../limits.ts";
import { requireNewTags } from "../tag-rules.ts";
import { contentOf, forgetContent, lookupArn, putContent } from "./content.ts";
import { readCsv, type Line } from "./csv.ts";
import { lookupTables, type LookupTable } from "./row.ts";

interface Given {
  readonly tableBody?: string | undefined;
  readonly queryId?: string | undefined;
}

/** Who makes a table of what a query found has to be let see that. */
const onSource = async ({ queryId }: Given, context: Context): Promise<readonly Access[]> =>
  queryId === undefined ? [] : onQuery("GetQueryResults", queryId, context);

export const createLookupTable = operation("CreateLookupTable", {
  authorize: async (input, context) => [
    {
      action: "logs:CreateLookupTable",
      resource: lookupArn(context, input.lookupTableName),
      requestTags: input.tags,
    },
    ...(await onSource(input, context)),
  ],

  async handle(input, context) {
    const { tx } = context;
    const { lookupTableName: name, description, tags = {} } = input;
    if ((await tx.get(lookupTables, name)) !== undefined) throw lookupTableExists(name);
    if ((await tx.scan(lookupTables, { limit: LOOKUP_TABLES_MAX })).length >= LOOKUP_TABLES_MAX) throw limitExceeded();
    const content = await requireContent(input, context);
    const nowMs = context.now().getTime();
    tx.put(lookupTables, {
      name,
      description,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      tags: requireNewTags(tags, {}),
      ...content.facts,
      ...(await putContent({ name, body: content.body, kmsKeyId: input.kmsKeyId }, context)),
    });
    return { lookupTableArn: lookupArn(context, name), createdAt: nowMs };
  },
});

interface Content {
  readonly body: string;
  readonly facts: Pick<LookupTable, "fields" | "records" | "bytes">;
}

/** @throws {AwsError} `ValidationException` where there is not exactly one source, or it is no table */
async function requireContent({ tableBody, queryId }: Given, context: Context): Promise<Content> {
  if ((tableBody === undefined) === (queryId === undefined)) throw lookupSourceInvalid();
  const body = tableBody ?? (await tableOfQuery(queryId ?? "", context));
  const [header, ...records] = readCsv(body) ?? [];
  const bytes = Buffer.byteLength(body);
  if (bytes > LOOKUP_TABLE_BYTES_MAX) throw lookupInvalid("The table is larger than 10 MB.");
  if (header === undefined || header.includes("") || new Set(header).size < header.length)
    throw lookupInvalid("The first row must be a header row with column names.");
  if (records.some(({ length }) => length !== header.length))
    throw lookupInvalid("Each row must have as many values as the header row has.");
  return { body, facts: { fields: header, records: records.length, bytes } };
}

/** Which event a row is of is none of the table's columns. */
const POINTER = "@ptr";

async function tableOfQuery(queryId: string, context: Context): Promise<string> {
  const query = await requireQuery(queryId, context);
  const rows = await resultsFrom(query, { from: 0, limit: query.results }, context);
  const fields = [...new Set(rows.flatMap((row) => row.map(([field]) => field)))].filter((field) => field !== POINTER);
  const lines = rows.map((row): Line => {
    const values = new Map(row);
    return fields.map((field) => values.get(field) ?? "");
  });
  return [fields, ...lines].map(formatCsvLine).join("");
}

/** `undefined`: that is no ARN of a table that could be here. */
function nameIn(lookupTableArn: string, { account, region }: Context): string | undefined {
  const parts = parseArn(lookupTableArn);
  const [, name] = /^lookup-table:(.+)$/.exec(parts?.resource ?? "") ?? [];
  return parts?.service === "logs" && parts.account === account && parts.region === region ? name : undefined;
}

interface Named {
  readonly lookupTableArn: string;
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTable({ lookupTableArn }: Named, context: Context): Promise<LookupTable> {
  const name = nameIn(lookupTableArn, context);
  const found = name === undefined ? undefined : await context.tx.get(lookupTables, name);
  if (found === undefined) throw lookupTableNotFound();
  return found;
}

async function onTable(action: string, { lookupTableArn }: Named, context: Context): Promise<Access> {
  const name = nameIn(lookupTableArn, context) ?? "*";
  const resourceTags = (await context.tx.get(lookupTables, name))?.tags;
  return { action: `logs:${action}`, resource: lookupArn(context, name), resourceTags };
}

export const updateLookupTable = operation("UpdateLookupTable", {
  authorize: async (input, context) => [
    await onTable("UpdateLookupTable", input, context),
    ...(await onSource(input, context)),
  ],

  async handle(input, context) {
    const was = await requireTable(input, context);
    const { body, facts } = await requireContent(input, context);
    const { name } = was;
    const changedAtMs = context.now().getTime();
    // an empty text takes the key away
    const kmsKeyId = input.kmsKeyId === "" ? undefined : (input.kmsKeyId ?? was.kmsKeyId);
    context.tx.put(lookupTables, {
      ...was,
      description: input.description ?? was.description,
      changedAtMs,
      ...facts,
      ...(await putContent({ name, body, kmsKeyId }, context)),
    });
    return { lookupTableArn: lookupArn(context, name), lastUpdatedTime: changedAtMs };
  },
});

const show = (one: LookupTable, context: Context) => ({
  lookupTableArn: lookupArn(context, one.name),
  lookupTableName: one.name,
  description: one.description,
  sizeBytes: one.bytes,
  lastUpdatedTime: one.changedAtMs,
  kmsKeyId: one.kmsKeyId,
});

export const getLookupTable = operation("GetLookupTable", {
  authorize: (input, context) => onTable("GetLookupTable", input, context),

  async handle(input, context) {
    const found = await requireTable(input, context);
    return { ...show(found, context), tableBody: await contentOf(found, context) };
  },
});

export const describeLookupTables = operation("DescribeLookupTables", {
  authorize: () => onAccount("DescribeLookupTables"),

  async handle({ lookupTableNamePrefix: startsWith, maxResults: limit, nextToken: token }, context) {
    const paging = { startsWith, limit, token, usual: LOOKUP_TABLES_PER_PAGE, max: LOOKUP_TABLES_MAX, invalidToken };
    const { rows, next } = await page(context.tx, lookupTables, paging);
    const tables = rows.map((one): ShownTable => ({
      ...show(one, context),
      tableFields: [...one.fields],
      recordsCount: one.records,
    }));
    return { lookupTables: tables, ...(next !== undefined && { nextToken: next }) };
  },
});

export const deleteLookupTable = operation("DeleteLookupTable", {
  authorize: (input, context) => onTable("DeleteLookupTable", input, context),

  async handle(input, context) {
    const { name } = await requireTable(input, context);
    context.tx.delete(lookupTables, name);
    await forgetContent(name, context);
    return {};
  },
});
