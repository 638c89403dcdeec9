/**
 * Topics with a key of KMS: whoever publishes has to be allowed to make data keys of it, and to open them.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
import { hash } from "node:crypto";
import { AwsError } from "../../kernel/aws-error.ts";
import { MINUTE_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { kmsRefused, type KmsError } from "./errors.ts";
import { DATA_KEY_MINUTES } from "./limits.ts";
import { arnOf, homeOf, type Topic } from "./topic-row.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

/** Somebody was let in by KMS, and is not asked about again for a while. */
interface KeyUse {
  readonly topic: string;
  readonly by: string;
  readonly keyId: string;
  readonly untilMs: number;
}

const keyUses = table<KeyUse>("sns.key-use", "region", ({ topic, by, keyId }) => [topic, by, keyId]);

/** @throws {AwsError} the errors of KMS in SNS's words */
export async function requireKeyUse(topic: Topic, context: Context): Promise<void> {
  const keyId = topic.settings["KmsMasterKeyId"];
  if (keyId === undefined) return;
  const home = homeOf(topic, context.tx);
  const nowMs = context.now().getTime();
  const by = hash("sha256", JSON.stringify(context.principal), "base64url");
  const kept = await home.get(keyUses, topic.id, by, keyId);
  if (kept !== undefined && kept.untilMs > nowMs) return;
  await asKms(() => useKey(topic, keyId, context));
  home.put(keyUses, { topic: topic.id, by, keyId, untilMs: nowMs + DATA_KEY_MINUTES * MINUTE_MS });
}

async function useKey(topic: Topic, keyId: string, context: Context): Promise<void> {
  const EncryptionContext = { "aws:sns:topicArn": arnOf(topic) };
  const { CiphertextBlob = new Uint8Array() } = await context.call<KmsSdk, "GenerateDataKey">({
    service: "kms",
    operation: "GenerateDataKey",
    input: { KeyId: fullKeyId(keyId, topic), KeySpec: "AES_256", EncryptionContext },
    region: topic.region,
  });
  await context.call<KmsSdk, "Decrypt">({
    service: "kms",
    operation: "Decrypt",
    input: { CiphertextBlob, EncryptionContext },
    region: topic.region,
  });
}

/** An alias or an id is of the topic's own account, whoever calls. */
function fullKeyId(keyId: string, { partition, region, account }: Topic): string {
  if (keyId.startsWith("arn:")) return keyId;
  const resource = keyId.startsWith("alias/") ? keyId : `key/${keyId}`;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}

/** By the code that KMS answers. */
const KMS_ERRORS: Readonly<Record<string, KmsError>> = {
  AccessDenied: "KMSAccessDeniedException",
  AccessDeniedException: "KMSAccessDeniedException",
  DisabledException: "KMSDisabledException",
  KMSInvalidStateException: "KMSInvalidStateException",
  NotFoundException: "KMSNotFoundException",
};

async function asKms(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof AwsError ? KMS_ERRORS[error.code] : undefined;
    if (error instanceof AwsError && code !== undefined) throw kmsRefused(code, error.message);
    throw error;
  }
}
