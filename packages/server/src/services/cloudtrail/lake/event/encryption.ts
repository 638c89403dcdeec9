/**
 * How events lie at rest: sealed under the cloud's key; where the store has a KMS key, under data keys of it besides.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../../../kernel/aead.ts";
import { assert } from "../../../../kernel/assert.ts";
import { MINUTE_MS } from "../../../../kernel/duration.ts";
import type { Transaction } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import { KeptDataKeys } from "../../../../service/kept-data-keys.ts";
import { newDataKey, openDataKey, type DataKey } from "../../../../service/kms-key.ts";
import { ownUse } from "../store/key.ts";
import type { Store, StoreKey } from "../store/row.ts";
import type { Chunk } from "./chunk.ts";

type Content = Pick<Chunk, "content" | "dataKey">;

const CONTENT = "lake events";

/** A key that is disabled counts soon. */
const KEPT_MS = 5 * MINUTE_MS;

const keptKeys = new KeptDataKeys("cloudtrail");

/** Nobody's but the service's. */
const ITSELF = "";

export type Encrypt = (text: string) => Content;

/** @throws {AwsError} what KMS answers where CloudTrail may not use the store's key */
export async function encryptorOf(store: Store, context: Context): Promise<Encrypt> {
  if (store.key === undefined) return (text) => ({ content: context.keys.seal(text, CONTENT) });
  const { secret, encrypted } = await newestKey(store, store.key, context);
  const key = createSecretKey(secret);
  return (text) => ({
    content: context.keys.seal(encrypt(key, Buffer.from(text, "utf8")), CONTENT),
    dataKey: encrypted,
  });
}

async function newestKey(store: Store, { arn }: StoreKey, context: Context): Promise<DataKey> {
  const place = { context, home: homeOf(store, context.tx) };
  const name = { of: store.id, by: ITSELF, name: "new" };
  const kept = await keptKeys.find(name, arn, place);
  if (kept !== undefined) return kept;
  const made = await newDataKey({ ...ownUse(arn, store), keyId: arn }, context);
  await keptKeys.keep({ ...name, ...made }, { keyId: arn, forMs: KEPT_MS }, place);
  return made;
}

const homeOf = ({ account, region }: Store, tx: Transaction): Transaction => tx.in({ account, region });

/** Opens what is encrypted, for one query: a data key is asked for once. */
export class Opener {
  readonly #store: Store;
  readonly #context: Context;
  readonly #secrets = new Map<string, Uint8Array>();

  constructor(store: Store, context: Context) {
    this.#store = store;
    this.#context = context;
  }

  /** @throws {AwsError} what KMS answers where CloudTrail may not use the store's key */
  async open({ content, dataKey }: Content): Promise<string> {
    const bytes = this.#context.keys.open(content, CONTENT);
    assert(bytes !== undefined, "events of stores are sealed here");
    if (dataKey === undefined) return Buffer.from(bytes).toString("utf8");
    const text = decrypt(createSecretKey(await this.#secretOf(dataKey)), bytes);
    assert(text !== undefined, "events open under the data key that they were encrypted with");
    return text.toString("utf8");
  }

  async #secretOf(dataKey: string): Promise<Uint8Array> {
    const secret =
      this.#secrets.get(dataKey) ??
      (await openDataKey(dataKey, ownUse(this.#store.key?.arn ?? "", this.#store), this.#context));
    this.#secrets.set(dataKey, secret);
    return secret;
  }
}

export const forgetKeys = (store: Store, tx: Transaction): Promise<number> =>
  keptKeys.forget(store.id, homeOf(store, tx));
