/**
 * An ordered space in one SQLite file, and a log beside it. Whatever is committed in one turn of the
 * event loop is appended to the log in one piece, synced where the setting says so, and answered only
 * then. SQLite, which works in the calling thread and writes whole pages, is given it where a range is
 * read on which more than a few writes lie, in a transaction that ends once the log is long: then the log begins anew.
 */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { assert } from "../../kernel/assert.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Entry, KeyRange, Write } from "../driver.ts";
import { inOrder, limitBelow, overlay } from "../overlay.ts";
import { endOfPrefix } from "../tuple.ts";
import { RedoLog } from "./redo-log.ts";
import { SmallTables } from "./small-tables.ts";
import type { Pending, Space } from "./space.ts";
import { WaitingWrites } from "./waiting-writes.ts";

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
/** The log holds so much before SQLite keeps it: what is written again meanwhile is kept once, and a death's rest is read in a moment. */
const LOG_BYTES_MAX = 8 * 1024 * 1024;
/** So much waits for SQLite at the most: what is kept for long is the old generation's, and costs its collector. */
const WAITING_BYTES_MAX = 256 * 1024;
/** So many writes are laid over what a range finds, each time it is read: then SQLite is given them. */
const LAID_OVER_MAX = 32;
/** Nothing more is taken in where SQLite could not keep so much. */
const LOG_BYTES_LIMIT = 8 * LOG_BYTES_MAX;
/** So many bytes of pages are at hand: those that the log's writes lie on, most often. */
const PAGES_KIB = 16 * 1024;
/** What SQLite keeps pages in as they were, to go back to, stays so long between two times. */
const JOURNAL_BYTES_MAX = 16 * 1024 * 1024;
/** SQLite's result code for a file that another connection has locked. Source: https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

const ABSENT = Symbol("absent");
const EVERYTHING: KeyRange = { from: "", to: endOfPrefix(""), limit: Infinity, reverse: false };

/** What is committed in this turn. */
interface Turn extends Pending {
  readonly writes: Write[];
  /** The last that is to be written of it. */
  readonly words: (() => readonly Write[])[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class EmbeddedSpace implements Space {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #log: RedoLog;
  /** Not yet given to SQLite, of this turn as well. */
  readonly #waiting = new WaitingWrites();
  /** What was found, or written since. */
  readonly #cache = new BoundedCache<string, string | typeof ABSENT>(CACHED_KEYS);
  /** Of what waits as well. */
  readonly #small = new SmallTables();
  #turn: Turn | undefined;
  /** How long the log may grow before SQLite is to keep what is in it. */
  #logBytesMax = LOG_BYTES_MAX;
  /** Why it could not the last time. */
  #failure: unknown;
  /** How long the log was when SQLite could last not take in what waits. */
  #failedAtBytes = -1;
  /** How long it was when nothing waited any more. */
  #givenAtBytes = 0;

  /** @throws {StoreInUseError} */
  constructor(path: string, durability: Durability) {
    this.#database = openDatabase(path, durability);
    try {
      this.#statements = prepare(this.#database);
      this.#log = new RedoLog({
        path: `${path}-log`,
        sync: durability === "full",
        generation: generationOf(this.#database),
      });
      this.#redo();
    } catch (error) {
      this.#database.close();
      throw error;
    }
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

  range(range: KeyRange): readonly Entry[] {
    return this.#small.range(range, (asked) => this.#readRange(asked));
  }

  #readRange(range: KeyRange): readonly Entry[] {
    const changes = inOrder(this.#changesIn(range), range);
    return overlay(this.#kept(limitBelow(range, changes)), changes, range);
  }

  /** What is to be laid over what SQLite has: a few writes, of which the next often undo the last; on a full disk, all. */
  #changesIn(range: KeyRange): readonly Write[] {
    const few = this.#waiting.within(range, LAID_OVER_MAX);
    if (few !== undefined) return few;
    this.#giveIfPossible(range);
    return this.#waiting.within(range, Infinity) ?? [];
  }

  apply(writes: readonly Write[]): Promise<void> {
    const turn = (this.#turn ??= this.#begin());
    this.#add(writes, turn);
    return turn.settled;
  }

  late(words: () => readonly Write[]): void {
    (this.#turn ??= this.#begin()).words.push(words);
  }

  #add(writes: readonly Write[], turn: Turn): void {
    for (const write of writes) {
      turn.writes.push(write);
      this.#waiting.add(write);
      this.#small.add(write);
      // what nobody has asked for, such as the record of a call, is not kept because it was written
      if (this.#cache.get(write.key) !== undefined) this.#remember(write.key, write.value);
    }
  }

  get pending(): Pending | undefined {
    return this.#turn;
  }

  clear(): void {
    try {
      this.#beginTransaction();
      this.#statements.clear.run();
      this.#waiting.clear();
      this.#keep();
      this.#cache.clear();
      this.#small.clear();
    } catch (error) {
      this.#redo();
      throw error;
    }
  }

  /** What SQLite cannot keep any more is in the log for the next time. */
  close(): void {
    if (this.#turn) this.#commit(this.#turn);
    try {
      this.#keep();
      this.#log.remove();
    } catch {
      this.#log.close();
    }
    this.#database.close();
  }

  #kept({ from, to, limit, reverse }: KeyRange): readonly Entry[] {
    const statement = reverse ? this.#statements.descending : this.#statements.ascending;
    const rows = statement.all(bytesOf(from), bytesOf(to), Math.min(limit, Number.MAX_SAFE_INTEGER));
    return rows.map(entryOf);
  }

  #read(key: string): string | undefined {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return waiting.value;
    const row = this.#statements.get.get(bytesOf(key));
    return row === undefined ? undefined : textOf(columnsOf(row)[0]);
  }

  #begin(): Turn {
    const turn = newTurn();
    setImmediate(() => this.#commit(turn));
    return turn;
  }

  #commit(turn: Turn): void {
    if (this.#turn !== turn) return;
    for (const words of turn.words) this.#add(words(), turn);
    this.#turn = undefined;
    try {
      if (this.#log.bytes >= LOG_BYTES_LIMIT) throw this.#failure;
      this.#log.append(turn.writes);
      turn.resolve();
    } catch (error) {
      turn.reject(error);
      this.#redo();
    }
    if (this.#log.bytes >= this.#logBytesMax) this.#keepIfPossible();
    else if (this.#log.bytes - this.#givenAtBytes >= WAITING_BYTES_MAX) this.#giveWhatWaits();
  }

  #giveWhatWaits(): void {
    this.#giveIfPossible(EVERYTHING);
    this.#givenAtBytes = this.#log.bytes;
  }

  /** Gives SQLite what waits in `range`, and beside it. */
  #give(range: KeyRange): void {
    if (!this.#waiting.reach(range)) return;
    this.#beginTransaction();
    for (const write of this.#waiting.near(range)) this.#write(write);
    this.#waiting.removeNear(range);
  }

  /** Where it failed it is not tried again before something was committed. */
  #giveIfPossible(range: KeyRange): void {
    if (this.#log.bytes === this.#failedAtBytes) return;
    try {
      this.#give(range);
    } catch {
      this.#redo();
      this.#failedAtBytes = this.#log.bytes;
    }
  }

  #beginTransaction(): void {
    if (!this.#database.isTransaction) this.#statements.begin.run();
  }

  #write({ key, value }: Write): void {
    if (value === undefined) this.#statements.delete.run(bytesOf(key));
    else this.#statements.put.run(bytesOf(key), value);
  }

  /** Has SQLite keep all that is in the log. */
  #keep(): void {
    this.#give(EVERYTHING);
    if (!this.#database.isTransaction) return;
    const generation = generationOf(this.#database) + 1;
    this.#database.exec(`pragma user_version = ${generation}`);
    this.#statements.commit.run();
    this.#log.begin(generation);
    this.#givenAtBytes = 0;
  }

  /** On a full disk, say, it is tried again once the log has grown as much again. */
  #keepIfPossible(): void {
    try {
      this.#keep();
      this.#log.shrink(this.#logBytesMax);
      this.#logBytesMax = LOG_BYTES_MAX;
      this.#failedAtBytes = -1;
    } catch (error) {
      this.#redo();
      this.#failure = error;
      this.#logBytesMax = Math.min(this.#log.bytes + LOG_BYTES_MAX, LOG_BYTES_LIMIT);
    }
  }

  /** Back to what SQLite keeps, the log holds and this turn writes: what was read or given beyond cannot be trusted. */
  #redo(): void {
    this.#cache.clear();
    this.#small.clear();
    this.#waiting.clear();
    if (this.#database.isTransaction) this.#database.exec("rollback");
    for (const write of this.#log.read()) this.#waiting.add(write);
    for (const write of this.#turn?.writes ?? []) this.#waiting.add(write);
  }

  #remember(key: string, value: string | undefined): void {
    if (value !== undefined && value.length > CACHED_VALUE_MAX) this.#cache.delete(key);
    else this.#cache.set(key, value ?? ABSENT);
  }
}

function newTurn(): Turn {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { writes: [], words: [], settled: promise, resolve, reject };
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

/** A bare parameter of `limit` has the statement planned anew with each value. Source: https://www.sqlite.org/c3ref/prepare.html (3) */
function prepare(database: DatabaseSync): Statements {
  const range = "select k, v from entry where k >= ? and k < ? order by k";
  return {
    get: inColumns(database.prepare("select v from entry where k = ?")),
    ascending: inColumns(database.prepare(`${range} limit cast(? as integer)`)),
    descending: inColumns(database.prepare(`${range} desc limit cast(? as integer)`)),
    put: database.prepare("insert into entry values (?, ?) on conflict (k) do update set v = excluded.v"),
    delete: database.prepare("delete from entry where k = ?"),
    clear: database.prepare("delete from entry"),
    begin: database.prepare("begin"),
    commit: database.prepare("commit"),
  };
}

/** Rows without names of columns: they cost more than to read what is in them. */
function inColumns(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}

function columnsOf(row: unknown): readonly unknown[] {
  assert(Array.isArray(row), "a row has columns");
  return row;
}

function entryOf(row: unknown): Entry {
  const [key, value] = columnsOf(row);
  return { key: keyOf(key), value: textOf(value) };
}

/**
 * The exclusive lock is taken with the first statement and kept until the end, the process's own included. What SQLite is
 * to keep has its own log: pages that are new go into the file once, and not by way of a second one.
 */
function openDatabase(path: string, durability: Durability): DatabaseSync {
  // for its owner's eyes only, and so are the files that SQLite makes beside it
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(`
      pragma page_size = ${PAGE_BYTES};
      pragma locking_mode = exclusive;
      begin exclusive;
      commit;
      pragma journal_mode = persist;
      pragma journal_size_limit = ${JOURNAL_BYTES_MAX};
      pragma cache_size = -${PAGES_KIB};
      pragma synchronous = full;
      pragma fullfsync = ${durability === "full" ? "on" : "off"};
      create table if not exists entry (k blob primary key, v text not null) without rowid;
    `);
  } catch (error) {
    database.close();
    throw isBusy(error) ? new StoreInUseError(path) : error;
  }
  return database;
}

/** Of the log's pieces that SQLite does not keep yet. Kept in the transaction that keeps those before. */
function generationOf(database: DatabaseSync): number {
  const generation = database.prepare("pragma user_version").get()?.["user_version"];
  assert(typeof generation === "number", "a generation is a number");
  return generation;
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
