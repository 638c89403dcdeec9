/**
 * Records of one row, which say nothing of what the record before them says as well: a client that asks the same over and
 * over, or walks through a list, is written once.
 */
import type { CallRecord } from "./call-record.ts";
import {
  isOfSetting,
  settingKey,
  storedRecord,
  wholeSecond,
  type BriefRecord,
  type SettingKey,
  type SettingKeeper,
  type StoredRecord,
} from "./stored-record.ts";

/** A record of the setting, service and operation of the one before it; `questions` where they are not the same. */
type LikeBefore = Omit<BriefRecord, Shared> & { readonly [Each in Shared]?: BriefRecord[Each] | undefined } & {
  readonly like: "before";
};

type Shared = "setting" | "service" | "operation" | "questions";

/** A record that has nothing else of its own: all that it shares is as before. */
type Repeat = readonly [requestId: string, atMs: number, parameters?: object];

export type LaidRecord = StoredRecord | LikeBefore | Repeat;

export const isRepeat = (record: LaidRecord | undefined): record is Repeat => Array.isArray(record);

/** A record that others can be like. */
interface Before {
  readonly record: CallRecord;
  readonly stored: BriefRecord;
  readonly key: SettingKey | undefined;
}

/** `texts` gives those of the day on which a record's call was decided. */
export function laidRecords(
  records: readonly CallRecord[],
  texts: (atMs: number) => SettingKeeper,
): readonly LaidRecord[] {
  let before: Before | undefined;
  return records.map((record) => {
    if (before !== undefined && repeats(record, before)) return repeatOf(record);
    const stored = storedRecord(record, texts);
    const laid = before !== undefined && isBrief(stored) ? layUpon(before, record, stored) : stored;
    before = isBrief(stored) ? { record, stored, key: settingKey(record, record.evidence) } : undefined;
    return laid;
  });
}

/** @throws {TypeError} where the first is like another. */
export function withRepeats(laid: readonly LaidRecord[]): readonly StoredRecord[] {
  const records: StoredRecord[] = [];
  for (const one of laid) records.push(said(one, records.at(-1)));
  return records;
}

const isBrief = (record: StoredRecord): record is BriefRecord => "setting" in record;

/** Told from the records as they came: to make what is stored of one costs more than all else here. */
function repeats(record: CallRecord, { record: before, key }: Before): boolean {
  const { evidence, service, operation, questions } = record;
  return (
    operation === before.operation &&
    service === before.service &&
    evidence !== undefined &&
    evidence.nowMs === before.evidence?.nowMs &&
    evidence.nowMs === wholeSecond(record.atMs) &&
    !saysMore(record) &&
    isOfSetting(settingKey(record, evidence), key) &&
    areSame(questions, before.questions)
  );
}

const saysMore = ({ response, additional, sharedEventId, vpcEndpointId, tls, error }: CallRecord): boolean =>
  (response ?? additional ?? sharedEventId ?? vpcEndpointId ?? tls ?? error) !== undefined;

const repeatOf = ({ requestId, atMs, parameters }: CallRecord): Repeat =>
  parameters === undefined ? [requestId, atMs] : [requestId, atMs, parameters];

function layUpon(before: Before, { questions }: CallRecord, stored: BriefRecord): LaidRecord {
  const { setting, service, operation } = before.stored;
  const isLike = stored.setting === setting && stored.operation === operation && stored.service === service;
  if (!isLike) return stored;
  // members that are overwritten cost less than those that are left out
  return {
    ...stored,
    like: "before",
    setting: undefined,
    service: undefined,
    operation: undefined,
    questions: areSame(questions, before.record.questions) ? undefined : stored.questions,
  };
}

function said(laid: LaidRecord, before: StoredRecord | undefined): StoredRecord {
  if (!isRepeat(laid) && !("like" in laid)) return laid;
  if (before === undefined || !isBrief(before)) throw new TypeError("a record is like one that is not there");
  const { setting, service, operation, questions } = before;
  if (isRepeat(laid)) {
    const [requestId, atMs, parameters] = laid;
    return { requestId, atMs, parameters, setting, service, operation, questions };
  }
  const { like: _how, ...own } = laid;
  return { ...own, setting, service, operation, questions: own.questions ?? questions };
}

/** Of what JSON can say: a member that is not there is `undefined`. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) return Array.isArray(other) && areSame(one, other);
  if (!isObject(one) || !isObject(other)) return false;
  for (const name in one) {
    const [mine, theirs] = [one[name], other[name]];
    if (mine !== theirs && !isSame(mine, theirs)) return false;
  }
  for (const name in other) if (other[name] !== undefined && one[name] === undefined) return false;
  return true;
}

/** By index: members of lists are found by name at many times the cost. */
function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => isSame(one, others[index]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
