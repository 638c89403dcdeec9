/** Patterns at work on texts, all at once: what has been read of a text is a state of each pattern. */
import { COLON, MANY, MANY_IN_FIELD, ONE, ONE_IN_FIELD, type Pattern, type Unit } from "./pattern.ts";

/** Where one pattern stands after some text, or that it cannot match any more. */
export type StateId = number;

export const DEAD: StateId = -1;

interface State {
  /** The place of the pattern. */
  readonly pattern: number;
  readonly units: readonly Unit[];
  /** Units that may come next, in order; the length of the pattern where it may end. */
  readonly positions: readonly number[];
  readonly accepts: boolean;
  /** Characters that make a difference here. */
  readonly characters: readonly number[];
  /** Where those lead. */
  readonly next: Map<number, StateId>;
  /** Where all others lead. */
  otherwise: StateId | undefined;
}

/** The states of patterns, each worked out when it is first reached. */
export class Automaton {
  readonly #states: State[] = [];
  readonly #ids = new Map<string, StateId>();
  /** A character that no pattern names: all of those are alike. */
  readonly other: number;
  /** Where each pattern stands before any text; those that match nothing are left out. */
  readonly start: readonly StateId[];

  constructor(patterns: readonly Pattern[]) {
    this.other = unusedCharacter(patterns);
    this.start = patterns.map(({ units }, pattern) => this.#idOf(pattern, units, [0])).filter((id) => id !== DEAD);
  }

  accepts(id: StateId): boolean {
    return this.#states[id]?.accepts === true;
  }

  /** The place of the pattern that this is a state of. */
  patternOf(id: StateId): number {
    return this.#states[id]?.pattern ?? 0;
  }

  /** Characters that may lead elsewhere than all others. */
  charactersOf(id: StateId): readonly number[] {
    return this.#states[id]?.characters ?? [];
  }

  after(id: StateId, character: number): StateId {
    const state = this.#states[id];
    if (state === undefined) return DEAD;
    const known = state.next.get(character);
    if (known !== undefined) return known;
    if (!state.characters.includes(character)) return (state.otherwise ??= this.#step(state, this.other));
    const reached = this.#step(state, character);
    state.next.set(character, reached);
    return reached;
  }

  #step({ pattern, units, positions }: State, character: number): StateId {
    const reached: number[] = [];
    for (const position of positions) {
      const next = nextPosition(units[position], position, character);
      if (next !== undefined) reached.push(next);
    }
    return this.#idOf(pattern, units, reached);
  }

  #idOf(pattern: number, units: readonly Unit[], reached: readonly number[]): StateId {
    if (reached.length === 0) return DEAD;
    const positions = settled(reached, units);
    const key = `${pattern} ${positions.join(" ")}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    this.#ids.set(key, id);
    this.#states.push({
      pattern,
      units,
      positions,
      accepts: positions.at(-1) === units.length,
      characters: charactersAt(positions, units),
      next: new Map(),
      otherwise: undefined,
    });
    return id;
  }
}

function unusedCharacter(patterns: readonly Pattern[]): number {
  const used = new Set(patterns.flatMap(({ units }) => units));
  let code = "a".charCodeAt(0);
  while (used.has(code) || code === COLON) code++;
  return code;
}

function charactersAt(positions: readonly number[], units: readonly Unit[]): readonly number[] {
  const characters = new Set<number>();
  for (const position of positions) {
    const unit = units[position];
    if (unit === undefined || unit === MANY || unit === ONE) continue;
    characters.add(unit < 0 ? COLON : unit);
  }
  return [...characters];
}

function nextPosition(unit: Unit | undefined, position: number, character: number): number | undefined {
  switch (unit) {
    case undefined:
      return undefined;
    case MANY:
      return position;
    case ONE:
      return position + 1;
    case MANY_IN_FIELD:
      return character === COLON ? undefined : position;
    case ONE_IN_FIELD:
      return character === COLON ? undefined : position + 1;
    default:
      return unit === character ? position + 1 : undefined;
  }
}

/** Goes over wildcards that may be empty, and forgets positions that a later wildcard makes needless. */
function settled(reached: readonly number[], units: readonly Unit[]): readonly number[] {
  const positions = new Set<number>();
  for (let position of reached) {
    positions.add(position);
    while (isMany(units[position])) positions.add(++position);
  }
  const ordered = [...positions].toSorted((one, other) => one - other);
  return ordered.slice(firstNeeded(ordered, units));
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
