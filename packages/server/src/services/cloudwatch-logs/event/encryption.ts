/**
 * How events lie at rest: always sealed under the cloud's key; with a KMS key under data keys of that besides, which
 * CloudWatch Logs itself asks KMS for, so that the key's policy has to let it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../../kernel/aead.ts";
import { assert } from "../../../kernel/assert.ts";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { KeptDataKeys, nameOfKey } from "../../../service/kept-data-keys.ts";
import { newDataKey, openDataKey, type DataKey, type KeyUse } from "../../../service/kms-key.ts";
import { keyRefused } from "../errors.ts";
import { arnOf, homeOf, type LogGroup } from "../group-row.ts";
import type { Chunk } from "./chunk.ts";

const CONTENT = "log events";
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html (up to 5 minutes) */
const KEPT_MINUTES = 5;

/** The service's own, whoever calls. */
const keptKeys = new KeptDataKeys("cloudwatch-logs");

export type Content = Pick<Chunk, "content" | "dataKey">;

/** @throws {AwsError} `AccessDeniedException` where KMS does not let the service use the group's key */
export async function encryptContent(text: string, group: LogGroup, context: Context): Promise<Content> {
  if (group.kmsKeyId === undefined) return { content: context.keys.seal(text, CONTENT) };
  const { secret, encrypted } = await newestKey(group, group.kmsKeyId, context);
  const bytes = encrypt(createSecretKey(secret), Buffer.from(text, "utf8"));
  return { content: context.keys.seal(bytes, CONTENT), dataKey: encrypted };
}

/** Opens what is encrypted, for one call: a data key is asked for once. */
export class Opener {
  readonly #group: LogGroup;
  readonly #context: Context;
  readonly #secrets = new Map<string, Uint8Array>();

  constructor(group: LogGroup, context: Context) {
    this.#group = group;
    this.#context = context;
  }

  /** @throws {AwsError} `AccessDeniedException` where KMS does not let the service use the key */
  async open({ content, dataKey }: Content): Promise<string> {
    const bytes = this.#context.keys.open(content, CONTENT);
    assert(bytes !== undefined, "log events are sealed here");
    if (dataKey === undefined) return Buffer.from(bytes).toString("utf8");
    const text = decrypt(createSecretKey(await this.#secretOf(dataKey)), bytes);
    assert(text !== undefined, "log events open under the data key that they were encrypted with");
    return text.toString("utf8");
  }

  async #secretOf(dataKey: string): Promise<Uint8Array> {
    const secret = this.#secrets.get(dataKey) ?? (await openedKey(dataKey, this.#group, this.#context));
    this.#secrets.set(dataKey, secret);
    return secret;
  }
}

/** Whether the service may use the key for the group. @throws {AwsError} `AccessDeniedException` */
export async function requireUsableKey(keyId: string, group: LogGroup, context: Context): Promise<void> {
  await newDataKey({ ...useOf(group), keyId }, context);
}

async function newestKey(group: LogGroup, keyId: string, context: Context): Promise<DataKey> {
  const place = { context, home: homeOf(group, context.tx) };
  const name = { of: group.id, by: ITSELF, name: "new" };
  const kept = await keptKeys.find(name, keyId, place);
  if (kept) return kept;
  const made = await newDataKey({ ...useOf(group), keyId }, context);
  const forMs = KEPT_MINUTES * MINUTE_MS;
  await keptKeys.keep({ ...name, ...made }, { keyId, forMs }, place);
  await keptKeys.keep({ ...name, ...made, name: nameOfKey(made.encrypted) }, { keyId: "", forMs }, place);
  return made;
}

async function openedKey(encrypted: string, group: LogGroup, context: Context): Promise<Uint8Array> {
  const name = { of: group.id, by: ITSELF, name: nameOfKey(encrypted) };
  const kept = await keptKeys.find(name, "", { context, home: homeOf(group, context.tx) });
  return kept?.secret ?? openDataKey(encrypted, useOf(group), context);
}

/** Nobody's but the service's. */
const ITSELF = "";

function useOf(group: LogGroup): KeyUse {
  const { account, region } = group;
  const arn = arnOf(group);
  return {
    bound: { "aws:logs:arn": arn },
    as: { type: "service", service: `logs.${region}.amazonaws.com` },
    source: { arn, account },
    account,
    region,
    refusal: () => keyRefused(arn),
  };
}

export const forgetDataKeys = (group: string, tx: Context["tx"]): Promise<number> => keptKeys.forget(group, tx);
