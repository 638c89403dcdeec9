/**
 * What becomes of a run that failed for good, where the target has a queue for that.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { Context, MessageAttributes } from "../../service/context.ts";
import type { Invocation } from "./invocation.ts";
import { groupArn } from "./kit.ts";
import { DEAD_LETTER_BYTES_MAX } from "./limits.ts";
import { measure } from "./measure.ts";
import { formatSeconds } from "./notification.ts";
import { arnOf } from "./schedule-row.ts";
import type { Asked } from "./template.ts";

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What the target was asked, if it came to that. */
  readonly asked: Asked | undefined;
}

interface DeadInvocation {
  readonly invocation: Invocation;
  readonly failure: Failure;
  /** The rule of the retry policy that ended it. */
  readonly exhausted: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | undefined;
}

export async function deadLetter(dead: DeadInvocation, context: Context): Promise<void> {
  const { schedule } = dead.invocation;
  const queue = parseArn(schedule.target.DeadLetterConfig?.Arn ?? "");
  const role = parseArn(schedule.target.RoleArn);
  if (queue === undefined || role === undefined) return;
  const text = JSON.stringify(dead.failure.asked ?? {});
  const isTruncated = Buffer.byteLength(text, "utf8") > DEAD_LETTER_BYTES_MAX;
  measure("InvocationsSentToDeadLetterCount", schedule.group, context);
  if (isTruncated) {
    measure("InvocationsSentToDeadLetterCount_Truncated_MessageSizeExceeded", schedule.group, context);
  }
  await context.deliver({
    to: formatArn(queue),
    role: formatArn(role),
    source: { arn: groupArn(schedule, schedule.group), account: schedule.account },
    content: {
      kind: "message",
      text: isTruncated ? beginningOf(text) : text,
      attributes: attributesOf(dead, isTruncated),
    },
  });
}

/** As many whole characters as there is room for. */
const beginningOf = (text: string): string =>
  new TextDecoder().decode(Buffer.from(text, "utf8").subarray(0, DEAD_LETTER_BYTES_MAX), { stream: true });

function attributesOf({ invocation, failure, exhausted }: DeadInvocation, isTruncated: boolean): MessageAttributes {
  const { schedule, id, scheduledMs, attempt } = invocation;
  const facts = {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: id,
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    IS_PAYLOAD_TRUNCATED: String(isTruncated),
    RETRY_ATTEMPTS: String(attempt - 1),
    SCHEDULED_TIME: formatSeconds(scheduledMs),
    SCHEDULE_ARN: arnOf(schedule),
    TARGET_ARN: schedule.target.Arn,
  };
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [name, { type: "String", value }]),
  );
}
