/** Where the rows of a table lie: `(table, account, region, …key)`, as far as the table's reach goes. */
import { assert } from "../kernel/assert.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import type { Key, Range, Scope, Table } from "../kernel/table.ts";
import { KEY_BYTES_MAX, type KeyRange } from "./driver.ts";
import { endOfPrefix, openString, pack, successor } from "./tuple.ts";

type NamedTable = Pick<Table<never>, "name" | "reach">;

/** The rows of one table, as one account and region see them. */
interface View {
  /** What all their keys begin with. */
  readonly prefix: string;
  /** Of rows with one word for a key: most of those that every call reads. A text that is known has its hash. */
  readonly known: BoundedCache<string, string>;
  /** Of rows with two, by the first of them. */
  readonly knownPairs: BoundedCache<string, BoundedCache<string, string>>;
}

/** So many keys of a table are remembered at the least. */
const KNOWN_KEYS = 128;
/** So many first words of pairs, and of each so many second ones. */
const KNOWN_FIRSTS = 32;
const KNOWN_SECONDS = 64;

/** An account and region from which tables are seen. */
export class Outlook {
  readonly scope: Scope;
  readonly #account: string;
  readonly #region: string;
  readonly #views = new Map<NamedTable, View>();

  constructor(scope: Scope) {
    this.scope = scope;
    this.#account = pack([scope.account]);
    this.#region = pack([scope.account, scope.region]);
  }

  /** What every key of `table` begins with. */
  prefix(table: NamedTable): string {
    return this.#view(table).prefix;
  }

  /** The place of one row. @throws {InvariantError} where it is longer than every driver takes. */
  place(table: NamedTable, key: Key): string {
    const view = this.#view(table);
    const [first, second] = key;
    if (typeof first !== "string" || key.length > 2) return rowKey(view.prefix, key);
    if (key.length === 1) return placeOf(first, view.known, view.prefix, key);
    if (typeof second !== "string") return rowKey(view.prefix, key);
    return placeOf(second, pairsUnder(first, view), view.prefix, key);
  }

  #view(table: NamedTable): View {
    const view = this.#views.get(table);
    if (view !== undefined) return view;
    const made: View = {
      prefix: this.#prefixOf(table),
      known: new BoundedCache(KNOWN_KEYS),
      knownPairs: new BoundedCache(KNOWN_FIRSTS),
    };
    this.#views.set(table, made);
    return made;
  }

  #prefixOf({ name, reach }: NamedTable): string {
    switch (reach) {
      case "global":
        return pack([name]);
      case "account":
        return pack([name]) + this.#account;
      case "region":
        return pack([name]) + this.#region;
    }
  }
}

function pairsUnder(first: string, { knownPairs }: View): BoundedCache<string, string> {
  let pairs = knownPairs.get(first);
  if (pairs === undefined) knownPairs.set(first, (pairs = new BoundedCache(KNOWN_SECONDS)));
  return pairs;
}

function placeOf(word: string, known: BoundedCache<string, string>, prefix: string, key: Key): string {
  const place = known.get(word);
  if (place !== undefined) return place;
  const made = rowKey(prefix, key);
  known.set(word, made);
  return made;
}

/** So many accounts are remembered at the least. */
const KNOWN_ACCOUNTS = 128;

/** The outlooks of those who called last. */
export class Outlooks {
  readonly #ofAccounts = new BoundedCache<string, Map<string, Outlook>>(KNOWN_ACCOUNTS);

  from(scope: Scope): Outlook {
    const { account, region } = scope;
    let regions = this.#ofAccounts.get(account);
    if (regions === undefined) this.#ofAccounts.set(account, (regions = new Map<string, Outlook>()));
    let outlook = regions.get(region);
    if (outlook === undefined) regions.set(region, (outlook = new Outlook({ account, region })));
    return outlook;
  }
}

function rowKey(prefix: string, key: Key): string {
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
