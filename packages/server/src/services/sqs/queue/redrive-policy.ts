/**
 * Which queue takes what cannot be handled, and which queues it takes it from.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
import { parseArn } from "../../../kernel/arn.ts";
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { invalidValue } from "../errors.ts";
import { RECEIVE_COUNT_MAX, REDRIVE_SOURCES_MAX } from "../limits.ts";
import { arnOf, findQueue, isFifo, type Queue, type Settings } from "./row.ts";

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export function redriveOf(settings: Settings): RedrivePolicy | undefined {
  const fields = fieldsOf(settings["RedrivePolicy"]);
  const arn = fields?.["deadLetterTargetArn"];
  const count = Number(fields?.["maxReceiveCount"]);
  return typeof arn === "string" && count > 0 ? { deadLetterTargetArn: arn, maxReceiveCount: count } : undefined;
}

function fieldsOf(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    const value = parseBounded(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a queue may have that policy.
 * @throws {AwsError} `InvalidParameterValue`
 */
export async function requireRedrive(queue: Queue, context: Context): Promise<void> {
  const text = queue.settings["RedrivePolicy"];
  if (text === undefined) return;
  const refuse = (reason: string) => invalidValue("RedrivePolicy", text, reason);
  const fields = fieldsOf(text);
  if (fields === undefined) throw refuse("Redrive policy is not a valid JSON map.");
  for (const name of ["maxReceiveCount", "deadLetterTargetArn"]) {
    if (fields[name] === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const count = Number(fields["maxReceiveCount"]);
  if (!Number.isInteger(count) || count < 1 || count > RECEIVE_COUNT_MAX) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(fields["maxReceiveCount"])}, valid values are from 1 to ${RECEIVE_COUNT_MAX} both inclusive.`,
    );
  }
  await requireTarget(String(fields["deadLetterTargetArn"]), { queue, refuse }, context);
}

interface Sender {
  readonly queue: Queue;
  readonly refuse: (reason: string) => AwsError;
}

async function requireTarget(arn: string, { queue, refuse }: Sender, context: Context): Promise<void> {
  if (parseArn(arn)?.service !== "sqs") throw refuse("Invalid value for deadLetterTargetArn.");
  const deadLetters = await findQueue(arn, context);
  if (deadLetters === undefined || deadLetters.account !== queue.account) {
    throw refuse("Dead letter target does not exist.");
  }
  if (isFifo(deadLetters) !== isFifo(queue)) {
    throw refuse("Dead-letter queue must be same type of queue as the source.");
  }
  if (!isAllowed(deadLetters, queue)) {
    throw refuse("Queue is not allowed to use the dead-letter queue by its redriveAllowPolicy.");
  }
}

/**
 * The policy as it is read back: without blanks, in AWS's order, with the count as a number.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sqs/queue_test.go (redrivePolicy, whose second plan is empty)
 */
export function shownRedrive(text: string): string {
  const fields = fieldsOf(text);
  if (fields === undefined) return text;
  const { deadLetterTargetArn, maxReceiveCount: count, ...others } = fields;
  return JSON.stringify({
    deadLetterTargetArn,
    maxReceiveCount: typeof count === "string" && /^\d+$/.test(count) ? Number(count) : count,
    ...others,
  });
}

/** As `shownRedrive`. */
export function shownRedriveAllow(text: string): string {
  const fields = fieldsOf(text);
  if (fields === undefined) return text;
  const { redrivePermission, sourceQueueArns, ...others } = fields;
  return JSON.stringify({ redrivePermission, sourceQueueArns, ...others });
}

/** Whether a queue may send another what it cannot handle. */
export function isAllowed({ settings }: Queue, source: Queue): boolean {
  const fields = fieldsOf(settings["RedriveAllowPolicy"]);
  const sources = fields?.["sourceQueueArns"];
  switch (fields?.["redrivePermission"]) {
    case "denyAll":
      return false;
    case "byQueue":
      return Array.isArray(sources) && sources.includes(arnOf(source));
    default:
      return true;
  }
}

/** @throws {AwsError} `InvalidParameterValue` */
export function requireRedriveAllow({ settings }: Queue): void {
  const text = settings["RedriveAllowPolicy"];
  if (text === undefined) return;
  const refuse = (reason: string) => invalidValue("RedriveAllowPolicy", text, reason);
  const fields = fieldsOf(text);
  if (fields === undefined) throw refuse("Amazon SQS can't parse the redriveAllowPolicy.");
  const { redrivePermission: permission, sourceQueueArns: sources } = fields;
  if (permission !== "allowAll" && permission !== "denyAll" && permission !== "byQueue") {
    throw refuse(
      "Amazon SQS can't create the redrive allow policy: redrivePermission must be allowAll, denyAll or byQueue.",
    );
  }
  const isList = Array.isArray(sources) && sources.length > 0 && sources.length <= REDRIVE_SOURCES_MAX;
  if (permission === "byQueue" ? !isList : sources !== undefined) {
    throw refuse(
      "Amazon SQS can't create the redrive allow policy: sourceQueueArns goes with byQueue alone, and holds 1 to 10 queues.",
    );
  }
}
