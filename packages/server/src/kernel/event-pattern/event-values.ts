/** The values of an event, by the paths that patterns name. */
import type { Leaf } from "./value-test.ts";

/** A value, and which entries of which lists it is in: of two fields of a list's entries, both have to be of one entry. */
export interface EventValue {
  readonly value: Leaf;
  readonly entries: readonly ListEntry[];
}

interface ListEntry {
  readonly list: number;
  readonly at: number;
}

export type EventValues = ReadonlyMap<string, readonly EventValue[]>;

/** Of plain JSON. */
export function valuesOf(event: object): EventValues {
  const collector = new Collector();
  collector.members(event, "", []);
  return collector.found;
}

/** No pattern names what lies deeper. */
const DEPTH_MAX = 1000;

class Collector {
  readonly found = new Map<string, EventValue[]>();
  #depth = 0;
  #lists = 0;

  members(of: object, path: string, entries: readonly ListEntry[]): void {
    for (const [name, value] of Object.entries(of)) this.#one(value, path === "" ? name : `${path}.${name}`, entries);
  }

  #one(value: unknown, path: string, entries: readonly ListEntry[]): void {
    if (this.#depth === DEPTH_MAX) return;
    this.#depth++;
    if (Array.isArray(value)) this.#list(value, path, entries);
    else if (typeof value === "object" && value !== null) this.members(value, path, entries);
    else if (isLeaf(value)) this.#leaf(value, path, entries);
    this.#depth--;
  }

  #list(values: readonly unknown[], path: string, entries: readonly ListEntry[]): void {
    const list = this.#lists++;
    for (const [at, value] of values.entries()) {
      const isNested = typeof value === "object" && value !== null;
      this.#one(value, path, isNested ? [...entries, { list, at }] : entries);
    }
  }

  #leaf(value: Leaf, path: string, entries: readonly ListEntry[]): void {
    const there = this.found.get(path);
    if (there === undefined) this.found.set(path, [{ value, entries }]);
    else there.push({ value, entries });
  }
}

const isLeaf = (value: unknown): value is Leaf =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Whether two values can be of the same entries. */
export const areTogether = (one: readonly ListEntry[], other: readonly ListEntry[]): boolean =>
  one.every(({ list, at }) => other.every((entry) => entry.list !== list || entry.at === at));
