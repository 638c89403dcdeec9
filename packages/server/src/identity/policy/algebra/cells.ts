/**
 * Into which cells patterns part all texts: two texts are in one cell when the same patterns match both. What holds
 * in every cell holds of every text, so that questions of containment and overlap are decided by looking at cells.
 */
import { COLON, MANY, MANY_IN_FIELD, ONE, ONE_IN_FIELD, type Pattern, type Unit } from "./pattern.ts";

export interface Cell {
  /** The places of the patterns that match, in order. */
  readonly matching: readonly number[];
  /** A shortest text of the cell. */
  readonly example: string;
}

/** So many states of all patterns together are looked at; hostile sets of patterns have exponentially many. */
const STATES_MAX = 20_000;

/** Where each pattern stands, those that cannot match any more left out. */
type State = readonly Stand[];

interface Stand {
  readonly pattern: number;
  /** Units that may come next, in order; the length of the pattern where it may end. */
  readonly positions: readonly number[];
}

/** Every cell that has a text in it; `undefined` where finding them would take too long. */
export function cellsOf(patterns: readonly Pattern[]): readonly Cell[] | undefined {
  const all = patterns.map(({ units }) => units);
  const other = unusedCharacter(all);
  const start = all.flatMap((units, pattern) => standOf(pattern, [0], units));
  const seen = new Set([keyOf(start)]);
  const waiting: { readonly state: State; readonly text: string }[] = [{ state: start, text: "" }];
  const cells = new Map<string, Cell>();
  for (let at = 0; at < waiting.length; at++) {
    const { state, text } = waiting[at] ?? { state: [], text: "" };
    addCell(state, text, all, cells);
    for (const character of charactersOf(state, all, other)) {
      const next = step(state, character, all);
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (seen.size >= STATES_MAX) return undefined;
      seen.add(key);
      waiting.push({ state: next, text: text + String.fromCharCode(character) });
    }
  }
  return [...cells.values()];
}

const keyOf = (state: State): string =>
  state.map(({ pattern, positions }) => `${pattern}@${positions.join(",")}`).join(";");

function addCell(state: State, example: string, all: readonly (readonly Unit[])[], cells: Map<string, Cell>): void {
  const matching = state.flatMap(({ pattern, positions }) =>
    positions.at(-1) === all[pattern]?.length ? [pattern] : [],
  );
  const key = matching.join(",");
  if (!cells.has(key)) cells.set(key, { matching, example });
}

/** A character that no pattern names: all of those are alike. */
function unusedCharacter(all: readonly (readonly Unit[])[]): number {
  const used = new Set(all.flat());
  let code = "a".charCodeAt(0);
  while (used.has(code) || code === COLON) code++;
  return code;
}

/** The characters that may make a difference next. */
function charactersOf(state: State, all: readonly (readonly Unit[])[], other: number): ReadonlySet<number> {
  const characters = new Set<number>([other]);
  for (const { pattern, positions } of state) {
    for (const position of positions) {
      const unit = all[pattern]?.[position];
      if (unit === undefined || unit === MANY || unit === ONE) continue;
      characters.add(unit < 0 ? COLON : unit);
    }
  }
  return characters;
}

function step(state: State, character: number, all: readonly (readonly Unit[])[]): State {
  return state.flatMap(({ pattern, positions }) => {
    const units = all[pattern] ?? [];
    const next = positions.flatMap((position) => after(units[position], position, character));
    return standOf(pattern, next, units);
  });
}

function after(unit: Unit | undefined, position: number, character: number): readonly number[] {
  switch (unit) {
    case undefined:
      return [];
    case MANY:
      return [position];
    case ONE:
      return [position + 1];
    case MANY_IN_FIELD:
      return character === COLON ? [] : [position];
    case ONE_IN_FIELD:
      return character === COLON ? [] : [position + 1];
    default:
      return unit === character ? [position + 1] : [];
  }
}

/** Goes over wildcards that may be empty, and forgets positions that a later wildcard makes needless. */
function standOf(pattern: number, positions: readonly number[], units: readonly Unit[]): State {
  const reached = new Set<number>();
  for (let position of positions) {
    reached.add(position);
    while (isMany(units[position])) reached.add(++position);
  }
  if (reached.size === 0) return [];
  const ordered = [...reached].toSorted((one, other) => one - other);
  return [{ pattern, positions: ordered.slice(firstNeeded(ordered, units)) }];
}

const isMany = (unit: Unit | undefined): boolean => unit === MANY || unit === MANY_IN_FIELD;

/** Whatever can be matched from before a `*` that was reached can be matched from it as well. */
function firstNeeded(ordered: readonly number[], units: readonly Unit[]): number {
  for (let at = ordered.length - 1; at > 0; at--) {
    const position = ordered[at] ?? 0;
    const unit = units[position];
    if (unit === MANY) return at;
    if (unit === MANY_IN_FIELD && staysInField(units, ordered[0] ?? 0, position)) return at;
  }
  return 0;
}

function staysInField(units: readonly Unit[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const unit = units[at];
    if (unit === COLON || unit === MANY || unit === ONE) return false;
  }
  return true;
}

/** Whether every text that one of `inner` matches is matched by one of `outer`; `false` also where that is too hard to say. */
export function covers(outer: readonly Pattern[], inner: readonly Pattern[]): boolean {
  if (inner.length === 0) return true;
  const cells = cellsOf([...inner, ...outer]);
  return (
    cells !== undefined &&
    cells.every(({ matching }) => !hasBelow(matching, inner.length) || hasFrom(matching, inner.length))
  );
}

/** Whether no text is matched on both sides; `false` also where that is too hard to say. */
export function areDisjoint(one: readonly Pattern[], other: readonly Pattern[]): boolean {
  const cells = cellsOf([...one, ...other]);
  return (
    cells !== undefined &&
    !cells.some(({ matching }) => hasBelow(matching, one.length) && hasFrom(matching, one.length))
  );
}

const hasBelow = (matching: readonly number[], count: number): boolean => (matching[0] ?? count) < count;
const hasFrom = (matching: readonly number[], count: number): boolean => (matching.at(-1) ?? -1) >= count;
