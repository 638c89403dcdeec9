/** Kinds of actions or resources: those of one kind every statement treats alike. */
import { cellsOf } from "./cells.ts";
import type { Pattern } from "./pattern.ts";

/** Whether a statement is about a request, its conditions apart. */
export type Reach = "no" | "perhaps" | "yes";

export interface Kind {
  /** What each statement says of it. */
  readonly reaches: readonly Reach[];
  /** Whether it is among what was asked for. */
  readonly asked: boolean;
}

/** A statement's `Action` or `Resource`. */
export interface Element {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
  /** The answer where the statement has no such element, or it does not matter. */
  readonly otherwise: Reach | undefined;
}

interface Dimension {
  /** What everything in the dimension matches; `undefined`: there is no such. */
  readonly universe: Pattern | undefined;
  readonly asked: readonly Pattern[];
  readonly elements: readonly Element[];
}

/** `undefined`: the patterns are too entangled. */
export function kindsOf({ universe, asked, elements }: Dimension): readonly Kind[] | undefined {
  const places = new Places();
  const universePlace = universe && places.of(universe);
  const askedPlaces = asked.map((pattern) => places.of(pattern));
  const elementPlaces = elements.map(({ patterns, otherwise }) =>
    otherwise === undefined ? patterns.map((pattern) => places.of(pattern)) : [],
  );
  const kinds = new Map<string, Kind>();
  const cells = cellsOf(places.patterns);
  if (cells === undefined) return undefined;
  for (const { matching } of cells) {
    const held = new Set(matching);
    if (universePlace !== undefined && !held.has(universePlace)) continue;
    const isAsked = askedPlaces.some((place) => held.has(place));
    const reaches = elements.map((element, at) => reachOf(element, elementPlaces[at] ?? [], held));
    const key = `${isAsked} ${reaches.join()}`;
    if (!kinds.has(key)) kinds.set(key, { reaches, asked: isAsked });
  }
  return [...kinds.values()];
}

/** Equal patterns are one. */
class Places {
  readonly patterns: Pattern[] = [];
  readonly #known = new Map<string, number>();

  of(pattern: Pattern): number {
    const key = pattern.units.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.patterns.length);
    return this.patterns.push(pattern) - 1;
  }
}

function reachOf(
  { negated, patterns, otherwise }: Element,
  places: readonly number[],
  held: ReadonlySet<number>,
): Reach {
  if (otherwise !== undefined) return otherwise;
  let reach: Reach = "no";
  for (const [at, { variable }] of patterns.entries()) {
    if (!held.has(places[at] ?? -1)) continue;
    if (!variable) return negated ? "no" : "yes";
    reach = "perhaps";
  }
  if (!negated) return reach;
  return reach === "no" ? "yes" : "perhaps";
}
