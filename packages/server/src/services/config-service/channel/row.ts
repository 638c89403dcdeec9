/** Where configuration goes: a bucket and a topic. One of an account in a region. */
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

export interface Channel {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly bucket: string;
  /** Where the bucket is, unless it is in the channel's own region. */
  readonly bucketRegion?: Region;
  readonly prefix?: string;
  readonly kmsKeyArn?: string;
  readonly topicArn?: Arn;
  /** How often a snapshot is delivered. */
  readonly frequency?: SnapshotFrequency;
  readonly snapshot?: DeliveryAttempt;
  readonly history?: DeliveryAttempt;
}

export type SnapshotFrequency = "One_Hour" | "Three_Hours" | "Six_Hours" | "Twelve_Hours" | "TwentyFour_Hours";

export interface DeliveryAttempt {
  readonly atMs: number;
  readonly succeededAtMs?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export const channels = table<Channel>("config.channel", "region", () => []);

export const findChannel = (tx: Transaction): Promise<Channel | undefined> => tx.get(channels);

const HOURS: Readonly<Record<SnapshotFrequency, number>> = {
  One_Hour: 1,
  Three_Hours: 3,
  Six_Hours: 6,
  Twelve_Hours: 12,
  TwentyFour_Hours: 24,
};

export const hoursOf = (frequency: SnapshotFrequency): number => HOURS[frequency];
