import { assert } from "../kernel/assert.ts";
import type { Key, Range, Scope, Table, Transaction } from "../kernel/table.ts";
import type { Attempt, Write } from "./driver.ts";
import { keyRange, rowKey, tablePrefix } from "./key-space.ts";
import { inOrder, limitBelow, overlay } from "./overlay.ts";
import { encodeRow, type RowReader } from "./row.ts";

/** What all views of one transaction share: the attempt, and the writes not yet committed. */
export class OpenTransaction {
  readonly reader: RowReader;
  /** The last write per key, and whose table it was. */
  readonly writes = new Map<string, Write>();
  readonly tables = new Set<string>();
  readonly #attempt: Attempt;
  #open = true;

  constructor(attempt: Attempt, reader: RowReader) {
    this.#attempt = attempt;
    this.reader = reader;
  }

  /** @throws {InvariantError} once the transaction's body has ended: a promise was not awaited. */
  get attempt(): Attempt {
    assert(this.#open, "a transaction is used after its end");
    return this.#attempt;
  }

  write(table: string, write: Write): void {
    assert(this.#open, "a transaction is written to after its end");
    this.writes.set(write.key, write);
    this.tables.add(table);
  }

  async commit(): Promise<void> {
    this.#open = false;
    await this.#attempt.commit([...this.writes.values()]);
  }

  async abandon(): Promise<void> {
    this.#open = false;
    await this.#attempt.abandon();
  }
}

/** One transaction, seen from one account and region. */
export class ScopedTransaction implements Transaction {
  readonly #shared: OpenTransaction;
  readonly #scope: Scope;

  constructor(shared: OpenTransaction, scope: Scope) {
    this.#shared = shared;
    this.#scope = scope;
  }

  get changed(): boolean {
    return this.#shared.writes.size > 0;
  }

  async get<Row>(from: Table<Row>, ...key: Key): Promise<Row | undefined> {
    const place = this.#place(from, key);
    const own = this.#shared.writes.get(place);
    const text = own ? own.value : await this.#shared.attempt.get(place);
    return text === undefined ? undefined : this.#read(from, text);
  }

  put<Row>(into: Table<Row>, row: Row): void {
    this.#shared.write(into.name, { key: this.#place(into, into.keyOf(row)), value: encodeRow(row) });
  }

  delete<Row>(from: Table<Row>, ...key: Key): void {
    this.#shared.write(from.name, { key: this.#place(from, key), value: undefined });
  }

  async scan<Row>(from: Table<Row>, range: Range): Promise<Row[]> {
    const keys = keyRange(tablePrefix(from, this.#scope), range);
    if (keys.limit <= 0 || keys.from >= keys.to) return [];
    const own = this.#shared.tables.has(from.name) ? [...this.#shared.writes.values()] : [];
    const changes = inOrder(
      own.filter(({ key }) => key >= keys.from && key < keys.to),
      keys,
    );
    const entries = await this.#shared.attempt.range(limitBelow(keys, changes.length));
    return overlay(entries, changes, keys).map(({ value }) => this.#read(from, value));
  }

  in(scope: Partial<Scope>): Transaction {
    return new ScopedTransaction(this.#shared, { ...this.#scope, ...scope });
  }

  #place(table: Table<never>, key: Key): string {
    return rowKey(tablePrefix(table, this.#scope), key);
  }

  /** The row was put through the same table, so it is of its type. */
  #read<Row>(_from: Table<Row>, text: string): Row {
    return this.#shared.reader.read(text) as Row;
  }
}
