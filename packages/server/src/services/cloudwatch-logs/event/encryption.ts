/**
 * How events lie at rest: always sealed under the cloud's key; with a KMS key under data keys of that besides, which
 * CloudWatch Logs itself asks KMS for, so that the key's policy has to let it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
import { createSecretKey, hash } from "node:crypto";
import type { ServicePrincipal } from "../../../identity/principal.ts";
import { decrypt, encrypt } from "../../../kernel/aead.ts";
import { assert } from "../../../kernel/assert.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { keyRefused } from "../errors.ts";
import { arnOf, homeOf, type LogGroup } from "../group-row.ts";
import type { Chunk } from "./chunk.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

/** A data key that may be used without asking KMS again for a while. */
interface DataKey {
  readonly group: string;
  /** `new` is the one to encrypt with; the others are for what was encrypted with them. */
  readonly name: string;
  readonly keyId: string;
  /** As KMS encrypted it. */
  readonly encrypted: string;
  readonly sealed: string;
  readonly untilMs: number;
}

const dataKeys = table<DataKey>("cloudwatch-logs.data-key", "region", ({ group, name }) => [group, name]);

const CONTENT = "log events";
const DATA_KEY = "cloudwatch logs data key";
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html (up to 5 minutes) */
const KEPT_MINUTES = 5;
const FORGOTTEN_AT_ONCE = 500;

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
  await generate(keyId, group, context);
}

const NOTHING = new Uint8Array();

async function generate(keyId: string, group: LogGroup, context: Context) {
  return asKms(keyId, group, () =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { KeyId: keyId, KeySpec: "AES_256", EncryptionContext: boundTo(group) },
      ...asLogs(group),
    }),
  );
}

interface Secret {
  readonly secret: Uint8Array;
  readonly encrypted: string;
}

async function newestKey(group: LogGroup, keyId: string, context: Context): Promise<Secret> {
  const kept = await keptKey("new", keyId, group, context);
  if (kept) return kept;
  const { CiphertextBlob = NOTHING, Plaintext: secret = NOTHING } = await generate(keyId, group, context);
  const encrypted = Buffer.from(CiphertextBlob).toString("base64");
  keep({ name: "new", keyId, encrypted, secret }, group, context);
  keep({ name: nameOf(encrypted), keyId: "", encrypted, secret }, group, context);
  return { secret, encrypted };
}

async function openedKey(encrypted: string, group: LogGroup, context: Context): Promise<Uint8Array> {
  const name = nameOf(encrypted);
  const kept = await keptKey(name, "", group, context);
  if (kept) return kept.secret;
  const { Plaintext: secret = NOTHING } = await asKms(group.kmsKeyId ?? "", group, () =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: { CiphertextBlob: Buffer.from(encrypted, "base64"), EncryptionContext: boundTo(group) },
      ...asLogs(group),
    }),
  );
  return secret;
}

const nameOf = (encrypted: string): string => hash("sha256", encrypted, "base64url");

const boundTo = (group: LogGroup) => ({ "aws:logs:arn": arnOf(group) });

function asLogs(group: LogGroup) {
  const { account, region } = group;
  const as: ServicePrincipal = { type: "service", service: `logs.${region}.amazonaws.com` };
  return { as, source: { arn: arnOf(group), account }, account, region };
}

async function keptKey(name: string, keyId: string, group: LogGroup, context: Context): Promise<Secret | undefined> {
  const row = await homeOf(group, context.tx).get(dataKeys, group.id, name);
  if (row === undefined || row.keyId !== keyId || row.untilMs <= context.now().getTime()) return undefined;
  const secret = context.keys.open(row.sealed, DATA_KEY);
  return secret && { secret, encrypted: row.encrypted };
}

interface NewKey extends Secret {
  readonly name: string;
  readonly keyId: string;
}

function keep({ name, keyId, encrypted, secret }: NewKey, group: LogGroup, context: Context): void {
  const untilMs = context.now().getTime() + KEPT_MINUTES * MINUTE_MS;
  const sealed = context.keys.seal(secret, DATA_KEY);
  homeOf(group, context.tx).put(dataKeys, { group: group.id, name, keyId, encrypted, sealed, untilMs });
}

export const forgetDataKeys = (group: string, tx: Context["tx"]): Promise<number> =>
  tx.clear(dataKeys, { prefix: [group], limit: FORGOTTEN_AT_ONCE });

async function asKms<Output>(keyId: string, group: LogGroup, work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? keyRefused(keyId, arnOf(group)) : error;
  }
}
