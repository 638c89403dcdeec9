/**
 * Texts that records speak of by name: policies above all, which are the same for thousands of calls. A text lies in
 * the store once for each day of virtual time on which a call rested on it, and goes with the calls of that day.
 */
import { hash } from "node:crypto";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { DAY_MS } from "../kernel/duration.ts";
import { table, type Scope, type Transaction } from "../kernel/table.ts";
import type { Store } from "../store/store.ts";

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
  /** Their names, by text, of those that are written for `#day` or wait to be. */
  #kept = new BoundedCache<string, string>(REMEMBERED_MAX);
  #day = 0;
  #waiting: TextRow[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The name of `text`, under which a call of that time finds it again. It is written behind the call. */
  keep(text: string, atMs: number): string {
    const day = dayOf(atMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#kept = new BoundedCache(REMEMBERED_MAX);
    }
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const name = hash("sha256", text, "base64url").slice(0, NAME_LENGTH);
    this.#kept.set(text, name);
    this.#waiting.push({ day, name, text });
    this.#parts.onNew();
    return name;
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
      await store.transact(scope, put).catch((cause: unknown) => {
        this.forget();
        onLoss(cause);
      });
    }
  }

  /** What was written is gone. */
  forget(): void {
    this.#kept = new BoundedCache(REMEMBERED_MAX);
  }

  /** Deletes the texts of days that ended before `atMs`. */
  async trim(atMs: number): Promise<void> {
    const { store, scope } = this.#parts;
    const clear = (tx: Transaction): Promise<number> => tx.clear(texts, { before: [dayOf(atMs)], limit: TRIM_ROWS });
    while ((await store.transact(scope, clear)) === TRIM_ROWS);
  }
}
