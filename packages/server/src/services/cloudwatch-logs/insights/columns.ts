/** What is shown of a query's rows. */
import { PATTERN_COLUMNS } from "./pattern.ts";
import type { Command, Named, Query, RunningRule } from "./syntax.ts";

const USUAL: readonly string[] = ["@timestamp", "@message"];

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Display.html */
export function columnsOf(query: Query): readonly string[] {
  const display = query.findLast((command) => command.kind === "display");
  const columns = display?.kind === "display" ? namesOf(display.columns) : columnsNamed(query);
  return columns.length === 0 ? USUAL : columns;
}

/** The columns that the commands name, each for those before it. */
export function columnsNamed(query: Query): readonly string[] {
  let columns: readonly string[] = [];
  for (const command of query) columns = columnsAfter(command, columns);
  return [...new Set(columns)];
}

function columnsAfter(command: Command, before: readonly string[]): readonly string[] {
  if (command.kind === "stats") return namesOf([...command.by, ...command.columns]);
  if (command.kind === "pattern") return PATTERN_COLUMNS;
  if (command.kind === "fields") return [...before, ...namesOf(command.columns)];
  if (command.kind === "unnest") return [...before, command.into];
  if (command.kind === "lookup") return [...before, ...command.output];
  return command.kind === "running" ? [...before, ...namesIn(command.rule)] : before;
}

function namesIn(rule: RunningRule): readonly string[] {
  if (rule.kind === "autoregress") return rule.lags.map(({ as }) => as);
  if (rule.kind === "filldown") return [];
  return rule.kind === "accum" || rule.ofRows ? [rule.as] : [];
}

const namesOf = (columns: readonly Named[]): readonly string[] => columns.map(({ name }) => name);
