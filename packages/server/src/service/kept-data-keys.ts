import { nameOfContent } from "../kernel/digest.ts";
import { table, type Table, type Transaction } from "../kernel/table.ts";
import type { Context } from "./context.ts";
import type { DataKey } from "./kms-key.ts";

/** Which data key, and for what. */
export interface KeptKeyName {
  /** The id of the resource whose content it encrypts. */
  readonly of: string;
  /** Who may use it; empty: the service itself. */
  readonly by: string;
  /** `new` is the one to encrypt with; the others are for what was encrypted with them. */
  readonly name: string;
}

interface KeptKey extends KeptKeyName {
  /** The key of KMS that it is of; empty where nobody has to know. */
  readonly keyId: string;
  readonly encrypted: string;
  readonly sealed: string;
  readonly untilMs: number;
}

/** How long a key is kept, and the key of KMS that it is of; empty where nobody has to know. */
interface KeptUse {
  readonly keyId: string;
  readonly forMs: number;
}

interface Place {
  readonly context: Pick<Context, "keys" | "now">;
  /** Where the resource's rows are. */
  readonly home: Transaction;
}

const TRIMMED_AT_ONCE = 5;
const FORGOTTEN_AT_ONCE = 10_000;

/** Data keys that may be used without asking KMS again for a while; sealed. */
export class KeptDataKeys {
  readonly #keys: Table<KeptKey>;
  readonly #purpose: string;

  /** @param service the model's id */
  constructor(service: string) {
    this.#keys = table(`${service}.data-key`, "region", ({ of, by, name }) => [of, by, name]);
    this.#purpose = `${service} data key`;
  }

  async find(wanted: KeptKeyName, keyId: string, { context, home }: Place): Promise<DataKey | undefined> {
    const row = await home.get(this.#keys, wanted.of, wanted.by, wanted.name);
    if (row === undefined || row.keyId !== keyId || row.untilMs <= context.now().getTime()) return undefined;
    const secret = context.keys.open(row.sealed, this.#purpose);
    return secret && { secret, encrypted: row.encrypted };
  }

  async keep(kept: KeptKeyName & DataKey, use: KeptUse, { context, home }: Place): Promise<void> {
    const { of, by, name, secret, encrypted } = kept;
    const nowMs = context.now().getTime();
    for (const old of await home.scan(this.#keys, { prefix: [of, by], limit: TRIMMED_AT_ONCE })) {
      if (old.untilMs <= nowMs) home.delete(this.#keys, of, by, old.name);
    }
    const sealed = context.keys.seal(secret, this.#purpose);
    home.put(this.#keys, { of, by, name, keyId: use.keyId, encrypted, sealed, untilMs: nowMs + use.forMs });
  }

  /** Takes away those of a resource. */
  forget(of: string, home: Transaction): Promise<number> {
    return home.clear(this.#keys, { prefix: [of], limit: FORGOTTEN_AT_ONCE });
  }
}

/** The name of what was encrypted: one that is opened is found by it. */
export const nameOfKey = (encrypted: string): string => nameOfContent(encrypted);
