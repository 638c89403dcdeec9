/**
 * Reads the commands that look at the rows before, and those that stand for others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import { malformedQuery } from "../errors.ts";
import type { ExpressionParser } from "./expression-parser.ts";
import type { Command, Expression, Named, Query, RunningRule } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

/** `accum FIELD [as NAME]`. Assumed: the sum takes the field's place where it has no name of its own. */
export function readAccumulation(reader: TokenReader, expressions: ExpressionParser): RunningRule {
  const field = expressions.name();
  return { kind: "accum", field, as: reader.takeText("as") ? expressions.name() : field };
}

/** How far back `autoregress` looks at the most. Differs: AWS does not say. */
const LAGS_MAX = 1000;

/** `autoregress FIELD [as NAME] [p=N[-M]]` */
export function readRegression(reader: TokenReader, expressions: ExpressionParser): RunningRule {
  const field = expressions.name();
  const alias = reader.takeText("as") ? expressions.name() : undefined;
  const [first, last] = reader.takeText("p") ? readLags(reader) : [1, 1];
  const isOne = first === last;
  const nameOf = (rows: number): string => (alias !== undefined && isOne ? alias : `${alias ?? field}_p${rows}`);
  const lags = Array.from({ length: last - first + 1 }, (_, at) => ({ rows: first + at, as: nameOf(first + at) }));
  return { kind: "autoregress", field, lags };
}

function readLags(reader: TokenReader): readonly [first: number, last: number] {
  reader.expectText("=");
  const { at } = reader.next;
  const first = Number(reader.expect("number").text);
  const last = reader.takeText("-") ? Number(reader.expect("number").text) : first;
  const isRange = Number.isInteger(first) && Number.isInteger(last) && first >= 1 && last >= first;
  if (!isRange || last > LAGS_MAX) throw malformedQuery("p is a number of rows, or a range", at, reader.lastEnd);
  return [first, last];
}

/** `filldown [FIELD …]`, with a `*` at the end of those that stand for many */
export function readFilling(reader: TokenReader, expressions: ExpressionParser): RunningRule {
  const fields: string[] = [];
  while (reader.next.kind === "word" || reader.next.kind === "quoted field") {
    const name = expressions.name();
    const isOfMany = reader.next.at === reader.lastEnd && reader.takeText("*");
    fields.push(isOfMany ? `${name}*` : name);
    reader.takeText(",");
  }
  return { kind: "filldown", fields };
}

/** `addtotals [fieldname=NAME] [row=BOOLEAN] [col=BOOLEAN] [FIELD, …]` */
export function readTotals(reader: TokenReader, expressions: ExpressionParser): RunningRule {
  const settings = new Map<string, string>();
  const fields: string[] = [];
  while (reader.next.kind === "word" || reader.next.kind === "quoted field") {
    const name = expressions.name();
    if (reader.takeText("=")) settings.set(name.toLowerCase(), expressions.name());
    else fields.push(name);
    reader.takeText(",");
  }
  return {
    kind: "addtotals",
    as: settings.get("fieldname") ?? "Total",
    ofRows: settings.get("row")?.toLowerCase() !== "false",
    ofColumns: settings.get("col")?.toLowerCase() === "true",
    fields,
  };
}

/** `expand FIELD`: its text is a list, or it is one. */
export function expansion(field: string): Command {
  const of: Expression = { kind: "field", name: field };
  const list: Expression = { kind: "call", name: "jsonparse", given: [of] };
  return { kind: "unnest", of: { kind: "call", name: "coalesce", given: [list, of] }, into: field };
}

/** `countFrequent FIELD, …` */
export function frequencies(by: readonly Named[]): Query {
  const count: Expression = { kind: "aggregate", name: "count", given: [], at: 0 };
  const name = "_approxcount";
  return [
    { kind: "stats", columns: [{ expression: count, name }], by, offsetMs: 0, aggregates: 1 },
    { kind: "sort", by: [{ expression: { kind: "field", name }, descending: true }] },
  ];
}
