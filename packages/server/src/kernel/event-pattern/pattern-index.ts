/** Many patterns at once: an event is held only against those that it can be for. */
import { valuesOf, type EventValues } from "./event-values.ts";
import { holds } from "./match.ts";
import type { Conjunction, FieldTest, Pattern } from "./pattern.ts";

interface Entry<Of> {
  readonly of: Of;
  readonly conjunction: Conjunction;
}

type Entries<Of> = Entry<Of>[];

export class PatternIndex<Of> {
  /** By path and text: what asks for nothing but a few texts there. */
  readonly #byValue = new Map<string, Map<string, Entries<Of>>>();
  readonly #others: Entries<Of> = [];

  constructor(patterns: Iterable<{ readonly of: Of; readonly pattern: Pattern }>) {
    const entries = [...patterns].flatMap(({ of, pattern }) => pattern.map((conjunction) => ({ of, conjunction })));
    const counts = countsOf(entries);
    for (const entry of entries) this.#add(entry, counts);
  }

  /** Those whose patterns `event`, plain JSON, is for. */
  match(event: object): ReadonlySet<Of> {
    const values = valuesOf(event);
    const found = new Set<Of>();
    for (const entry of this.#others) keep(entry, values, found);
    for (const [path, byText] of this.#byValue) {
      for (const { value } of values.get(path) ?? []) {
        if (typeof value !== "string") continue;
        for (const entry of byText.get(value) ?? []) keep(entry, values, found);
      }
    }
    return found;
  }

  #add(entry: Entry<Of>, counts: ReadonlyMap<string, number>): void {
    const field = rarest(entry.conjunction, counts);
    if (field?.literals === undefined) {
      this.#others.push(entry);
      return;
    }
    const byText = this.#byValue.get(field.path) ?? new Map<string, Entries<Of>>();
    this.#byValue.set(field.path, byText);
    for (const literal of new Set(field.literals)) {
      const entries = byText.get(literal);
      if (entries === undefined) byText.set(literal, [entry]);
      else entries.push(entry);
    }
  }
}

function keep<Of>({ of, conjunction }: Entry<Of>, values: EventValues, found: Set<Of>): void {
  if (!found.has(of) && holds(conjunction, values)) found.add(of);
}

const keyOf = ({ path }: FieldTest, literal: string): string => JSON.stringify([path, literal]);

/** How many conjunctions ask for each text. */
function countsOf(entries: readonly Entry<unknown>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const field of entries.flatMap(({ conjunction }) => conjunction)) {
    for (const literal of field.literals ?? []) {
      const key = keyOf(field, literal);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** The field whose texts the fewest others ask for. */
function rarest(conjunction: Conjunction, counts: ReadonlyMap<string, number>): FieldTest | undefined {
  let best: FieldTest | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const field of conjunction) {
    if (field.literals === undefined) continue;
    const most = Math.max(...field.literals.map((literal) => counts.get(keyOf(field, literal)) ?? 0));
    if (most < least) [best, least] = [field, most];
  }
  return best;
}
