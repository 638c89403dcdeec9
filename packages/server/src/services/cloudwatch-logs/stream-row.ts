/** The rows of log streams, and their finders. */
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { streamNotFound } from "./errors.ts";
import { homeOf, type LogGroup } from "./group-row.ts";

export interface LogStream {
  readonly group: string;
  readonly name: string;
  /** Its own alone: one that is made again under the name has another. */
  readonly id: string;
  readonly createdAtMs: number;
}

export const streams = table<LogStream>("cloudwatch-logs.stream", "region", ({ group, name }) => [group, name]);

/** What changes with every event. */
export interface Tail {
  readonly group: string;
  readonly stream: string;
  /** Of the newest chunk. */
  readonly sequence: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly ingestedMs: number;
}

export const tails = table<Tail>("cloudwatch-logs.tail", "region", ({ group, stream }) => [group, stream]);

/** Streams by their last event. */
export interface Recency {
  readonly group: string;
  readonly lastMs: number;
  readonly name: string;
}

export const recencies = table<Recency>("cloudwatch-logs.recency", "region", ({ group, lastMs, name }) => [
  group,
  lastMs,
  name,
]);

/** Where a stream without events stands. */
export const NEVER_MS = 0;

export const tailOf = ({ group, id }: LogStream, tx: Transaction): Promise<Tail | undefined> =>
  tx.get(tails, group, id);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireStream(name: string, group: LogGroup, { tx }: Pick<Context, "tx">): Promise<LogStream> {
  const stream = await homeOf(group, tx).get(streams, group.id, name);
  if (stream === undefined) throw streamNotFound();
  return stream;
}

/**
 * Nobody has to give it back.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html (nextSequenceToken)
 */
export function uploadToken(id: string): string {
  const digits = BigInt(`0x${id.replaceAll("-", "")}`).toString();
  return `49${digits.padStart(54, "0")}`;
}
