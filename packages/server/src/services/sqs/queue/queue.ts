/** Queues: made, found, listed and taken away. */
import { page } from "../../../kernel/page.ts";
import { parseAccountId } from "../../../kernel/arn.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onOwnQueue, onQueue } from "../access.ts";
import {
  deletedRecently,
  invalidToken,
  invalidValue,
  missing,
  queueExists,
  queueNameInvalid,
  queueNotFound,
} from "../errors.ts";
import { operation, queueArn } from "../kit.ts";
import { NAME_KEPT_SECONDS, QUEUE_NAME_CHARACTERS_MAX, QUEUES_PER_PAGE_MAX } from "../limits.ts";
import { givenOf } from "./attribute.ts";
import { requirePolicy } from "./policy-rules.ts";
import { emptyLater } from "./purge.ts";
import { findQueue, homeOf, queues, requireQueue, urlOf, type Queue, type Settings } from "./row.ts";
import { redriveOf } from "./redrive-policy.ts";
import { changedSettings, requireRedrives, usualSettings } from "./setting.ts";
import { requireTags } from "./tag.ts";

interface Deleted {
  readonly name: string;
  readonly atMs: number;
}

const deleted = table<Deleted>("sqs.deleted", "region", ({ name }) => [name]);

export const createQueue = operation("CreateQueue", {
  async authorize({ QueueName, tags = {} }, context) {
    const place = { ...context, partition: context.partition, account: context.account, region: context.region };
    const access = { resource: queueArn(place, QueueName), requestTags: tags };
    const creation = { ...access, action: "sqs:CreateQueue" };
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html (tags)
    return Object.keys(tags).length === 0 ? [creation] : [creation, { ...access, action: "sqs:TagQueue" }];
  },

  async handle({ QueueName: name, Attributes = {}, tags = {} }, context) {
    const { Policy, ...given } = givenOf(Attributes);
    requireName(name, given);
    const { tx, account, region, partition } = context;
    const nowMs = context.now().getTime();
    const settings = changedSettings({ name, settings: usualSettings({ name }) }, given);
    const there = await tx.get(queues, name);
    if (there !== undefined) {
      requireSame(there, given, settings);
      return { QueueUrl: urlOf(there, context) };
    }
    const gone = await tx.get(deleted, name);
    if (gone && nowMs < gone.atMs + NAME_KEPT_SECONDS * SECOND_MS) throw deletedRecently();
    requireTags(tags, { name, tags: {} });
    const bare: Queue = {
      id: context.newId(),
      name,
      account,
      region,
      partition,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      settings,
      tags,
    };
    const policy = Policy === undefined ? undefined : await requirePolicy(Policy, bare, context);
    const queue = { ...bare, ...(policy && { policy }) };
    await requireRedrives(queue, given, context);
    tx.put(queues, queue);
    return { QueueUrl: urlOf(queue, context) };
  },
});

/** @throws {AwsError} `InvalidParameterValue` */
function requireName(name: string, given: Settings): void {
  const isOrdered = given["FifoQueue"]?.toLowerCase() === "true";
  const plain = isOrdered ? name.replace(/\.fifo$/, "") : name.replace(/\.fifo$/, " ");
  const isEnded = !isOrdered || name.endsWith(".fifo");
  if (!/^[\w-]+$/.test(plain) || name.length > QUEUE_NAME_CHARACTERS_MAX || !isEnded) throw queueNameInvalid();
}

/** @throws {AwsError} `QueueNameExists` */
function requireSame(there: Queue, given: Settings, settings: Settings): void {
  const other = Object.keys(given).find((name) => settings[name] !== there.settings[name]);
  if (other !== undefined) throw queueExists(other);
}

export const getQueueUrl = operation("GetQueueUrl", {
  callers: "open",

  authorize: ({ QueueName, QueueOwnerAWSAccountId }, context) =>
    onQueue("GetQueueUrl", pathOf(QueueName, QueueOwnerAWSAccountId), context),

  async handle({ QueueName, QueueOwnerAWSAccountId }, context) {
    const queue = await requireQueue(pathOf(QueueName, QueueOwnerAWSAccountId), context);
    return { QueueUrl: urlOf(queue, context) };
  },
});

function pathOf(name: string, owner: string | undefined): string {
  if (owner === undefined) return name;
  if (parseAccountId(owner) === undefined) throw queueNotFound();
  return `${owner}/${name}`;
}

export const listQueues = operation("ListQueues", {
  authorize: () => ({ action: "sqs:ListQueues", resource: "*" }),

  async handle({ QueueNamePrefix, NextToken: token, MaxResults: limit }, context) {
    if (token !== undefined && limit === undefined) throw missing("MaxResults");
    requirePageSize(limit);
    // no queue is called so
    if (QueueNamePrefix?.isWellFormed() === false) return {};
    const max = QUEUES_PER_PAGE_MAX;
    const { rows, next } = await page(context.tx, queues, {
      startsWith: QueueNamePrefix,
      token,
      limit,
      max,
      invalidToken,
    });
    const QueueUrls = rows.map((queue) => urlOf(queue, context));
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html (MaxResults)
    const isPaged = limit !== undefined && next !== undefined;
    return { ...(QueueUrls.length > 0 && { QueueUrls }), ...(isPaged && { NextToken: next }) };
  },
});

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html (MaxResults) */
function requirePageSize(limit: number | undefined): void {
  if (limit === undefined || (limit >= 1 && limit <= QUEUES_PER_PAGE_MAX)) return;
  throw invalidValue("MaxResults", limit, `Must be between 1 and ${QUEUES_PER_PAGE_MAX}, if provided.`);
}

export const deleteQueue = operation("DeleteQueue", {
  authorize: ({ QueueUrl }, context) => onOwnQueue("DeleteQueue", QueueUrl, context),

  async handle({ QueueUrl }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const tx = homeOf(queue, context.tx);
    tx.delete(queues, queue.name);
    tx.put(deleted, { name: queue.name, atMs: context.now().getTime() });
    await emptyLater(queue, context);
    return {};
  },
});

export const listDeadLetterSourceQueues = operation("ListDeadLetterSourceQueues", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("ListDeadLetterSourceQueues", QueueUrl, context),

  async handle({ QueueUrl, NextToken: token, MaxResults: limit }, context) {
    requirePageSize(limit);
    const queue = await requireQueue(QueueUrl, context);
    const tx = homeOf(queue, context.tx);
    const max = QUEUES_PER_PAGE_MAX;
    const found = await page(tx, queues, { token, limit, max, invalidToken });
    const sources: Queue[] = [];
    for (const row of found.rows) if (await isSource(row, queue, context)) sources.push(row);
    const { next } = found;
    const queueUrls = sources.map((source) => urlOf(source, context));
    return { queueUrls, ...(limit !== undefined && next !== undefined && { NextToken: next }) };
  },
});

async function isSource({ settings }: Queue, queue: Queue, context: Context): Promise<boolean> {
  const redrive = redriveOf(settings);
  return redrive !== undefined && (await findQueue(redrive.deadLetterTargetArn, context))?.id === queue.id;
}
