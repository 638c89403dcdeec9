/** The rules of a bus that wait for events, by a version: so that patterns are read and put in order once, not for each event. */
import { indexOf } from "../../../kernel/event-pattern/kept-index.ts";
import { parsePattern, type Pattern } from "../../../kernel/event-pattern/pattern.ts";
import { PatternIndex } from "../../../kernel/event-pattern/pattern-index.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table, type Scope, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { DEFAULT_BUS } from "../kit.ts";
import { isEnabled, rules } from "./row.ts";

interface Rulebook {
  readonly bus: string;
  /** Another after each change. */
  readonly version: string;
  /** No event is waited for. */
  readonly isEmpty: boolean;
}

const rulebooks = table<Rulebook>("eventbridge.rulebook", "region", ({ bus }) => [bus]);

interface BookPlace extends Scope {
  readonly name: string;
  readonly tx: Transaction;
}

/** To be called after rules of a bus were changed. */
export async function rulebookChanged(place: BookPlace, context: Context): Promise<void> {
  const { name: bus, account, region, tx } = place;
  const isEmpty = !(await isWaitedFor(place));
  tx.put(rulebooks, { bus, version: context.newId(), isEmpty });
  if (bus === DEFAULT_BUS) context.audience.set("events", { account, region }, !isEmpty);
}

/** Of a bus that is no more. */
export const forgetRulebook = ({ name, tx }: BookPlace): void => tx.delete(rulebooks, name);

async function isWaitedFor({ name, tx }: BookPlace): Promise<boolean> {
  for await (const rule of everyRow(tx, rules, { prefix: [name] }))
    if (rule.pattern !== undefined && isEnabled(rule)) return true;
  return false;
}

/** The names of the rules that an event is for. */
export async function matchedBy(
  event: object,
  { bus, tx }: { bus: string; tx: Transaction },
): Promise<Iterable<string>> {
  const book = await tx.get(rulebooks, bus);
  if (book === undefined || book.isEmpty) return [];
  const index = await indexOf(book.version, () => readBook(bus, tx));
  return index.match(event);
}

async function readBook(bus: string, tx: Transaction): Promise<PatternIndex<string>> {
  const entries: { of: string; pattern: Pattern }[] = [];
  for await (const { name, pattern, state } of everyRow(tx, rules, { prefix: [bus] })) {
    if (pattern !== undefined && state !== "DISABLED") entries.push({ of: name, pattern: parsePattern(pattern) });
  }
  return new PatternIndex(entries);
}
