import type { Scope, Transaction } from "../kernel/table.ts";

/** All state of one cloud. */
export interface Store {
  /**
   * Runs `body` in one serialisable transaction, again where it conflicts with another (bounded).
   * What `body` has put is committed when it returns and dropped when it throws.
   */
  transact<Result>(scope: Scope, body: (tx: Transaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
