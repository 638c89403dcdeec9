/**
 * Texts that records speak of by name: policies above all, which are the same for thousands of calls. A text lies in
 * the store once for each day of virtual time on which a call rested on it, and goes with the calls of that day.
 */
import { hash } from "node:crypto";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { DAY_MS } from "../kernel/duration.ts";
import { table, type Scope, type Transaction } from "../kernel/table.ts";
import type { TextKeeper } from "../identity/evidence.ts";
import type { Store } from "../store/store.ts";
import { isOfSetting, type SettingKeeper, type SettingKey } from "./stored-record.ts";

interface TextRow {
  readonly day: number;
  readonly name: string;
  readonly text: string;
}

const texts = table<TextRow>("journal.text", "global", ({ day, name }) => [day, name]);

/** How many names are remembered at the least. */
const REMEMBERED_MAX = 5000;
/** 132 bits: nobody can find two texts of one name. */
const NAME_LENGTH = 22;
const WRITTEN_AT_ONCE = 200;
const TRIM_ROWS = 500;

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

interface Parts {
  readonly store: Store;
  readonly scope: Scope;
  readonly onLoss: (cause: unknown) => void;
  /** Hears that there is something to write. */
  readonly onNew: () => void;
}

export class RecordedTexts {
  readonly #parts: Parts;
  #keeper: DayKeeper;
  #waiting: TextRow[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#keeper = this.#begin(0);
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Keeps texts for calls of that time, which find them again under their names. They are written behind the call. */
  on(atMs: number): TextKeeper & SettingKeeper {
    const day = dayOf(atMs);
    if (day !== this.#keeper.day) this.#begin(day);
    return this.#keeper;
  }

  /** `undefined`: it was lost before it was written. */
  async find(name: string, atMs: number): Promise<string | undefined> {
    const { store, scope } = this.#parts;
    return (await store.transact(scope, (tx) => tx.get(texts, dayOf(atMs), name)))?.text;
  }

  async writeWaiting(): Promise<void> {
    const { store, scope, onLoss } = this.#parts;
    const rows = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < rows.length; at += WRITTEN_AT_ONCE) {
      const some = rows.slice(at, at + WRITTEN_AT_ONCE);
      const put = async (tx: Transaction): Promise<void> => some.forEach((row) => tx.put(texts, row));
      try {
        await store.transact(scope, put);
        this.#keeper.areWritten(some);
      } catch (cause) {
        this.forget();
        onLoss(cause);
      }
    }
  }

  /** What was written is gone. */
  forget(): void {
    this.#begin(this.#keeper.day);
  }

  #begin(day: number): DayKeeper {
    this.#keeper = new DayKeeper(day, (row) => {
      this.#waiting.push(row);
      this.#parts.onNew();
    });
    return this.#keeper;
  }

  /** Deletes the texts of days that ended before `atMs`. */
  async trim(atMs: number): Promise<void> {
    const { store, scope } = this.#parts;
    const clear = (tx: Transaction): Promise<number> => tx.clear(texts, { before: [dayOf(atMs)], limit: TRIM_ROWS });
    while ((await store.transact(scope, clear)) === TRIM_ROWS);
  }
}

/** The texts of one day, written or waiting to be. */
class DayKeeper implements TextKeeper, SettingKeeper {
  readonly day: number;
  readonly #put: (row: TextRow) => void;
  /** Their names, by text. */
  readonly #names = new BoundedCache<string, string>(REMEMBERED_MAX);
  readonly #namesOf = new WeakMap<object, string>();
  /** Names by what stands for their texts, the latest last. */
  readonly #settings = new BoundedCache<string, KnownSetting[]>(REMEMBERED_MAX);
  readonly #written = new BoundedCache<string, true>(REMEMBERED_MAX);

  constructor(day: number, put: (row: TextRow) => void) {
    this.day = day;
    this.#put = put;
  }

  text(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = hash("sha256", text, "base64url").slice(0, NAME_LENGTH);
    this.#names.set(text, name);
    this.#put({ day: this.day, name, text });
    return name;
  }

  textOf(value: object, make: () => string): string {
    let name = this.#namesOf.get(value);
    if (name === undefined) this.#namesOf.set(value, (name = this.text(make())));
    return name;
  }

  lasting(key: SettingKey, make: () => string): string | undefined {
    const name = this.#settingName(key) ?? this.#addSetting(key, this.text(make()));
    return this.#written.get(name) && name;
  }

  #settingName(key: SettingKey): string | undefined {
    for (const setting of this.#settings.get(key[0]) ?? NO_SETTINGS)
      if (isOfSetting(setting.key, key)) return setting.name;
    return undefined;
  }

  #addSetting(key: SettingKey, name: string): string {
    const settings = this.#settings.get(key[0]) ?? [];
    if (settings.length === SETTINGS_EACH_MAX) settings.shift();
    settings.push({ key, name });
    this.#settings.set(key[0], settings);
    return name;
  }

  /** They are in the store. */
  areWritten(rows: readonly TextRow[]): void {
    for (const { day, name } of rows) if (day === this.day) this.#written.set(name, true);
  }
}

interface KnownSetting {
  readonly key: SettingKey;
  readonly name: string;
}

const NO_SETTINGS: readonly KnownSetting[] = [];
/** Of one caller: as many clients, addresses and regions at a time. */
const SETTINGS_EACH_MAX = 16;
