/** The rows of topics, and their finders. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import {
  formatArn,
  asRegion,
  parseAccountId,
  parseArn,
  type AccountId,
  type Arn,
  type Region,
} from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { arnTooShort, invalid, missing, topicNotFound } from "../errors.ts";

export interface Topic {
  /** Its own alone: one that is made again under the name has another. */
  readonly id: string;
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  /** Attributes that were set, by name, as they are read back; the policy apart. */
  readonly settings: Settings;
  readonly policy?: PinnedPolicy;
  /** The text of its data protection policy. */
  readonly protection?: string;
  readonly tags: Tags;
}

export type Settings = Readonly<Record<string, string>>;

export const topics = table<Topic>("sns.topic", "region", ({ name }) => [name]);

/** Where an ARN says that something is. */
export interface Place {
  readonly arn: Arn;
  readonly partition: string;
  readonly account: AccountId;
  readonly region: Region;
  /** What follows the account: the name of a topic. */
  readonly resource: string;
  /** Sees that account and region. */
  readonly tx: Transaction;
}

/** Of a topic's ARN; a subscription's has more. */
export const ARN_ELEMENTS = 6;

/** Where `arn` points to, in the region of the call. @throws {AwsError} `InvalidParameter` */
export function placeOf(arn: string | undefined, parameter: string, context: Pick<Context, "region" | "tx">): Place {
  if (arn === undefined) throw missing(parameter);
  const elements = arn.split(":").length;
  if (elements < ARN_ELEMENTS) throw arnTooShort(parameter, elements);
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  const isHere = parts?.service === "sns" && parts.region === context.region;
  if (parts === undefined || account === undefined || !isHere) throw invalid(parameter);
  const region = asRegion(parts.region);
  const { partition, resource } = parts;
  return { arn: formatArn(parts), partition, account, region, resource, tx: context.tx.in({ account, region }) };
}

export const topicAt = ({ resource, tx }: Place): Promise<Topic | undefined> => tx.get(topics, resource);

/** @throws {AwsError} `InvalidParameter`, `NotFound` */
export async function requireTopic(
  arn: string | undefined,
  context: Pick<Context, "region" | "tx">,
  parameter = "TopicArn",
): Promise<Topic> {
  const topic = await topicAt(placeOf(arn, parameter, context));
  if (topic === undefined) throw topicNotFound();
  return topic;
}

export const arnOf = ({ partition, region, account, name }: Omit<Topic, "id">): Arn =>
  formatArn({ partition, service: "sns", region, account, resource: name });
/** The transaction, where the topic's rows are. */
export const homeOf = ({ account, region }: Pick<Topic, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });
export const isFifo = ({ name }: Pick<Topic, "name">): boolean => name.endsWith(".fifo");

/** A topic of which only rows may be left. */
export type Gone = Pick<Topic, "id" | "account" | "region">;

/** The key of a job for its rows, and what such a key says. */
export const goneKey = ({ account, region, id }: Gone): string => [account, region, id].join("/");

export function goneOf(key: string): Gone | undefined {
  const [owner = "", region = "", id = ""] = key.split("/");
  const account = parseAccountId(owner);
  return account && { id, account, region: asRegion(region) };
}
