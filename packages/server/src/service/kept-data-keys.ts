import { nameOfContent } from "../kernel/digest.ts";
import { PassingRows } from "../kernel/passing-rows.ts";
import type { Transaction } from "../kernel/table.ts";
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

interface KeyEnd extends KeptKeyName {
  readonly untilMs: number;
}

interface KeptKey extends KeyEnd {
  /** The key of KMS that it is of; empty where nobody has to know. */
  readonly keyId: string;
  readonly encrypted: string;
  readonly sealed: string;
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

const FORGOTTEN_AT_ONCE = 10_000;

const keyOf = ({ of, by, name }: KeptKeyName) => [of, by, name] as const;

/** Data keys that may be used without asking KMS again for a while; sealed. */
export class KeptDataKeys {
  readonly #keys: PassingRows<KeptKey, KeyEnd>;
  readonly #purpose: string;

  /** @param service the model's id */
  constructor(service: string) {
    this.#keys = new PassingRows<KeptKey, KeyEnd>(`${service}.data-key`, {
      keyOf,
      endOf: ({ of, by, name, untilMs }) => ({ of, by, name, untilMs }),
    });
    this.#purpose = `${service} data key`;
  }

  async find(wanted: KeptKeyName, keyId: string, { context, home }: Place): Promise<DataKey | undefined> {
    const row = await this.#keys.find(keyOf(wanted), { tx: home, nowMs: context.now().getTime() });
    if (row === undefined || row.keyId !== keyId) return undefined;
    const secret = context.keys.open(row.sealed, this.#purpose);
    return secret && { secret, encrypted: row.encrypted };
  }

  async keep(kept: KeptKeyName & DataKey, use: KeptUse, { context, home }: Place): Promise<void> {
    const { of, by, name, secret, encrypted } = kept;
    const nowMs = context.now().getTime();
    const sealed = context.keys.seal(secret, this.#purpose);
    const row = { of, by, name, keyId: use.keyId, encrypted, sealed, untilMs: nowMs + use.forMs };
    await this.#keys.put(row, { tx: home, nowMs });
  }

  /** Takes away those of a resource. */
  forget(of: string, home: Transaction): Promise<number> {
    return this.#keys.forget(of, FORGOTTEN_AT_ONCE, home);
  }
}

/** The name of what was encrypted: one that is opened is found by it. */
export const nameOfKey = (encrypted: string): string => nameOfContent(encrypted);
