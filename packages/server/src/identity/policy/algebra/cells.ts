/**
 * Into which cells patterns part all texts: two texts are in one cell when the same patterns match both. What holds
 * in every cell holds of every text, so that questions of containment and overlap are decided by looking at cells.
 */
import { Automaton, DEAD, type StateId } from "./automaton.ts";
import type { Pattern } from "./pattern.ts";

export interface Cell {
  /** The places of the patterns that match, in order. */
  readonly matching: readonly number[];
  /** A shortest text of the cell. */
  readonly example: string;
}

/** So much work is done: hostile sets of patterns have exponentially many states. */
const STEPS_MAX = 4_000_000;
/** Values of conditions are compared often, and are few. */
const STEPS_OF_VALUES_MAX = 100_000;

/** Every cell that has a text in it; `undefined` where finding them would take more steps. */
export function cellsOf(patterns: readonly Pattern[], stepsMax = STEPS_MAX): readonly Cell[] | undefined {
  const automaton = new Automaton(patterns);
  const seen = new Set([automaton.start.join()]);
  const waiting: { readonly state: readonly StateId[]; readonly text: string }[] = [
    { state: automaton.start, text: "" },
  ];
  const cells = new Map<string, Cell>();
  let steps = 0;
  for (let at = 0; at < waiting.length; at++) {
    const { state, text } = waiting[at] ?? { state: [], text: "" };
    addCell(state, text, { automaton, cells });
    for (const character of charactersOf(state, automaton)) {
      steps += state.length + 1;
      if (steps > stepsMax) return undefined;
      const next = after(state, character, automaton);
      const key = next.join();
      if (seen.has(key)) continue;
      seen.add(key);
      waiting.push({ state: next, text: text + String.fromCharCode(character) });
    }
  }
  return [...cells.values()];
}

interface Found {
  readonly automaton: Automaton;
  readonly cells: Map<string, Cell>;
}

function addCell(state: readonly StateId[], example: string, { automaton, cells }: Found): void {
  const matching = state.filter((id) => automaton.accepts(id)).map((id) => automaton.patternOf(id));
  const key = matching.join();
  if (!cells.has(key)) cells.set(key, { matching, example });
}

/** The characters that may make a difference next, and one that stands for the rest. */
function charactersOf(state: readonly StateId[], automaton: Automaton): ReadonlySet<number> {
  const characters = new Set([automaton.other]);
  for (const id of state) for (const character of automaton.charactersOf(id)) characters.add(character);
  return characters;
}

function after(state: readonly StateId[], character: number, automaton: Automaton): readonly StateId[] {
  const next: StateId[] = [];
  for (const id of state) {
    const reached = automaton.after(id, character);
    if (reached !== DEAD) next.push(reached);
  }
  return next;
}

/** Whether every text that one of `inner` matches is matched by one of `outer`; `false` also where that is too hard to say. */
export function covers(outer: readonly Pattern[], inner: readonly Pattern[]): boolean {
  if (inner.length === 0) return true;
  const cells = cellsOf([...inner, ...outer], STEPS_OF_VALUES_MAX);
  return (
    cells !== undefined &&
    cells.every(({ matching }) => !hasBelow(matching, inner.length) || hasFrom(matching, inner.length))
  );
}

/** Whether no text is matched on both sides; `false` also where that is too hard to say. */
export function areDisjoint(one: readonly Pattern[], other: readonly Pattern[]): boolean {
  const cells = cellsOf([...one, ...other], STEPS_OF_VALUES_MAX);
  return (
    cells !== undefined &&
    !cells.some(({ matching }) => hasBelow(matching, one.length) && hasFrom(matching, one.length))
  );
}

const hasBelow = (matching: readonly number[], count: number): boolean => (matching[0] ?? count) < count;
const hasFrom = (matching: readonly number[], count: number): boolean => (matching.at(-1) ?? -1) >= count;
