/** Reads queries. */
import { findOwn } from "../../../kernel/lookup.ts";
import { malformedQuery } from "../errors.ts";
import { loadRegexes } from "../regex.ts";
import { notBuilt } from "../unbuilt.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { readLookup } from "./lookup.ts";
import { expansion, frequencies, readAccumulation, readFilling, readRegression, readTotals } from "./running-parser.ts";
import { readSource } from "./source.ts";
import {
  isBin,
  type Command,
  type Expression,
  type Named,
  type ParseRule,
  type Query,
  type RunningRule,
} from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";

/** @throws {AwsError} `MalformedQueryException` */
export async function parseQuery(text: string): Promise<Query> {
  const compile = await loadRegexes();
  const reader = new TokenReader(text);
  const parser = new QueryParser(reader, new ExpressionParser(reader, compile));
  return parser.query();
}

const MESSAGE: Expression = { kind: "field", name: "@message" };
const UNBUILT = new Set([
  "diff",
  "anomaly",
  "join",
  "unmask",
  "logcompare",
  "fillmissing",
  "cidrlookup",
  "outlier",
  "appendcols",
  "sessionize",
  "relevantfields",
]);

class QueryParser {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionParser;

  constructor(reader: TokenReader, expressions: ExpressionParser) {
    this.#reader = reader;
    this.#expressions = expressions;
  }

  query(): Query {
    const commands: Command[] = [];
    do {
      // nothing between two bars, or behind the last, is no command
      if (this.#reader.next.kind === "end" || this.#reader.next.text === "|") continue;
      commands.push(...this.#command());
    } while (this.#reader.takeText("|"));
    if (this.#reader.next.kind !== "end") throw this.#reader.unexpected();
    if (commands.length === 0) throw malformedQuery("the query is empty", 0, this.#reader.text.length);
    if (commands.slice(1).some(({ kind }) => kind === "source"))
      throw malformedQuery("SOURCE comes first", 0, this.#reader.text.length);
    return commands;
  }

  /** What one command stands for. */
  #command(): Query {
    const token = this.#reader.expect("word");
    const name = token.text.toLowerCase();
    if (UNBUILT.has(name)) throw notBuilt(`the command ${token.text} of queries`);
    const read = findOwn(this.#commands, name);
    if (read === undefined) throw this.#reader.unexpected(token);
    const found = read();
    return "kind" in found ? [found] : found;
  }

  readonly #commands: Readonly<Record<string, () => Command | Query>> = {
    fields: () => ({ kind: "fields", columns: this.#expressions.columns() }),
    display: () => ({ kind: "display", columns: this.#expressions.columns() }),
    filter: () => ({ kind: "filter", condition: this.#expressions.expression() }),
    where: () => ({ kind: "filter", condition: this.#expressions.expression() }),
    // an index makes a query cheaper, and finds the same
    filterindex: () => ({ kind: "filter", condition: this.#expressions.expression() }),
    stats: () => this.#stats(),
    sort: () => this.#sort(),
    limit: () => this.#limit(),
    parse: () => this.#parse(),
    dedup: () => ({ kind: "dedup", by: this.#expressions.columns().map(({ expression }) => expression) }),
    unnest: () => this.#unnest(),
    expand: () => expansion(this.#expressions.name()),
    lookup: () => readLookup(this.#reader, this.#expressions),
    pattern: () => ({ kind: "pattern", of: this.#expressions.expression() }),
    countfrequent: () => frequencies(this.#expressions.columns()),
    count_frequent: () => frequencies(this.#expressions.columns()),
    accum: () => this.#running(readAccumulation),
    autoregress: () => this.#running(readRegression),
    filldown: () => this.#running(readFilling),
    addtotals: () => this.#running(readTotals),
    source: () => ({ kind: "source", groups: readSource(this.#reader) }),
  };

  #running(read: (reader: TokenReader, expressions: ExpressionParser) => RunningRule): Command {
    return { kind: "running", rule: read(this.#reader, this.#expressions) };
  }

  #unnest(): Command {
    const of = this.#expressions.expression();
    this.#reader.expectText("into");
    return { kind: "unnest", of, into: this.#expressions.name() };
  }

  /** Here a query ends with the rows that it wants in any case. */
  #limit(): Command {
    this.#reader.takeText("any");
    return { kind: "limit", count: this.#count() };
  }

  #count(): number {
    const { text, at, end } = this.#reader.expect("number");
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1) throw malformedQuery("limit is a whole number", at, end);
    return count;
  }

  #stats(): Command {
    const { columns, aggregates } = this.#expressions.aggregates();
    const by = this.#reader.takeText("by") ? this.#expressions.columns() : [];
    return { kind: "stats", columns, by, offsetMs: this.#offset(by), aggregates };
  }

  /** `by bin(5m) offset 1h` */
  #offset(by: readonly Named[]): number {
    const { at, end } = this.#reader.next;
    if (!this.#reader.takeText("offset")) return 0;
    if (!by.some(({ expression }) => isBin(expression))) throw malformedQuery("offset is for stats by bin()", at, end);
    return this.#expressions.duration();
  }

  #sort(): Command {
    this.#reader.takeText("by");
    const by: { expression: Expression; descending: boolean }[] = [];
    do {
      const expression = this.#expressions.expression();
      const isAscending = this.#reader.takeText("asc");
      if (!isAscending) this.#reader.takeText("desc");
      by.push({ expression, descending: !isAscending });
    } while (this.#reader.takeText(","));
    return { kind: "sort", by };
  }

  #parse(): Command {
    const isBare = this.#reader.next.kind === "text" || this.#reader.next.kind === "regex";
    const of = isBare ? MESSAGE : this.#expressions.expression();
    return { kind: "parse", of, rule: this.#rule() };
  }

  #rule(): ParseRule {
    const regex = this.#reader.take("regex");
    if (regex !== undefined) {
      const compiled = this.#expressions.regex(regex);
      if (compiled.names.length === 0) throw malformedQuery("parse asks for groups with names", regex.at, regex.end);
      return { kind: "regex", regex: compiled };
    }
    const { text, at, end } = this.#reader.expect("text");
    const names: string[] = [];
    this.#reader.expectText("as");
    do names.push(this.#expressions.name());
    while (this.#reader.takeText(","));
    const parts = text.split("*");
    if (parts.length !== names.length + 1) throw malformedQuery("parse has a name for each wildcard", at, end);
    return { kind: "glob", parts, names };
  }
}
