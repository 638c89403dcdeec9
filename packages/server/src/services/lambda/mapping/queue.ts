/** A mapping's queue, read with the rights of the function's role. */
import type { Message } from "@aws-sdk/client-sqs";
import type { Principal } from "../../../identity/principal.ts";
import { parseArn } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { queueMissing, queueUnreadable, visibilityTooShort } from "../errors.ts";
import { LAMBDA, sessionNameOf } from "../execution-role.ts";
import type { Target } from "../function/row.ts";
import type { Mapping } from "./row.ts";
import type { QueueRecord } from "./record.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");

export const RECEIVED_MAX = 10;

/** The role's session; made anew with each reading, so that a change of the role is felt. */
export function readerOf(
  { configuration, function: of }: Target,
  mapping: Mapping,
  context: Context,
): Promise<Principal> {
  const use = {
    roleArn: configuration.role,
    service: LAMBDA,
    sessionName: sessionNameOf(of.name),
    account: mapping.account,
  };
  return roleSession(use, context);
}

function urlOf({ sourceArn }: Mapping): string {
  const { account = "", region = "", resource = "" } = parseArn(sourceArn) ?? {};
  return `https://sqs.${region}.amazonaws.com/${account}/${resource}`;
}

/** @throws {AwsError} it is not there, the role may not read it, or its messages come back too soon. */
export async function requireQueue(mapping: Mapping, target: Target, context: Context): Promise<void> {
  const as = await readerOf(target, mapping, context);
  try {
    const { Attributes = {} } = await context.call<SqsSdk, "GetQueueAttributes">({
      service: "sqs",
      operation: "GetQueueAttributes",
      input: { QueueUrl: urlOf(mapping), AttributeNames: ["VisibilityTimeout"] },
      as,
    });
    const visibility = Number(Attributes["VisibilityTimeout"]);
    const { timeoutSeconds } = target.configuration;
    if (visibility < timeoutSeconds) throw visibilityTooShort(visibility, timeoutSeconds);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === "InvalidParameterValueException") throw error;
    throw error.code === "QueueDoesNotExist" ? queueMissing() : queueUnreadable();
  }
}

interface Receiving {
  readonly mapping: Mapping;
  readonly as: Principal;
  readonly max: number;
  readonly waitSeconds: number;
}

/** @throws {AwsError} SQS's own */
export async function receive(
  { mapping, as, max, waitSeconds }: Receiving,
  context: Context,
): Promise<readonly Message[]> {
  const { Messages = [] } = await context.call<SqsSdk, "ReceiveMessage">({
    service: "sqs",
    operation: "ReceiveMessage",
    input: {
      QueueUrl: urlOf(mapping),
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    },
    as,
  });
  return Messages;
}

/** @throws {AwsError} SQS's own */
export async function remove(
  records: readonly QueueRecord[],
  { mapping, as }: Pick<Receiving, "mapping" | "as">,
  context: Context,
): Promise<void> {
  for (let at = 0; at < records.length; at += RECEIVED_MAX) {
    const Entries = records
      .slice(at, at + RECEIVED_MAX)
      .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
    await context.call<SqsSdk, "DeleteMessageBatch">({
      service: "sqs",
      operation: "DeleteMessageBatch",
      input: { QueueUrl: urlOf(mapping), Entries },
      as,
    });
  }
}
