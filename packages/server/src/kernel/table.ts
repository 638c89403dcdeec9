import type { AccountId, Region } from "./arn.ts";

/** A part of a row's place in the order. Strings order by their UTF-8 bytes, numbers by value. */
export type KeyPart = string | number | boolean | Uint8Array;

/** A row's place in its table: compared part by part. */
export type Key = readonly KeyPart[];

/** Where a call acts, and where rows that it reads without saying more lie. */
export interface Scope {
  readonly account: AccountId;
  readonly region: Region;
}

/** Where no account and no region is meant: of use for tables of global reach. */
export const NOWHERE: Scope = { account: "" as AccountId, region: "" as Region };

/** Whether rows belong to one region of one account, to one account, or to everybody. */
export type Reach = "region" | "account" | "global";

/**
 * A named, ordered set of rows. Rows are plain JSON values (times as epoch milliseconds, bytes as
 * base64) and are never changed in place: a changed row is put again.
 */
export interface Table<Row> {
  /** `service.noun`, unique in the store: `iam.user`. */
  readonly name: string;
  readonly reach: Reach;
  readonly keyOf: (row: Row) => Key;
  /** Makes rows of today of those that earlier versions have written. */
  today?(row: unknown): unknown;
}

/** `today` where earlier versions wrote rows of another form: rows are what it makes of them, when they are read. */
export function table<Row>(
  name: string,
  reach: Reach,
  keyOf: (row: Row) => Key,
  today?: (row: never) => Row,
): Table<Row> {
  return { name, reach, keyOf, ...(today && { today }) };
}

/** Which rows, in key order. All bounds are meant inside the transaction's scope. */
export interface Range {
  /** Only keys that begin with these whole parts. */
  readonly prefix?: Key | undefined;
  /** Only keys whose next part, a string, begins with this text. */
  readonly startsWith?: string | undefined;
  /** Only keys greater than this whole key; rows at the key itself are left out. */
  readonly after?: Key | undefined;
  /** Only keys greater than every key whose parts begin with these, the last, a string, taken as a prefix of its part. */
  readonly past?: Key | undefined;
  /** Only keys equal to this or greater. */
  readonly from?: Key | undefined;
  /** Only keys less than this. */
  readonly before?: Key | undefined;
  readonly reverse?: boolean | undefined;
  /** The most rows to give. */
  readonly limit: number;
}

/** What transactions that end in the same moment have to keep together. */
export interface Gathering {
  /** Writes all that was added since it was called last. */
  keep(tx: Transaction): void;
}

/** What one request sees of the store: a consistent view, and the writes it has made itself. */
export interface Transaction {
  get<Row>(from: Table<Row>, ...key: Key): Promise<Row | undefined>;
  put<Row>(into: Table<Row>, row: Row): void;
  delete<Row>(from: Table<Row>, ...key: Key): void;
  /** Rows in key order, own writes included. */
  scan<Row>(from: Table<Row>, range: Range): Promise<Row[]>;
  /** Deletes the rows in `range`, without looking at them. How many there were. */
  clear<Row>(from: Table<Row>, range: Range): Promise<number>;
  /**
   * Calls `add` if this transaction is committed, and then has `into` kept with it, as durably: in rows that it shares
   * with what others add in the same moment, which costs less than a row each. It is seen a moment later.
   */
  gather(into: Gathering, add: () => void): void;
  /** Whether anything was put or deleted so far. */
  readonly changed: boolean;
  /** Has `action` done, in memory, once everything is committed; not at all where it never is. */
  onceCommitted(action: () => void): void;
  /** The same transaction, seen from another account or region. */
  in(scope: Partial<Scope>): Transaction;
}
