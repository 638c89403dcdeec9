/**
 * How messages lie at rest: always sealed under the cloud's key; with a KMS key under data keys of that besides, which
 * the caller asks KMS for.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
 */
import { createSecretKey, hash } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { KeptDataKeys, nameOfKey } from "../../service/kept-data-keys.ts";
import { keyArnIn, newDataKey, openDataKey, type DataKey, type KeyUse } from "../../service/kms-key.ts";
import { kmsRefused } from "./errors.ts";
import type { Message } from "./message/row.ts";
import { arnOf, homeOf, numberOf, type Queue } from "./queue/row.ts";

const CONTENT = "sqs content";

/** Data keys are reused for one caller alone, for as long as the queue says. */
const keptKeys = new KeptDataKeys("sqs");

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

async function dataKeyOf(queue: Queue, context: Context): Promise<DataKey> {
  const keyId = queue.settings["KmsMasterKeyId"] ?? "";
  const name = { of: queue.id, by: callerOf(context), name: "new" };
  const place = { context, home: homeOf(queue, context.tx) };
  const kept = await keptKeys.find(name, keyId, place);
  if (kept) return kept;
  const made = await newDataKey({ ...useOf(arnOf(queue), queue), keyId: keyArnIn(keyId, queue) }, context);
  // who may make a key may not open it yet
  await keptKeys.keep({ ...name, ...made }, { keyId, forMs: reusedMs(queue) }, place);
  return made;
}

async function openedKey(
  encrypted: string,
  { queue, keyQueue }: { readonly queue: Queue; readonly keyQueue: string },
  context: Context,
): Promise<Uint8Array> {
  const name = { of: queue.id, by: callerOf(context), name: nameOfKey(encrypted) };
  const place = { context, home: homeOf(queue, context.tx) };
  const kept = await keptKeys.find(name, "", place);
  if (kept) return kept.secret;
  const secret = await openDataKey(encrypted, useOf(keyQueue, queue), context);
  await keptKeys.keep({ ...name, encrypted, secret }, { keyId: "", forMs: reusedMs(queue) }, place);
  return secret;
}

const useOf = (arn: string, { region }: Queue): KeyUse => ({
  bound: { "aws:sqs:arn": arn },
  region,
  refusal: ({ code, message }) => (isKmsError(code) ? kmsRefused(KMS_ERRORS[code], message) : undefined),
});

const reusedMs = (queue: Queue): number => numberOf(queue, "KmsDataKeyReusePeriodSeconds") * SECOND_MS;

const callerOf = ({ principal }: Context): string => hash("sha256", JSON.stringify(principal), "base64url");

export const forgetDataKeys = (queue: string, { tx }: Pick<Context, "tx">): Promise<number> =>
  keptKeys.forget(queue, tx);

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
