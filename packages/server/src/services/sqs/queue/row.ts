/** The rows of queues, and their finders. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { queueNotFound } from "../errors.ts";
import { queueArn } from "../kit.ts";

export interface Queue {
  /** Its own alone: one that is made again under the name has another. */
  readonly id: string;
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** Attributes that can be set, by name, as they are read back; the policy apart. */
  readonly settings: Settings;
  readonly policy?: PinnedPolicy;
  readonly tags: Tags;
  readonly purgedAtMs?: number;
}

export type Settings = Readonly<Record<string, string>>;

export const queues = table<Queue>("sqs.queue", "region", ({ name }) => [name]);

/** Where a URL says that a queue is. */
export interface QueuePlace {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly tx: Transaction;
}

/** A queue's URL ends with its owner and its name; of the caller's own the name alone will do. */
export function placeOf(url: string, context: Pick<Context, "account" | "region" | "partition" | "tx">): QueuePlace {
  const path = url.endsWith("/") ? url.slice(0, -1) : url;
  const cut = path.lastIndexOf("/");
  const name = path.slice(cut + 1);
  const owner = cut < 0 ? "" : path.slice(path.lastIndexOf("/", cut - 1) + 1, cut);
  const account = parseAccountId(owner) ?? context.account;
  const { region, partition } = context;
  return { name, account, region, partition, tx: context.tx.in({ account, region }) };
}

/** No queue is called by a name that holds half of a character. */
export const queueOf = async ({ name, tx }: QueuePlace): Promise<Queue | undefined> =>
  name.isWellFormed() ? tx.get(queues, name) : undefined;

/** @throws {AwsError} `QueueDoesNotExist` */
export async function requireQueue(url: string, context: Context): Promise<Queue> {
  const queue = await queueOf(placeOf(url, context));
  if (queue === undefined) throw queueNotFound();
  return queue;
}

/** The queue of that ARN, in the region of the call. */
export async function findQueue(
  arn: string,
  { tx, region }: Pick<Context, "tx" | "region">,
): Promise<Queue | undefined> {
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  if (parts?.service !== "sqs" || parts.region !== region || account === undefined) return undefined;
  return queueOf({ ...parts, name: parts.resource, account, region, tx: tx.in({ account, region }) });
}

export const arnOf = (queue: Queue): Arn => queueArn(queue, queue.name);
/** The transaction, where the queue's rows are. */
export const homeOf = ({ account, region }: Queue, tx: Transaction): Transaction => tx.in({ account, region });
export const urlOf = ({ account, name }: Pick<Queue, "account" | "name">, { request }: Context): string =>
  `${request.endpoint}/${account}/${name}`;
export const isFifo = ({ name }: Pick<Queue, "name">): boolean => name.endsWith(".fifo");
/** A setting that is a number of something. */
export const numberOf = ({ settings }: Queue, name: string): number => Number(settings[name]);
