/**
 * What became of deliveries, told to CloudWatch Logs by the role that a topic names for it.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
 */
import { hash } from "node:crypto";
import { AwsError } from "../../../kernel/aws-error.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { textFor } from "../message/message.ts";
import { SERVICE, type Publication } from "../message/publication.ts";
import type { Protocol, Subscription } from "../subscription/row.ts";
import { arnOf, type Topic } from "../topic/row.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

/** A line that is to be written. */
interface Feedback {
  readonly id: string;
  readonly topic: Pick<Topic, "account" | "region" | "name">;
  readonly topicArn: string;
  readonly role: string;
  readonly group: string;
  readonly atMs: number;
  readonly line: string;
}

const feedbacks = table<Feedback>("sns.feedback", "global", ({ id }) => [id]);

/** What attributes of a topic begin with, by protocol. */
const FAMILIES: Readonly<Partial<Record<Protocol, string>>> = {
  application: "Application",
  firehose: "Firehose",
  http: "HTTP",
  https: "HTTP",
  lambda: "Lambda",
  sqs: "SQS",
};

export interface Outcome {
  readonly succeeded: boolean;
  readonly statusCode: number;
  /** Of what is not tried again, nobody says. */
  readonly attempts?: number;
  readonly response: string;
}

/** A message, and to whom it went. */
export interface Delivered {
  readonly publication: Publication;
  readonly subscription: Subscription;
}

const PERCENT = 100;

/** Behind the delivery: what cannot be written is lost, and hinders nothing. */
export function tellOf(outcome: Outcome, { publication, subscription }: Delivered, context: Context): void {
  const { topic, message } = publication;
  const family = FAMILIES[subscription.protocol];
  const { settings } = topic;
  const role = settings[`${family}${outcome.succeeded ? "Success" : "Failure"}FeedbackRoleArn`];
  if (family === undefined || role === undefined) return;
  const rate = Number(settings[`${family}SuccessFeedbackSampleRate`] ?? PERCENT);
  if (outcome.succeeded && shareOf(message.id + subscription.id) >= rate) return;
  const nowMs = context.now().getTime();
  const line = JSON.stringify({
    notification: {
      messageMD5Sum: hash("md5", textFor(message, subscription.protocol), "hex"),
      messageId: message.id,
      topicArn: arnOf(topic),
      timestamp: new Date(message.atMs).toISOString().replace("T", " ").replace("Z", ""),
    },
    delivery: {
      deliveryId: context.newId(),
      destination: subscription.endpoint,
      providerResponse: outcome.response,
      dwellTimeMs: nowMs - message.atMs,
      attempts: outcome.attempts,
      statusCode: outcome.statusCode,
    },
    status: outcome.succeeded ? "SUCCESS" : "FAILURE",
  });
  const { account, region, name } = topic;
  const group = `sns/${region}/${account}/${name}${outcome.succeeded ? "" : "/Failure"}`;
  const id = context.newId();
  const place = { account, region, name };
  context.tx.put(feedbacks, { id, topic: place, topicArn: arnOf(topic), role, group, atMs: nowMs, line });
  context.at(nowMs, "log", id);
}

/** From 0 to 99, the same for the same delivery. */
const shareOf = (id: string): number => Number.parseInt(hash("sha256", id, "hex").slice(0, 8), 16) % PERCENT;

/** The job. */
export async function log(context: Context, id: string): Promise<void> {
  const feedback = await context.tx.get(feedbacks, id);
  if (feedback === undefined) return;
  context.tx.delete(feedbacks, id);
  try {
    await write(feedback, context);
  } catch (error) {
    // a role that may not, or is not there
    if (!(error instanceof AwsError)) throw error;
  }
}

async function write({ topic, role, group, atMs, line, id }: Feedback, context: Context): Promise<void> {
  const { account, region } = topic;
  const use = { roleArn: role, service: SERVICE.service, sessionName: "sns-feedback", account };
  const call = { service: "cloudwatch-logs", as: await roleSession(use, context), account, region } as const;
  const place = { logGroupName: group, logStreamName: id };
  await unlessThere(() =>
    context.call<LogsSdk, "CreateLogGroup">({ ...call, operation: "CreateLogGroup", input: { logGroupName: group } }),
  );
  await context.call<LogsSdk, "CreateLogStream">({ ...call, operation: "CreateLogStream", input: place });
  const logEvents = [{ timestamp: atMs, message: line }];
  await context.call<LogsSdk, "PutLogEvents">({ ...call, operation: "PutLogEvents", input: { ...place, logEvents } });
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
}
