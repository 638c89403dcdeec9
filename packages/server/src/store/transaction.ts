import { assert, InvariantError } from "../kernel/assert.ts";
import type { Gathering, Key, Range, Scope, Table, Transaction } from "../kernel/table.ts";
import type { Attempt, Entry, KeyRange, Write } from "./driver.ts";
import { keyRange, type Outlook, type Outlooks } from "./key-space.ts";
import { inOrder, limitBelow, overlay } from "./overlay.ts";
import { encodeRow, type RowReader } from "./row.ts";

const NO_TABLES: ReadonlySet<string> = new Set();

export interface Gathered {
  readonly into: Gathering;
  readonly add: () => void;
}

const NOTHING: readonly Gathered[] = [];

/** What outlasts transactions, so that the next one needs not make it again. */
export interface Remembered {
  readonly reader: RowReader;
  readonly outlooks: Outlooks;
}

/** What all views of one transaction share: the attempt, and the writes not yet committed. */
export class OpenTransaction {
  readonly reader: RowReader;
  readonly outlooks: Outlooks;
  readonly #attempt: Attempt;
  /** The last write per key. Made with the first write: most transactions only read. */
  #writes: Map<string, Write> | undefined;
  #tables: Set<string> | undefined;
  #open = true;
  #gathered: Gathered[] | undefined;
  /** Made with the first of them. */
  #afterwards: (() => void)[] | undefined;

  constructor(attempt: Attempt, { reader, outlooks }: Remembered) {
    this.#attempt = attempt;
    this.reader = reader;
    this.outlooks = outlooks;
  }

  get(key: string): ReturnType<Attempt["get"]> {
    return this.#open ? this.#attempt.get(key) : usedTooLate();
  }

  range(range: KeyRange): ReturnType<Attempt["range"]> {
    return this.#open ? this.#attempt.range(range) : usedTooLate();
  }

  /** Whose tables were written to. */
  get tables(): ReadonlySet<string> {
    return this.#tables ?? NO_TABLES;
  }

  get changed(): boolean {
    return this.#writes !== undefined;
  }

  /** What was written to `key` and not yet committed. */
  written(key: string): Write | undefined {
    return this.#writes?.get(key);
  }

  /** What was written to keys `k` with `from <= k < to`. */
  writtenIn({ from, to }: KeyRange): Write[] {
    const own: Write[] = [];
    for (const write of this.#writes?.values() ?? []) if (write.key >= from && write.key < to) own.push(write);
    return own;
  }

  write(table: string, write: Write): void {
    assert(this.#open, "a transaction is written to after its end");
    (this.#writes ??= new Map()).set(write.key, write);
    (this.#tables ??= new Set()).add(table);
  }

  gather(into: Gathering, add: () => void): void {
    (this.#gathered ??= []).push({ into, add });
  }

  get gathered(): readonly Gathered[] {
    return this.#gathered ?? NOTHING;
  }

  get writes(): readonly Write[] {
    return this.#writes === undefined ? NO_WRITES : [...this.#writes.values()];
  }

  onceCommitted(action: () => void): void {
    (this.#afterwards ??= []).push(action);
  }

  /** Everything is committed. */
  settle(): void {
    if (this.#afterwards !== undefined) for (const action of this.#afterwards) action();
  }

  /** `undefined`: nothing has to be waited for. */
  commit(): Promise<void> | undefined {
    this.#open = false;
    return this.#attempt.commit(this.writes) ?? undefined;
  }

  async abandon(): Promise<void> {
    this.#open = false;
    await this.#attempt.abandon();
  }
}

const NO_WRITES: readonly Write[] = [];

/** @throws {InvariantError} the transaction's body has ended: a promise was not awaited. */
async function usedTooLate(): Promise<never> {
  throw new InvariantError("a transaction is used after its end");
}

/** One transaction, seen from one account and region. */
export class ScopedTransaction implements Transaction {
  readonly #shared: OpenTransaction;
  readonly #outlook: Outlook;

  constructor(shared: OpenTransaction, scope: Scope) {
    this.#shared = shared;
    this.#outlook = shared.outlooks.from(scope);
  }

  get changed(): boolean {
    return this.#shared.changed;
  }

  get<Row>(from: Table<Row>, ...key: Key): Promise<Row | undefined> {
    const place = this.#place(from, key);
    const own = this.#shared.written(place);
    const text = own ? own.value : this.#shared.get(place);
    return text instanceof Promise
      ? text.then((later) => this.#read(from, place, later))
      : Promise.resolve(this.#read(from, place, text));
  }

  put<Row>(into: Table<Row>, row: Row): void {
    this.#shared.write(into.name, { key: this.#place(into, into.keyOf(row)), value: encodeRow(row) });
  }

  delete<Row>(from: Table<Row>, ...key: Key): void {
    this.#shared.write(from.name, { key: this.#place(from, key), value: undefined });
  }

  async scan<Row>(from: Table<Row>, range: Range): Promise<Row[]> {
    const entries = await this.#entries(from, range);
    return entries.map(({ key, value }) => this.#readRow(from, key, value));
  }

  async clear<Row>(from: Table<Row>, range: Range): Promise<number> {
    const entries = await this.#entries(from, range);
    for (const { key } of entries) this.#shared.write(from.name, { key, value: undefined });
    return entries.length;
  }

  async #entries(from: Table<never>, range: Range): Promise<readonly Entry[]> {
    const keys = keyRange(this.#outlook.prefix(from), range);
    if (keys.limit <= 0 || keys.from >= keys.to) return [];
    const changes = this.#shared.tables.has(from.name) ? inOrder(this.#shared.writtenIn(keys), keys) : [];
    const found = this.#shared.range(limitBelow(keys, changes));
    return overlay(found instanceof Promise ? await found : found, changes, keys);
  }

  gather(into: Gathering, add: () => void): void {
    this.#shared.gather(into, add);
  }

  onceCommitted(action: () => void): void {
    this.#shared.onceCommitted(action);
  }

  in(scope: Partial<Scope>): Transaction {
    const own = this.#outlook.scope;
    const { account = own.account, region = own.region } = scope;
    if (account === own.account && region === own.region) return this;
    return new ScopedTransaction(this.#shared, { account, region });
  }

  #place(table: Table<never>, key: Key): string {
    return this.#outlook.place(table, key);
  }

  #read<Row>(from: Table<Row>, key: string, text: string | undefined): Row | undefined {
    return text === undefined ? undefined : this.#readRow(from, key, text);
  }

  /** The row was put through the same table, so it is of its type, or by an earlier version, whose rows the table knows. */
  #readRow<Row>(from: Table<Row>, key: string, text: string): Row {
    const row = this.#shared.reader.read(key, text);
    return (from.today === undefined ? row : from.today(row)) as Row;
  }
}
