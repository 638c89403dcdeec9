/** Where the rows of a table lie: `(table, account, region, …key)`, as far as the table's reach goes. */
import { assert } from "../kernel/assert.ts";
import type { Key, Range, Scope, Table } from "../kernel/table.ts";
import { KEY_BYTES_MAX, type KeyRange } from "./driver.ts";
import { endOfPrefix, openString, pack, successor } from "./tuple.ts";

const packedNames = new WeakMap<NamedTable, string>();

type NamedTable = Pick<Table<never>, "name" | "reach">;

/** An account and region from which tables are seen; what their keys begin with is packed once. */
export class Outlook {
  readonly scope: Scope;
  #account: string | undefined;
  #region: string | undefined;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  /** What every key of `table` begins with. */
  prefix(table: NamedTable): string {
    const name = packedName(table);
    switch (table.reach) {
      case "global":
        return name;
      case "account":
        return name + (this.#account ??= pack([this.scope.account]));
      case "region":
        return name + (this.#region ??= pack([this.scope.account, this.scope.region]));
    }
  }
}

function packedName(table: NamedTable): string {
  const known = packedNames.get(table);
  if (known !== undefined) return known;
  const packed = pack([table.name]);
  packedNames.set(table, packed);
  return packed;
}

/** The place of one row. @throws {InvariantError} where it is longer than every driver takes. */
export function rowKey(prefix: string, key: Key): string {
  const packed = prefix + pack(key);
  assert(packed.length <= KEY_BYTES_MAX, "a row's key is too long");
  return packed;
}

/** The byte strings that `range` means under `prefix`. */
export function keyRange(prefix: string, range: Range): KeyRange {
  const whole = prefix + pack(range.prefix ?? []);
  const begun = range.startsWith === undefined ? whole : openString(whole, range.startsWith);
  const place = (key: Key): string => prefix + pack(key);
  let from = begun;
  let to = endOfPrefix(begun);
  if (range.from) from = later(from, place(range.from));
  if (range.after) from = later(from, successor(place(range.after)));
  if (range.past) from = later(from, endOfPrefix(openKey(prefix, range.past)));
  if (range.before) to = earlier(to, place(range.before));
  return { from, to, limit: range.limit, reverse: range.reverse ?? false };
}

/** `key` with its last part, if that is a string, left open for more text. */
function openKey(prefix: string, key: Key): string {
  const last = key.at(-1);
  return typeof last === "string" ? openString(prefix + pack(key.slice(0, -1)), last) : prefix + pack(key);
}

const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);
