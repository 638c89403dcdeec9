/** A statement, from its text to its rows. */
import { InvariantError } from "../../../../kernel/assert.ts";
import { statementInvalid } from "../errors.ts";
import { RESULT_BYTES_MAX } from "../limits.ts";
import { formatCell } from "./format.ts";
import { Effort, exhausted, Holding } from "./holding.ts";
import type { Around, CompileRegex } from "./function/kind.ts";
import { parseStatement } from "./parser.ts";
import { planQuery } from "./plan.ts";
import type { EventTable, Relation, Tally } from "./relation.ts";
import type { Query, Source } from "./syntax.ts";
import { QueryFailure } from "./value.ts";

export interface Answer extends Tally {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Asking {
  readonly nowMs: number;
  readonly table: (id: string) => EventTable | undefined;
}

/** The ids of the stores that a statement names, each once. @throws {AwsError} `InvalidQueryStatementException` */
export function storesNamedIn(text: string): readonly string[] {
  const found = new Set<string>();
  addNamed(parseStatement(text), new Set(), found);
  if (found.size === 0) throw statementInvalid("The query names no event data store.");
  return [...found];
}

/** Names that stand before a query are no stores. */
function addNamed(query: Query, named: ReadonlySet<string>, found: Set<string>): void {
  const inner = new Set(named);
  for (const { name, query: before } of query.with) {
    addNamed(before, inner, found);
    inner.add(name);
  }
  addWithin(Object.values({ ...query, with: [] }), inner, found);
}

/** Wherever there are queries and tables in it. */
function addWithin(part: unknown, named: ReadonlySet<string>, found: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if (isQuery(part)) return addNamed(part, named, found);
  if (isTable(part)) {
    const id = part.name.text.toLowerCase();
    if (!named.has(id)) found.add(id);
    return;
  }
  const members: readonly unknown[] = Object.values(part);
  for (const member of members) addWithin(member, named, found);
}

const isQuery = (part: object): part is Query => "body" in part && "orderBy" in part;

const isTable = (part: object): part is Extract<Source, { kind: "table" }> => "kind" in part && part.kind === "table";

/** Without looking at events. @throws {AwsError} `InvalidQueryStatementException` */
export async function requireStatement(text: string, asking: Asking): Promise<void> {
  const around = await aroundOf(text, asking);
  within(
    () => planQuery(parseStatement(text), { around, tally: newTally(), table: asking.table }),
    () => statementInvalid("The query is too complex."),
  );
}

const aroundOf = async (text: string, { nowMs }: Asking): Promise<Around> => ({
  nowMs,
  compileRegex: await regexCompiler(text),
  effort: new Effort(),
});

/** What goes deeper than the machine can, or makes longer texts than it has, is told so. */
function within<Made>(make: () => Made, tooMuch: () => Error): Made {
  try {
    return make();
  } catch (error) {
    throw error instanceof RangeError ? tooMuch() : error;
  }
}

const newTally = (): Tally => ({ eventsScanned: 0, eventsMatched: 0, bytesScanned: 0 });

/** @throws {QueryFailure} where it cannot be answered */
export async function askStatement(text: string, asking: Asking): Promise<Answer> {
  const tally = newTally();
  const around = await aroundOf(text, asking);
  const relation = within(() => planQuery(parseStatement(text), { around, tally, table: asking.table }), exhausted);
  const columns = relation.columns.map(({ shown }) => shown);
  try {
    const rows = await cellsOf(relation);
    return { ...tally, columns, rows };
  } catch (error) {
    throw error instanceof RangeError ? exhausted() : error;
  }
}

async function cellsOf(relation: Relation): Promise<Answer["rows"]> {
  const [rows, holding]: [(string | null)[][], Holding] = [[], new Holding()];
  let bytes = 0;
  for await (const batch of relation.rows()) {
    for (const row of batch) {
      const cells = relation.columns.map((_, at) => formatCell(row[at] ?? null));
      for (const cell of cells) bytes += cell?.length ?? 0;
      if (bytes > RESULT_BYTES_MAX) throw exhausted();
      holding.add(cells);
      rows.push(cells);
    }
  }
  return rows;
}

/** The compiler is large, and most statements have no use for it. */
async function regexCompiler(text: string): Promise<CompileRegex> {
  if (!/regexp_/i.test(text)) return () => unreachableRegex();
  const { RE2JS } = await import("re2js");
  const compiled = new Map<string, ReturnType<CompileRegex>>();
  const compile: CompileRegex = (source) => {
    const regex = tryCompile(() => RE2JS.compile(source));
    return {
      test: (given) => regex.test(given),
      find(given, group) {
        const matcher = regex.matcher(given);
        if (group > matcher.groupCount())
          throw new QueryFailure(`Pattern has ${matcher.groupCount()} groups. Cannot access group ${group}`);
        return matcher.find() ? (matcher.group(group) ?? undefined) : undefined;
      },
      replaceAll: (given, replacement) => regex.matcher(given).replaceAll(replacement),
    };
  };
  return (source) => {
    const known = compiled.get(source) ?? compile(source);
    if (compiled.size < REGEXES_KEPT_MAX) compiled.set(source, known);
    return known;
  };
}

/** Patterns that stand in columns are many. */
const REGEXES_KEPT_MAX = 100;

function unreachableRegex(): never {
  throw new InvariantError("a statement without regular expressions has none");
}

function tryCompile<Compiled>(compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch {
    throw new QueryFailure("Invalid regular expression");
  }
}
