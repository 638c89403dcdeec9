/**
 * How messages lie at rest: always sealed under the cloud's key; with a KMS key under data keys of that besides, which
 * the caller asks KMS for.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
 */
import { createSecretKey, hash } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { kmsRefused } from "./errors.ts";
import type { Message } from "./message-row.ts";
import { arnOf, homeOf, numberOf, type Queue } from "./queue-row.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

/** A data key that somebody may use without asking KMS again, for as long as the queue says. */
interface DataKey {
  readonly queue: string;
  /** Who asked for it. */
  readonly by: string;
  /** `new` is the one to encrypt with; the others are for what was encrypted with them. */
  readonly name: string;
  readonly keyId: string;
  /** As KMS encrypted it. */
  readonly encrypted: string;
  readonly sealed: string;
  readonly untilMs: number;
}

const dataKeys = table<DataKey>("sqs.data-key", "region", ({ queue, by, name }) => [queue, by, name]);

const CONTENT = "sqs content";
const DATA_KEY = "sqs data key";
const TRIMMED_AT_ONCE = 5;

export interface Encrypted {
  readonly content: string;
  readonly dataKey?: string;
}

/** @throws {AwsError} the errors of KMS in SQS's words */
export async function encryptContent(text: string, queue: Queue, context: Context): Promise<Encrypted> {
  if (queue.settings["KmsMasterKeyId"] === undefined) return { content: context.keys.seal(text, CONTENT) };
  const { secret, encrypted } = await dataKeyOf(queue, context);
  const bytes = encrypt(createSecretKey(secret), Buffer.from(text, "utf8"));
  return { content: context.keys.seal(bytes, CONTENT), dataKey: encrypted };
}

/** @throws {AwsError} the errors of KMS in SQS's words */
export async function decryptContent(
  message: Pick<Message, "content" | "dataKey" | "keyQueue">,
  queue: Queue,
  context: Context,
): Promise<string> {
  const { content = "", dataKey, keyQueue = arnOf(queue) } = message;
  const bytes = context.keys.open(content, CONTENT);
  assert(bytes !== undefined, "messages are sealed here");
  if (dataKey === undefined) return Buffer.from(bytes).toString("utf8");
  const secret = await openedKey(dataKey, { queue, keyQueue }, context);
  const text = decrypt(createSecretKey(secret), bytes);
  assert(text !== undefined, "messages open under the data key that they were encrypted with");
  return text.toString("utf8");
}

interface Secret {
  readonly secret: Uint8Array;
  readonly encrypted: string;
}

async function dataKeyOf(queue: Queue, context: Context): Promise<Secret> {
  const keyId = queue.settings["KmsMasterKeyId"] ?? "";
  const kept = await keptKey("new", keyId, queue, context);
  if (kept) return kept;
  const made = await asKms(() =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { KeyId: keyOf(keyId, queue), KeySpec: "AES_256", EncryptionContext: bound(arnOf(queue)) },
      region: queue.region,
    }),
  );
  const { CiphertextBlob = NOTHING, Plaintext: secret = NOTHING } = made;
  const encrypted = Buffer.from(CiphertextBlob).toString("base64");
  await keep({ name: "new", keyId, encrypted, secret }, queue, context);
  // who may make a key may not open it yet
  return { secret, encrypted };
}

async function openedKey(
  encrypted: string,
  { queue, keyQueue }: { readonly queue: Queue; readonly keyQueue: string },
  context: Context,
): Promise<Uint8Array> {
  const name = hash("sha256", encrypted, "base64url");
  const kept = await keptKey(name, "", queue, context);
  if (kept) return kept.secret;
  const opened = await asKms(() =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: { CiphertextBlob: Buffer.from(encrypted, "base64"), EncryptionContext: bound(keyQueue) },
      region: queue.region,
    }),
  );
  const { Plaintext: secret = NOTHING } = opened;
  await keep({ name, keyId: "", encrypted, secret }, queue, context);
  return secret;
}

const NOTHING = new Uint8Array();

const bound = (arn: string) => ({ "aws:sqs:arn": arn });

/** An alias or an id is of the queue's own account, whoever calls. */
function keyOf(keyId: string, { partition, region, account }: Queue): string {
  if (keyId.startsWith("arn:")) return keyId;
  const resource = keyId.startsWith("alias/") ? keyId : `key/${keyId}`;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}

async function keptKey(name: string, keyId: string, queue: Queue, context: Context): Promise<Secret | undefined> {
  const row = await homeOf(queue, context.tx).get(dataKeys, queue.id, callerOf(context), name);
  if (row === undefined || row.keyId !== keyId || row.untilMs <= context.now().getTime()) return undefined;
  const secret = context.keys.open(row.sealed, DATA_KEY);
  return secret && { secret, encrypted: row.encrypted };
}

interface NewKey extends Secret {
  readonly name: string;
  readonly keyId: string;
}

async function keep({ name, keyId, encrypted, secret }: NewKey, queue: Queue, context: Context): Promise<void> {
  const tx = homeOf(queue, context.tx);
  const by = callerOf(context);
  const nowMs = context.now().getTime();
  for (const old of await tx.scan(dataKeys, { prefix: [queue.id, by], limit: TRIMMED_AT_ONCE })) {
    if (old.untilMs <= nowMs) tx.delete(dataKeys, old.queue, old.by, old.name);
  }
  const untilMs = nowMs + numberOf(queue, "KmsDataKeyReusePeriodSeconds") * SECOND_MS;
  const sealed = context.keys.seal(secret, DATA_KEY);
  tx.put(dataKeys, { queue: queue.id, by, name, keyId, encrypted, sealed, untilMs });
}

/** Data keys are reused for one caller alone. */
const callerOf = ({ principal }: Context): string => hash("sha256", JSON.stringify(principal), "base64url");

export const forgetDataKeys = (queue: string, { tx }: Pick<Context, "tx">): Promise<number> =>
  tx.clear(dataKeys, { prefix: [queue], limit: 10_000 });

/** By the code that KMS answers. */
const KMS_ERRORS = {
  AccessDenied: "KmsAccessDenied",
  AccessDeniedException: "KmsAccessDenied",
  DisabledException: "KmsDisabled",
  InvalidKeyUsageException: "KmsInvalidKeyUsage",
  KMSInvalidStateException: "KmsInvalidState",
  NotFoundException: "KmsNotFound",
} as const;

const isKmsError = (code: string): code is keyof typeof KMS_ERRORS => Object.hasOwn(KMS_ERRORS, code);

async function asKms<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AwsError && isKmsError(error.code)) throw kmsRefused(KMS_ERRORS[error.code], error.message);
    throw error;
  }
}
