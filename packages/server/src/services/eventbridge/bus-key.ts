/**
 * Buses with a key of their owner's: what EventBridge may not encrypt under it is not processed, and goes to the bus's queue
 * for dead letters.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { newDataKey } from "../../service/kms-key.ts";
import { arnOf, type Bus } from "./bus-row.ts";
import type { SentEvent } from "./event.ts";
import { requireArn } from "./pass-role.ts";

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
