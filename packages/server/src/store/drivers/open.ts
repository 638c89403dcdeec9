/** Makes the state of a cloud: its store, its bodies, its secrets. A database is loaded only where it is asked for. */
import { join } from "node:path";
import { realNow } from "../../clock/real-time.ts";
import { AesSealer } from "../aes-sealer.ts";
import { BlobStore } from "../blob-store.ts";
import type { StoreDriver } from "../driver.ts";
import { DrivenStore } from "../driven-store.ts";
import { InlineSealer } from "../inline-body.ts";
import { LocalDriver } from "./local.ts";
import { MemorySpace } from "./memory.ts";
import { openAt, type Place } from "./unavailable.ts";
import { masterKeyIn, newMasterKey, requireMasterKey } from "../master-key.ts";
import { makePrivateDirectory } from "../private-directory.ts";
import type { Sealer } from "../sealer.ts";
import type { Shelf } from "../shelf.ts";
import { MemoryShelf } from "../shelves/memory.ts";
import type { Store } from "../store.ts";

export interface OpenedStore {
  readonly store: Store;
  readonly blobStore: BlobStore;
  readonly sealer: Sealer;
}

/** What a commit waits for; see `embedded.ts`. */
export type Durability = "normal" | "full";

export interface EmbeddedOptions {
  /** Is made where it does not exist. */
  readonly directory: string;
  readonly durability?: Durability | undefined;
  /** 32 bytes; the one kept in the directory, made on first use, where it is left out. */
  readonly masterKey?: Uint8Array | undefined;
}

export interface PostgresOptions {
  /** `postgres://user:secret@host:5432/database`. */
  readonly url: string;
  /** For bodies, and for the master key where none is given; one that all servers share. */
  readonly directory: string;
  readonly masterKey?: Uint8Array | undefined;
}

/** A cloud that ends with its process. */
export async function openMemory(): Promise<OpenedStore> {
  const driver = new LocalDriver(new MemorySpace());
  return opened({ driver, shelf: new MemoryShelf(realNow), masterKey: newMasterKey(), lasting: false });
}

/**
 * A cloud in a directory of this machine, for one server at a time.
 * @throws {StoreInUseError} @throws {StoreUnavailableError} @throws {NewerStoreError} @throws {MasterKeyError}
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<OpenedStore> {
  const { directory, durability = "normal" } = options;
  const { EmbeddedSpace } = await import("./embedded.ts");
  const parts = await openAt(stateIn(directory), async () => {
    const files = await onFiles(options, durability === "full");
    return { ...files, driver: new LocalDriver(new EmbeddedSpace(join(directory, "store.db"), durability)) };
  });
  return opened({ ...parts, lasting: true });
}

/**
 * A cloud in a PostgreSQL database, for any number of servers.
 * @throws {StoreUnavailableError} @throws {NewerStoreError} @throws {MasterKeyError}
 */
export async function openPostgres(options: PostgresOptions): Promise<OpenedStore> {
  const { PostgresDriver } = await import("./postgres.ts");
  const files = await openAt(stateIn(options.directory), () => onFiles(options, true));
  return opened({ driver: await openAt(DATABASE, () => PostgresDriver.connect(options.url)), ...files, lasting: true });
}

const stateIn = (directory: string): Place => ({
  name: `the directory \`${directory}\``,
  remedy: "choose another with `--data`, or keep nothing: `--memory`",
});

const DATABASE: Place = { name: "the database", remedy: "see whether it runs, and whether the address is right" };

interface Parts {
  readonly driver: StoreDriver;
  readonly shelf: Shelf;
  readonly masterKey: Uint8Array;
  /** Whether anything outlives the process. */
  readonly lasting: boolean;
}

async function opened({ driver, shelf, masterKey, lasting }: Parts): Promise<OpenedStore> {
  const sealer = new AesSealer(masterKey);
  const inline = new InlineSealer({ masterKey, lasting });
  const store = await DrivenStore.over(driver, sealer);
  return { store, blobStore: new BlobStore({ shelf, inline, realNow }), sealer };
}

async function onFiles(
  { directory, masterKey: given }: Pick<EmbeddedOptions, "directory" | "masterKey">,
  sync: boolean,
): Promise<Omit<Parts, "driver" | "lasting">> {
  makePrivateDirectory(directory);
  const masterKey = given === undefined ? masterKeyIn(directory) : requireMasterKey(given);
  const { FileShelf } = await import("../shelves/files.ts");
  return { masterKey, shelf: new FileShelf({ directory: join(directory, "blobs"), masterKey, sync }) };
}
