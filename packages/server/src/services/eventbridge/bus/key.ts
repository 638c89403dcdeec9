/**
 * Buses with a key of their owner's: what EventBridge may not encrypt under it is not processed, and goes to the bus's queue
 * for dead letters.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
import type { Arn } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { newDataKey } from "../../../service/kms-key.ts";
import { arnOf, type Bus } from "./row.ts";
import { keyInvalid, keyNotFound, keyNotSymmetric } from "../errors.ts";
import type { SentEvent } from "../event/event.ts";
import { requireArn } from "../target/pass-role.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

interface Keyed extends Pick<Bus, "account" | "region"> {
  readonly arn: Arn;
  readonly kmsKey?: string | undefined;
}

/**
 * There has to be a key of that name, a symmetric one. Whether EventBridge may use it shows with each event.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html (kms:DescribeKey)
 * @throws {AwsError} `ResourceNotFoundException`, `ValidationException`
 */
export async function requireKey({ arn, account, region, kmsKey }: Keyed, context: Context): Promise<void> {
  if (kmsKey === undefined) return;
  const spec = await specOf(kmsKey, { arn, account, region }, context);
  if (spec !== undefined && spec !== "SYMMETRIC_DEFAULT") throw keyNotSymmetric(kmsKey);
}

/** `undefined` where the key's policy does not let EventBridge look. */
async function specOf(KeyId: string, { arn, account, region }: Keyed, context: Context): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await context.call<KmsSdk, "DescribeKey">({
      service: "kms",
      operation: "DescribeKey",
      input: { KeyId },
      as: { type: "service", service: "events.amazonaws.com" },
      source: { arn, account },
      account,
      region,
    });
    return KeyMetadata?.KeySpec;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NotFoundException") throw keyNotFound(error.message);
    if (error.code === "InvalidArnException" || error.code === "ValidationException") throw keyInvalid(error.message);
    return undefined;
  }
}

/** Whether the event may be processed. */
export async function isKeyUsable(bus: Bus, sent: SentEvent, context: Context): Promise<boolean> {
  if (bus.kmsKey === undefined) return true;
  const arn = arnOf(bus);
  try {
    const use = {
      keyId: bus.kmsKey,
      bound: { "aws:events:event-bus:arn": arn },
      as: { type: "service", service: "events.amazonaws.com" },
      source: { arn, account: bus.account },
      account: bus.account,
      region: bus.region,
      refusal: (error: AwsError) => error,
    } as const;
    await newDataKey(use, context);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await bury(bus, sent, error, context);
    return false;
  }
}

async function bury(bus: Bus, { text }: SentEvent, { code, message }: AwsError, context: Context): Promise<void> {
  if (bus.deadLetterArn === undefined) return;
  const attributes = {
    ERROR_CODE: { type: "String", value: code },
    ERROR_MESSAGE: { type: "String", value: message },
  };
  const source = { arn: arnOf(bus), account: bus.account };
  const content = { kind: "message", text, attributes } as const;
  await context.deliver({ to: requireArn(bus.deadLetterArn), source, content }, bus);
}
