/** Makes the state of a cloud: its store, its bodies, its secrets. A client of a database is loaded only where it is asked for. */
import { AesSealer } from "./aes-sealer.ts";
import { BlobStore } from "./blob-store.ts";
import { DrivenStore } from "./driven-store.ts";
import { LocalDriver } from "./drivers/local.ts";
import { MemorySpace } from "./drivers/memory.ts";
import { newMasterKey } from "./master-key.ts";
import type { Sealer } from "./sealer.ts";
import { MemoryShelf } from "./shelves/memory.ts";
import type { Store } from "./store.ts";
import { realNow } from "../clock/real-time.ts";

export interface OpenedStore {
  readonly store: Store;
  readonly blobStore: BlobStore;
  readonly sealer: Sealer;
}

/** A cloud that ends with its process. */
export async function openMemory(): Promise<OpenedStore> {
  const sealer = new AesSealer(newMasterKey());
  const blobStore = new BlobStore({ shelf: new MemoryShelf(realNow), sealer, realNow });
  return { store: await DrivenStore.over(new LocalDriver(new MemorySpace())), blobStore, sealer };
}
