/**
 * An ordered space in one SQLite file. Node's own SQLite works in the calling thread, so whatever
 * is committed in one turn of the event loop goes into one SQLite transaction, written and (where
 * the setting says so) synced once at the turn's end, and answered only then.
 */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { assert } from "../../kernel/assert.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Entry, KeyRange, Write } from "../driver.ts";

import type { Space } from "./space.ts";

/**
 * What a commit waits for. `normal`: it survives the death of the process; the loss of power may
 * take the last moments, never the order. `full`: it survives that, too.
 */
export type Durability = "normal" | "full";

/** Another process has the file open. */
export class StoreInUseError extends Error {
  override readonly name = "StoreInUseError";
  readonly remedy = "stop the other server with `kumobako stop`, or choose another directory with `--data`";

  constructor(path: string) {
    super(`the store is in use by another server: \`${path}\``);
  }
}

const CACHED_KEYS = 4096;
/** Longer values are read from the file each time, so that the cache stays a few megabytes. */
const CACHED_VALUE_MAX = 8192;
/**
 * A row that fills more than a quarter of a page spills over to pages of its own: the record of a call, and a small
 * body, shall not. Only a new file takes it. Source: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
const PAGE_BYTES = 8192;
/**
 * The log holds 32 MiB before its pages go into the file, which syncs: a page that many small calls write again is moved
 * once, and what is read after a death is still read in a moment. Source: https://www.sqlite.org/wal.html#performance_considerations
 */
const LOG_PAGES = 4096;
/** SQLite's result code for a file that another connection has locked. Source: https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

const ABSENT = Symbol("absent");

/** What is committed in this turn. */
interface Turn {
  /** Not yet given to SQLite: all together at the turn's end it takes them faster than one by one in between. */
  readonly waiting: Map<string, Write>;
  /** The last that is to be written of it. */
  readonly words: (() => readonly Write[])[];
  readonly settled: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class EmbeddedSpace implements Space {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** What the file holds, or what this turn has written. */
  readonly #cache = new BoundedCache<string, string | typeof ABSENT>(CACHED_KEYS);
  #turn: Turn | undefined;

  /** @throws {StoreInUseError} */
  constructor(path: string, durability: Durability) {
    this.#database = openDatabase(path, durability);
    this.#statements = prepare(this.#database);
  }

  get(key: string): string | undefined {
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached === ABSENT ? undefined : cached;
    const value = this.#read(key);
    this.#remember(key, value);
    return value;
  }

  glance(key: string): string | undefined {
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached === ABSENT ? undefined : cached;
    return this.#read(key);
  }

  range({ from, to, limit, reverse }: KeyRange): readonly Entry[] {
    this.#flush();
    const statement = reverse ? this.#statements.descending : this.#statements.ascending;
    const rows = statement.all(bytesOf(from), bytesOf(to), Math.min(limit, Number.MAX_SAFE_INTEGER));
    return rows.map((row) => ({ key: keyOf(row["k"]), value: textOf(row["v"]) }));
  }

  apply(writes: readonly Write[]): Promise<void> {
    const turn = (this.#turn ??= this.#begin());
    this.#add(writes, turn);
    return turn.settled;
  }

  late(words: () => readonly Write[]): void {
    (this.#turn ??= this.#begin()).words.push(words);
  }

  #add(writes: readonly Write[], { waiting }: Turn): void {
    for (const write of writes) {
      waiting.set(write.key, write);
      // what nobody has asked for, such as the record of a call, is not kept because it was written
      if (this.#cache.get(write.key) !== undefined) this.#remember(write.key, write.value);
    }
  }

  settled(): Promise<void> | undefined {
    return this.#turn?.settled;
  }

  clear(): void {
    this.#cache.clear();
    this.#statements.clear.run();
  }

  close(): void {
    if (this.#turn) this.#commit(this.#turn);
    this.#database.close();
  }

  #read(key: string): string | undefined {
    const waiting = this.#turn?.waiting.get(key);
    if (waiting !== undefined) return waiting.value;
    const row = this.#statements.get.get(bytesOf(key));
    return row === undefined ? undefined : textOf(row["v"]);
  }

  #begin(): Turn {
    const turn = newTurn();
    setImmediate(() => this.#commit(turn));
    return turn;
  }

  /** Gives SQLite what waits. */
  #flush(): void {
    const turn = this.#turn;
    if (turn === undefined || turn.waiting.size === 0) return;
    try {
      if (!this.#database.isTransaction) this.#statements.begin.run();
      for (const write of turn.waiting.values()) this.#write(write);
      turn.waiting.clear();
    } catch (error) {
      this.#rollBack(turn, error);
    }
  }

  #write({ key, value }: Write): void {
    if (value === undefined) this.#statements.delete.run(bytesOf(key));
    else this.#statements.put.run(bytesOf(key), value);
  }

  #commit(turn: Turn): void {
    if (this.#turn !== turn) return;
    for (const words of turn.words) this.#add(words(), turn);
    this.#flush();
    if (this.#turn !== turn) return;
    try {
      this.#statements.commit.run();
      this.#turn = undefined;
      turn.resolve();
    } catch (error) {
      this.#rollBack(turn, error);
    }
  }

  /** All of the turn fails together: nothing that was read in it can be trusted either. */
  #rollBack(turn: Turn, error: unknown): void {
    this.#turn = undefined;
    this.#cache.clear();
    if (this.#database.isTransaction) this.#database.exec("rollback");
    turn.reject(error);
  }

  #remember(key: string, value: string | undefined): void {
    if (value !== undefined && value.length > CACHED_VALUE_MAX) this.#cache.delete(key);
    else this.#cache.set(key, value ?? ABSENT);
  }
}

function newTurn(): Turn {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { waiting: new Map(), words: [], settled: promise, resolve, reject };
}

interface Statements {
  readonly get: StatementSync;
  readonly ascending: StatementSync;
  readonly descending: StatementSync;
  readonly put: StatementSync;
  readonly delete: StatementSync;
  readonly clear: StatementSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
}

function prepare(database: DatabaseSync): Statements {
  return {
    get: database.prepare("select v from entry where k = ?"),
    ascending: database.prepare("select k, v from entry where k >= ? and k < ? order by k limit ?"),
    descending: database.prepare("select k, v from entry where k >= ? and k < ? order by k desc limit ?"),
    put: database.prepare("insert into entry values (?, ?) on conflict (k) do update set v = excluded.v"),
    delete: database.prepare("delete from entry where k = ?"),
    clear: database.prepare("delete from entry"),
    begin: database.prepare("begin"),
    commit: database.prepare("commit"),
  };
}

/** The exclusive lock is taken with the first statement and kept until the end, the process's own included. */
function openDatabase(path: string, durability: Durability): DatabaseSync {
  // for its owner's eyes only, and so are the files that SQLite makes beside it
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(`
      pragma page_size = ${PAGE_BYTES};
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma wal_autocheckpoint = ${LOG_PAGES};
      pragma synchronous = ${durability === "full" ? "full" : "normal"};
      pragma fullfsync = ${durability === "full" ? "on" : "off"};
      create table if not exists entry (k blob primary key, v text not null) without rowid;
      begin immediate;
      commit;
    `);
  } catch (error) {
    database.close();
    throw isBusy(error) ? new StoreInUseError(path) : error;
  }
  return database;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, "latin1");
}

function keyOf(column: unknown): string {
  assert(column instanceof Uint8Array, "a key in the file is not a blob");
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString("latin1");
}

function textOf(column: unknown): string {
  assert(typeof column === "string", "a value in the file is not a text");
  return column;
}
