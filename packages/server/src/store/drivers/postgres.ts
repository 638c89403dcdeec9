/**
 * An ordered space in one PostgreSQL table, for any number of servers. The database's own
 * SERIALIZABLE transactions do what `local.ts` does for a single process; a transaction that it
 * refuses for another's sake is a conflict.
 */
import { Pool, type PoolClient } from "pg";
import { assert } from "../../kernel/assert.ts";
import { Conflict, type Attempt, type Entry, type KeyRange, type StoreDriver, type Write } from "../driver.ts";
import { systemErrorCode } from "../system-error.ts";

/** Each transaction under way holds one connection. */
const CONNECTIONS_MAX = 16;
/** A transaction waits so long for a connection. */
const CONNECT_TIMEOUT_MS = 15_000;
/**
 * Serialisation failure, deadlock.
 * Source: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
const CONFLICT_CODES: ReadonlySet<string | undefined> = new Set(["40001", "40P01"]);
/** Another server has created the table at the same time: duplicate object, duplicate table, unique violation in the catalogue. */
const CREATED_MEANWHILE_CODES: ReadonlySet<string | undefined> = new Set(["42710", "42P07", "23505"]);
/**
 * A scan of a whole small table would lock all of it against others' writes; through the index it
 * locks what it has read. Databases that only resemble PostgreSQL may not know the settings.
 */
const NARROW_LOCKS = ["set enable_seqscan = off", "set enable_bitmapscan = off"];

const CREATE = "create table if not exists kumobako_entry (k bytea primary key, v text not null)";
const GET = "select v from kumobako_entry where k = $1";
const ASCENDING = "select k, v from kumobako_entry where k >= $1 and k < $2 order by k limit $3";
const DESCENDING = "select k, v from kumobako_entry where k >= $1 and k < $2 order by k desc limit $3";
const PUT = `
  insert into kumobako_entry (k, v) select * from unnest($1::bytea[], $2::text[])
  on conflict (k) do update set v = excluded.v`;
const DELETE = "delete from kumobako_entry where k = any($1::bytea[])";

export class PostgresDriver implements StoreDriver {
  readonly shared = true;
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** `url`: `postgres://user:secret@host:5432/database`. */
  static async connect(url: string): Promise<PostgresDriver> {
    const pool = new Pool({
      connectionString: url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: "kumobako",
      pipeline: true,
    });
    pool.on("error", ignore);
    pool.on("connect", (client) => {
      for (const setting of NARROW_LOCKS) client.query(setting).catch(ignore);
    });
    try {
      await createTable(pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new PostgresDriver(pool);
  }

  async begin(): Promise<PostgresAttempt> {
    return new PostgresAttempt(await this.#pool.connect());
  }

  async clear(): Promise<void> {
    const attempt = await this.begin();
    try {
      await attempt.deleteAll();
      await attempt.commit([]);
    } catch (error) {
      await attempt.abandon();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** A connection that breaks while idle is replaced; in use, its next query fails. Nobody need be told. */
function ignore(): void {}

async function createTable(pool: Pool): Promise<void> {
  try {
    await pool.query(CREATE);
  } catch (error) {
    if (!CREATED_MEANWHILE_CODES.has(systemErrorCode(error))) throw error;
  }
}

class PostgresAttempt implements Attempt {
  readonly #client: PoolClient;
  /** The first read is sent behind it without waiting; a commit is not. */
  readonly #begun: Promise<unknown>;
  #over = false;

  constructor(client: PoolClient) {
    this.#client = client;
    client.on("error", ignore);
    this.#begun = this.#query("begin", "begin isolation level serializable", []);
    // Reported by the commit; an attempt that is abandoned does not care.
    this.#begun.catch(() => {});
  }

  async get(key: string): Promise<string | undefined> {
    const [row] = await this.#query("get", GET, [bytesOf(key)]);
    return row && textOf(row[0]);
  }

  async range({ from, to, limit, reverse }: KeyRange): Promise<readonly Entry[]> {
    const values = [bytesOf(from), bytesOf(to), Math.min(limit, Number.MAX_SAFE_INTEGER)];
    const rows = await (reverse
      ? this.#query("descending", DESCENDING, values)
      : this.#query("ascending", ASCENDING, values));
    return rows.map(([key, value]) => ({ key: keyOf(key), value: textOf(value) }));
  }

  /** Rows are locked in the order of their keys, lest two commits wait for each other. */
  async commit(writes: readonly Write[]): Promise<void> {
    await this.#begun;
    const sorted = writes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const puts = sorted.filter(({ value }) => value !== undefined);
    const deletes = sorted.filter(({ value }) => value === undefined);
    const statements: Promise<unknown>[] = [];
    if (deletes.length > 0) statements.push(this.#query("delete", DELETE, [keysOf(deletes)]));
    if (puts.length > 0) statements.push(this.#query("put", PUT, [keysOf(puts), puts.map(({ value }) => value)]));
    await Promise.all([...statements, this.#query("commit", "commit", [])]);
    this.#end();
  }

  async deleteAll(): Promise<void> {
    await this.#query("delete all", "delete from kumobako_entry", []);
  }

  async abandon(): Promise<void> {
    if (this.#over) return;
    try {
      await this.#client.query("rollback");
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  async #query(name: string, text: string, values: unknown[]): Promise<unknown[][]> {
    const { rows } = await orConflict(this.#client.query<unknown[]>({ name, text, values, rowMode: "array" }));
    return rows;
  }

  /** Gives the connection back; a `broken` one is not used again. */
  #end(broken?: unknown): void {
    this.#over = true;
    this.#client.off("error", ignore);
    this.#client.release(broken !== undefined);
  }
}

/** @throws {Conflict} */
async function orConflict<Answer>(query: Promise<Answer>): Promise<Answer> {
  try {
    return await query;
  } catch (error) {
    if (!CONFLICT_CODES.has(systemErrorCode(error))) throw error;
    throw new Conflict("the database asks to try again", { cause: error });
  }
}

const keysOf = (writes: readonly Write[]): Uint8Array[] => writes.map(({ key }) => bytesOf(key));

function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, "latin1");
}

function keyOf(column: unknown): string {
  assert(Buffer.isBuffer(column), "a key in the database is not bytes");
  return column.toString("latin1");
}

function textOf(column: unknown): string {
  assert(typeof column === "string", "a value in the database is not a text");
  return column;
}
