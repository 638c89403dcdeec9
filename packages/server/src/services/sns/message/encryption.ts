/**
 * Topics with a key of KMS: whoever publishes has to be allowed to make data keys of it, and to open them.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
import { hash } from "node:crypto";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
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

const keyUses = table<LetIn>("sns.key-use", "region", ({ topic, by, keyId }) => [topic, by, keyId]);
const ends = table<LetIn>("sns.key-use-end", "region", ({ topic, untilMs, by, keyId }) => [topic, untilMs, by, keyId]);

/** Old ones go with new ones, two for each. */
const TRIMMED_AT_ONCE = 2;

/** @throws {AwsError} the errors of KMS in SNS's words */
export async function requireKeyUse(topic: Topic, context: Context): Promise<void> {
  const keyId = topic.settings["KmsMasterKeyId"];
  if (keyId === undefined) return;
  const home = homeOf(topic, context.tx);
  const nowMs = context.now().getTime();
  const by = hash("sha256", JSON.stringify(context.principal), "base64url");
  const kept = await home.get(keyUses, topic.id, by, keyId);
  if (kept !== undefined && kept.untilMs > nowMs) return;
  const use = { ...useOf(topic), keyId: keyArnIn(keyId, topic) };
  const { encrypted } = await newDataKey(use, context);
  await openDataKey(encrypted, useOf(topic), context);
  await noteUse({ topic: topic.id, by, keyId, untilMs: nowMs + DATA_KEY_MINUTES * MINUTE_MS }, { tx: home, nowMs });
}

async function noteUse(use: LetIn, { tx, nowMs }: { readonly tx: Transaction; readonly nowMs: number }): Promise<void> {
  const { topic } = use;
  for (const old of await tx.scan(ends, { prefix: [topic], before: [topic, nowMs], limit: TRIMMED_AT_ONCE })) {
    tx.delete(ends, ...ends.keyOf(old));
    const row = await tx.get(keyUses, ...keyUses.keyOf(old));
    if (row?.untilMs === old.untilMs) tx.delete(keyUses, ...keyUses.keyOf(old));
  }
  tx.put(keyUses, use);
  tx.put(ends, use);
}

/** Takes away those of a topic that is gone. */
export const forgetKeyUses = async (topic: Gone, limit: number, tx: Transaction): Promise<readonly number[]> => [
  await homeOf(topic, tx).clear(keyUses, { prefix: [topic.id], limit }),
  await homeOf(topic, tx).clear(ends, { prefix: [topic.id], limit }),
];

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
