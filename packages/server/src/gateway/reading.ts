import { assert, InvariantError } from "../kernel/assert.ts";
import type { Key, Range, Scope, Table, Transaction } from "../kernel/table.ts";
import type { Store } from "../store/store.ts";

/**
 * The store as an operation may read it while its body streams in, when no transaction is open: each
 * read sees the store as it is at that moment.
 */
export class Reading implements Transaction {
  readonly changed = false;
  readonly #store: Store;
  readonly #scope: Scope;

  constructor(store: Store, scope: Scope) {
    this.#store = store;
    this.#scope = scope;
  }

  get<Row>(from: Table<Row>, ...key: Key): Promise<Row | undefined> {
    return this.#store.transact(this.#scope, (tx) => tx.get(from, ...key));
  }

  scan<Row>(from: Table<Row>, range: Range): Promise<Row[]> {
    return this.#store.transact(this.#scope, (tx) => tx.scan(from, range));
  }

  put(): void {
    assert(false, "nothing is put while a body streams in");
  }

  delete(): void {
    assert(false, "nothing is deleted while a body streams in");
  }

  clear(): Promise<number> {
    throw new InvariantError("nothing is deleted while a body streams in");
  }

  /** What is read is there. */
  onceCommitted(action: () => void): void {
    action();
  }

  gather(): void {
    assert(false, "nothing is kept while a body streams in");
  }

  in(scope: Partial<Scope>): Transaction {
    return new Reading(this.#store, { ...this.#scope, ...scope });
  }
}
