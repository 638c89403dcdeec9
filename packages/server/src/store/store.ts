import type { Scope, Table, Transaction } from "../kernel/table.ts";
import type { Entry } from "./driver.ts";

/** All state of one cloud. */
export interface Store {
  /**
   * Runs `body` in one serialisable transaction, again where it conflicts with another (bounded).
   * What `body` has put is committed when it returns and dropped when it throws. Those of one `line` go one after the
   * other, each once the one before is applied, where this process alone writes: they do not conflict with each other.
   */
  transact<Result>(scope: Scope, body: (tx: Transaction) => Promise<Result>, line?: string): Promise<Result>;
  /**
   * Calls `listener` after each commit of this process that wrote to `table`. Gives what ends it.
   * Where `shared` is true, other processes write too and are not heard.
   */
  watch<Row>(table: Table<Row>, listener: () => void): () => void;
  /** Ends once what transactions have gathered is in the store. */
  gathered(): Promise<void>;
  /** Whether other processes may write to the same store. */
  readonly shared: boolean;
  /** Everything, packed keys in order, as it stood at one moment; in pages, so that memory stays flat. */
  entries(): AsyncIterable<readonly Entry[]>;
  /** Deletes everything. Transactions under way are run again, over the empty store. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
