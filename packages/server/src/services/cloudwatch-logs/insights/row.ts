/** A row on its way through a query: an event, or what was made of many. */
import type { StoredEvent } from "../event/walk.ts";
import type { LogGroup } from "../group-row.ts";
import type { Versions } from "../transformer/version.ts";
import { discovered, systemField } from "./discovery.ts";
import { valueAt } from "./structure.ts";
import type { Plain, Value } from "./syntax.ts";

export interface Source {
  readonly event: StoredEvent;
  readonly group: LogGroup;
  readonly versions: Versions | undefined;
}

/** What the transformer of the group makes of the event goes before what the event says itself. */
function discoveredIn({ event, group, versions }: Source): ReadonlyMap<string, Plain> {
  const own = discovered(event.message, group);
  const transformed = versions?.transformed(event);
  return transformed === undefined ? own : new Map([...own, ...discovered(transformed, group)]);
}

export class Row {
  readonly #source: Source | undefined;
  readonly #values = new Map<string, Value>();
  #discovered: ReadonlyMap<string, Plain> | undefined;
  #hasStructures = false;
  /** Fields that are times. */
  readonly times = new Set<string>();

  constructor(source?: Source) {
    this.#source = source;
    if (source !== undefined) for (const name of ["@timestamp", "@ingestionTime"]) this.times.add(name);
  }

  get pointer(): string | undefined {
    return this.#source && String(systemField("@ptr", this.#source.event, this.#source.group));
  }

  get(name: string): Value {
    if (this.#values.has(name)) return this.#values.get(name);
    const inside = this.#hasStructures ? valueAt(name, (field) => this.#values.get(field)) : undefined;
    if (inside !== undefined) return inside;
    if (this.#source === undefined) return undefined;
    const { event, group } = this.#source;
    const own = systemField(name, event, group);
    if (own !== undefined) return own;
    this.#discovered ??= discoveredIn(this.#source);
    return this.#discovered.get(name);
  }

  set(name: string, value: Value, isTime = false): void {
    this.#values.set(name, value);
    this.#hasStructures ||= typeof value === "object";
    if (isTime) this.times.add(name);
  }

  /** Another that has all that this one has. */
  copy(): Row {
    const row = new Row(this.#source);
    for (const [name, value] of this.#values) row.set(name, value, this.times.has(name));
    return row;
  }
}
