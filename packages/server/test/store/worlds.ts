/** The three stores that every behaviour is shown on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { openEmbedded, openMemory, openPostgres, type OpenedStore } from "../../src/store/drivers/open.ts";
import { startPostgres, type PostgresServer } from "../postgres-server.ts";

export interface World {
  /** A store that holds nothing. */
  fresh(): Promise<OpenedStore>;
  /** The store that was made last, opened once more after it was closed; `undefined` where nothing outlives it. */
  again: (() => Promise<OpenedStore>) | undefined;
  /** Removes everything. */
  end(): Promise<void>;
}

/** Each kind of store by name; `undefined` where this machine cannot have it. */
export async function startWorlds(): Promise<readonly (readonly [name: string, world: World | undefined])[]> {
  return [
    ["memory", { fresh: openMemory, again: undefined, end: async () => {} }],
    ["embedded", embedded("normal")],
    ["embedded, full durability", embedded("full")],
    ["PostgreSQL", await postgres()],
  ];
}

function embedded(durability: "normal" | "full"): World {
  const root = newDirectory();
  let count = 0;
  const open = () => openEmbedded({ directory: join(root, String(count)), durability });
  return {
    fresh: () => {
      count++;
      return open();
    },
    again: open,
    end: async () => rmSync(root, { recursive: true }),
  };
}

async function postgres(): Promise<World | undefined> {
  const server = await startPostgres();
  if (!server) {
    console.warn("skipped: no PostgreSQL on this machine (`initdb` and `postgres` in PATH or /usr/lib/postgresql)");
    return undefined;
  }
  return onPostgres(server);
}

function onPostgres(server: PostgresServer): World {
  const directory = newDirectory();
  const again = () => openPostgres({ url: server.url, directory });
  return {
    fresh: async () => {
      await dropAll(server);
      rmSync(join(directory, "blobs"), { recursive: true, force: true });
      return again();
    },
    again,
    end: async () => {
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

async function dropAll(server: PostgresServer): Promise<void> {
  const client = new Client(server.url);
  await client.connect();
  await client.query("drop table if exists kumobako_entry");
  await client.end();
}

const newDirectory = (): string => mkdtempSync(join(tmpdir(), "kumobako-store-"));
