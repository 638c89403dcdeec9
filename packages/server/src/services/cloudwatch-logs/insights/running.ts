/**
 * Commands that look at the rows before, in the order in which they come.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Accum.html,
 * CWL_QuerySyntax-Autoregress.html, CWL_QuerySyntax-Filldown.html, CWL_QuerySyntax-Addtotals.html
 */
import { Row } from "./row.ts";
import type { RunningRule, Value } from "./syntax.ts";
import { numberOf } from "./value.ts";

type Of<Kind extends RunningRule["kind"]> = Extract<RunningRule, { readonly kind: Kind }>;

/** What each row becomes. */
type Step = (row: Row) => void;

interface Running {
  readonly step: Step;
  /** What follows the last row. */
  readonly finish?: () => readonly Row[];
}

/** `columns`: the fields that the query has named so far. */
export function running(rule: RunningRule, columns: readonly string[]): Running {
  switch (rule.kind) {
    case "accum":
      return { step: accumulation(rule) };
    case "autoregress":
      return { step: regression(rule) };
    case "filldown":
      return { step: filling(rule, columns) };
    case "addtotals": {
      const totals = new Totals(rule, columns);
      return { step: totals.add, finish: () => totals.finish() };
    }
  }
}

function accumulation({ field, as }: Of<"accum">): Step {
  let sum = 0;
  return (row) => {
    sum += numberOf(row.get(field)) ?? 0;
    row.set(as, sum);
  };
}

function regression({ field, lags }: Of<"autoregress">): Step {
  const most = Math.max(...lags.map(({ rows }) => rows));
  const before: Value[] = [];
  return (row) => {
    for (const { rows, as } of lags) row.set(as, before.at(-rows));
    before.push(row.get(field));
    if (before.length > most) before.shift();
  };
}

function filling({ fields }: Of<"filldown">, columns: readonly string[]): Step {
  const names = fields.length === 0 ? columns : fields.flatMap((name) => namesLike(name, columns));
  const last = new Map<string, Value>();
  return (row) => {
    for (const name of names) {
      const value = row.get(name);
      if (value !== undefined) last.set(name, value);
      else row.set(name, last.get(name));
    }
  };
}

function namesLike(name: string, columns: readonly string[]): readonly string[] {
  if (!name.endsWith("*")) return [name];
  return columns.filter((column) => column.startsWith(name.slice(0, -1)));
}

/** The sums of each row, and of each field over all rows. */
class Totals {
  readonly #command: Of<"addtotals">;
  readonly #fields: readonly string[];
  readonly #sums = new Map<string, number>();

  constructor(command: Of<"addtotals">, columns: readonly string[]) {
    this.#command = command;
    this.#fields = command.fields.length === 0 ? columns : command.fields;
  }

  readonly add: Step = (row) => {
    let total = 0;
    for (const name of this.#fields) {
      const value = row.times.has(name) ? undefined : numberOf(row.get(name));
      if (value === undefined) continue;
      total += value;
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    }
    if (this.#command.ofRows) row.set(this.#command.as, total);
  };

  finish(): readonly Row[] {
    if (!this.#command.ofColumns) return [];
    const row = new Row();
    for (const [name, sum] of this.#sums) row.set(name, sum);
    return [row];
  }
}
