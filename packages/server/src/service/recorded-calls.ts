import type { CallRecord } from "../events/call-record.ts";

/** A call that was made, with every question it put to IAM and the answers. */
export type RecordedCall = CallRecord;

/** Which calls: those for which everything that is given holds. */
export interface RecordedQuery {
  /** Begun at this virtual time or later. */
  readonly sinceMs: number;
  /** Begun before this virtual time. */
  readonly untilMs: number;
  /** Made in this account. */
  readonly account?: string | undefined;
  /** Made in this account, or about something that it owns. */
  readonly concerning?: string | undefined;
  /** Made by this user or root, or in any session of this role, by ARN. */
  readonly principalArn?: string | undefined;
  /** Where the page before ended. */
  readonly after?: RecordedPlace | undefined;
  /** The oldest come first where left out. */
  readonly newestFirst?: true | undefined;
  /** How many calls a page has, about: 1,000 where left out. */
  readonly limit?: number | undefined;
}

/** A place in the order of records: plain JSON, good for as long as the records are. */
export type RecordedPlace = readonly [atMs: number, id: string];

export interface RecordedPage {
  /** About in the order in which they began. Fewer than asked for, or none, where a stretch of records holds no others. */
  readonly calls: readonly RecordedCall[];
  /** Present where there may be more. */
  readonly next?: RecordedPlace;
}

/**
 * Calls as they are on record, for services that draw conclusions from what happened. A read of its own: it sees what
 * ended so far, and is no part of the transaction that asks.
 */
export interface RecordedCalls {
  find(query: RecordedQuery): Promise<RecordedPage>;
  /** Those that were written together; `key` is what the job `heard` of CloudTrail gets. */
  batch(key: string): Promise<readonly RecordedCall[]>;
}
