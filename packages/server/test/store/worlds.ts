/** The three stores that every behaviour is shown on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

export const WORLDS: Readonly<Record<string, () => Promise<World | undefined>>> = {
  memory: async () => ({ fresh: openMemory, again: undefined, end: async () => {} }),
  embedded: async () => embedded("normal"),
  "embedded with full durability": async () => embedded("full"),
  postgres,
};

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
      const opened = await again();
      await opened.store.reset();
      return opened;
    },
    again,
    end: async () => {
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

const newDirectory = (): string => mkdtempSync(join(tmpdir(), "kumobako-store-"));
