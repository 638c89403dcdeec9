/**
 * Topics with a key of KMS: whoever publishes has to be allowed to make data keys of it, and to open them.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
import { hash } from "node:crypto";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { PassingRows } from "../../../kernel/passing-rows.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { keyArnIn, newDataKey, openDataKey, type KeyUse } from "../../../service/kms-key.ts";
import { kmsRefused, type KmsError } from "../errors.ts";
import { DATA_KEY_MINUTES } from "../limits.ts";
import { arnOf, homeOf, type Gone, type Topic } from "../topic/row.ts";

/** Somebody was let in by KMS, and is not asked about again for a while. */
interface LetIn {
  readonly topic: string;
  readonly by: string;
  readonly keyId: string;
  readonly untilMs: number;
}

const keyUses = new PassingRows<LetIn, LetIn>("sns.key-use", {
  keyOf: ({ topic, by, keyId }) => [topic, by, keyId],
  endOf: (use) => use,
});

/** @throws {AwsError} the errors of KMS in SNS's words */
export async function requireKeyUse(topic: Topic, context: Context): Promise<void> {
  const keyId = topic.settings["KmsMasterKeyId"];
  if (keyId === undefined) return;
  const nowMs = context.now().getTime();
  const place = { tx: homeOf(topic, context.tx), nowMs };
  const by = hash("sha256", JSON.stringify(context.principal), "base64url");
  if ((await keyUses.find([topic.id, by, keyId], place)) !== undefined) return;
  const use = { ...useOf(topic), keyId: keyArnIn(keyId, topic) };
  const { encrypted } = await newDataKey(use, context);
  await openDataKey(encrypted, useOf(topic), context);
  await keyUses.put({ topic: topic.id, by, keyId, untilMs: nowMs + DATA_KEY_MINUTES * MINUTE_MS }, place);
}

/** Takes away those of a topic that is gone. */
export const forgetKeyUses = (topic: Gone, limit: number, tx: Transaction): Promise<number> =>
  keyUses.forget(topic.id, limit, homeOf(topic, tx));

const useOf = (topic: Topic): KeyUse => ({
  bound: { "aws:sns:topicArn": arnOf(topic) },
  region: topic.region,
  refusal({ code, message }) {
    const known = findOwn(KMS_ERRORS, code);
    return known && kmsRefused(known, message);
  },
});

/** By the code that KMS answers. */
const KMS_ERRORS: Readonly<Record<string, KmsError>> = {
  AccessDenied: "KMSAccessDeniedException",
  AccessDeniedException: "KMSAccessDeniedException",
  DisabledException: "KMSDisabledException",
  KMSInvalidStateException: "KMSInvalidStateException",
  NotFoundException: "KMSNotFoundException",
};
