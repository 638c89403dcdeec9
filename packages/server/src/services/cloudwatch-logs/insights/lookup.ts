/** Adds to rows what lookup tables have. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Lookup.html */
import type { Context } from "../../../service/context.ts";
import { lookupTableNotFound, malformedQuery } from "../errors.ts";
import { contentOf } from "../lookup/content.ts";
import { readCsv, type Line } from "../lookup/csv.ts";
import { lookupTables } from "../lookup/row.ts";
import type { ExpressionParser } from "./expression-parser.ts";
import type { Row } from "./row.ts";
import type { Command, Query } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";
import { textOf } from "./value.ts";

export type Lookup = Extract<Command, { readonly kind: "lookup" }>;

/** `lookup TABLE COLUMN [as FIELD], … OUTPUT|OUTPUTNEW COLUMN, …` */
export function readLookup(reader: TokenReader, expressions: ExpressionParser): Lookup {
  const { at } = reader.next;
  const table = expressions.name();
  const end = reader.lastEnd;
  const matched: { column: string; field: string }[] = [];
  do {
    const column = expressions.name();
    matched.push({ column, field: reader.takeText("as") ? expressions.name() : column });
  } while (reader.takeText(","));
  const onlyNew = reader.takeText("outputnew");
  if (!onlyNew) reader.expectText("output");
  const output: string[] = [];
  do output.push(expressions.name());
  while (reader.takeText(","));
  return { kind: "lookup", table, matched, onlyNew, output, at, end };
}

/** What each command finds, by the command. */
export type LookedUp = ReadonlyMap<Lookup, (row: Row) => void>;

/** Opens the tables of all lookups of the query, as the caller. @throws {AwsError} */
export async function openLookups(query: Query, context: Context): Promise<LookedUp> {
  const opened = new Map<Lookup, (row: Row) => void>();
  for (const command of query) if (command.kind === "lookup") opened.set(command, await openLookup(command, context));
  return opened;
}

async function openLookup(command: Lookup, context: Context): Promise<(row: Row) => void> {
  const found = await context.tx.get(lookupTables, command.table);
  if (found === undefined) throw lookupTableNotFound();
  const [header = [], ...lines] = readCsv(await contentOf(found, context)) ?? [];
  const placeOf = (column: string): number => {
    const at = header.indexOf(column);
    if (at < 0) throw malformedQuery(`the lookup table has no column ${column}`, command.at, command.end);
    return at;
  };
  const places = command.matched.map(({ column }) => placeOf(column));
  const output = command.output.map((column) => ({ column, at: placeOf(column) }));
  const byKey = new Map<string, Line>();
  for (const line of lines) {
    const key = JSON.stringify(places.map((at) => line[at]));
    // assumed: of several the first
    if (!byKey.has(key)) byKey.set(key, line);
  }
  return (row) => {
    const line = byKey.get(JSON.stringify(command.matched.map(({ field }) => textOf(row.get(field)))));
    for (const { column, at } of output) {
      if (!command.onlyNew) row.set(column, line?.[at]);
      else if (line !== undefined && textOf(row.get(column)) === "") row.set(column, line[at]);
    }
  };
}
