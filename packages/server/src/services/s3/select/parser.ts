/** Reads a query: `SELECT … FROM S3Object … WHERE … LIMIT …`. */
import { expressionTooLong, fromMissing, invalidSource, mixedAggregates } from "./errors.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { withoutRoot, type Column, type Query } from "./query.ts";
import { tokensOf } from "./token.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html (256 KB) */
const QUERY_BYTES_MAX = 256 * 1024;

/** @throws {AwsError} */
export function parseQuery(text: string): Query {
  if (Buffer.byteLength(text) > QUERY_BYTES_MAX) throw expressionTooLong();
  const parser = new ExpressionParser(tokensOf(text));
  parser.expectWord("SELECT");
  const columns = columnsOf(parser);
  if (!parser.acceptWord("FROM")) throw fromMissing();
  if (!parser.acceptWord("S3OBJECT")) throw invalidSource();
  const source = parser.steps();
  const alias = aliasOf(parser);
  const where = parser.acceptWord("WHERE") ? parser.expression() : undefined;
  const limit = parser.acceptWord("LIMIT") ? parser.wholeNumber() : undefined;
  parser.expectEnd();
  const root = new Set(["s3object", ...(alias === undefined ? [] : [alias.toLowerCase()])]);
  if (columns) requireUnmixed(columns);
  return {
    columns: columns && isAll(columns, root) ? undefined : columns,
    root,
    source,
    ...(where && { where }),
    ...(limit !== undefined && { limit }),
  };
}

function columnsOf(parser: ExpressionParser): readonly Column[] | undefined {
  if (parser.acceptSign("*")) return undefined;
  const columns: Column[] = [];
  do {
    const expression = parser.expression();
    const alias = parser.acceptWord("AS") ? parser.name() : undefined;
    columns.push({ expression, ...(alias !== undefined && { alias }) });
  } while (parser.acceptSign(","));
  return columns;
}

/** Behind the source, with or without `AS`. */
function aliasOf(parser: ExpressionParser): string | undefined {
  if (parser.acceptWord("AS")) return parser.name();
  const { kind, upper, text } = parser.next;
  if (kind === "name" || (kind === "word" && upper !== "WHERE" && upper !== "LIMIT")) {
    parser.skip();
    return text;
  }
  return undefined;
}

/** `s.*` */
const isAll = ([first, ...others]: readonly Column[], root: ReadonlySet<string>): boolean =>
  others.length === 0 && first?.expression.kind === "path" && withoutRoot(first.expression.steps, root).length === 0;

function requireUnmixed(columns: readonly Column[]): void {
  const aggregates = columns.filter(isAggregate).length;
  if (aggregates > 0 && aggregates < columns.length) throw mixedAggregates();
}

export const isAggregate = ({ expression }: Column): boolean => expression.kind === "aggregate";
