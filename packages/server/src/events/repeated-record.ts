/**
 * Records of one row, which say nothing of what the record before them says as well: a client that asks the same over and
 * over, or walks through a list, is written once.
 */
import type { BriefRecord, StoredQuestion, StoredRecord } from "./stored-record.ts";

/** A record of the setting, service and operation of the one before it; `questions` where they are not the same. */
type LikeBefore = Omit<BriefRecord, Shared> & { readonly [Each in Shared]?: BriefRecord[Each] | undefined } & {
  readonly like: "before";
};

type Shared = "setting" | "service" | "operation" | "questions";

export type LaidRecord = StoredRecord | LikeBefore;

export function withoutRepeats(records: readonly StoredRecord[]): readonly LaidRecord[] {
  return records.map((record, index) => {
    const before = records[index - 1];
    return before !== undefined && isBrief(before) && isBrief(record) ? laid(record, before) : record;
  });
}

/** @throws {TypeError} where the first is like another. */
export function withRepeats(laidRecords: readonly LaidRecord[]): readonly StoredRecord[] {
  const records: StoredRecord[] = [];
  for (const one of laidRecords) records.push("like" in one ? said(one, records.at(-1)) : one);
  return records;
}

const isBrief = (record: StoredRecord): record is BriefRecord => "setting" in record;

function laid(record: BriefRecord, before: BriefRecord): LaidRecord {
  const { setting, service, operation, questions } = record;
  const isLike = setting === before.setting && operation === before.operation && service === before.service;
  if (!isLike) return record;
  // members that are overwritten cost less than those that are left out
  return {
    ...record,
    like: "before",
    setting: undefined,
    service: undefined,
    operation: undefined,
    questions: areSame(questions, before.questions) ? undefined : questions,
  };
}

function said({ like: _how, ...own }: LikeBefore, before: StoredRecord | undefined): StoredRecord {
  if (before === undefined || !isBrief(before)) throw new TypeError("a record is like one that is not there");
  const { setting, service, operation, questions } = before;
  return { ...own, setting, service, operation, questions: own.questions ?? questions };
}

const areSame = (questions: readonly StoredQuestion[], others: readonly StoredQuestion[]): boolean =>
  questions.length === others.length && questions.every((question, index) => isSame(question, others[index]));

function isSame({ access, decision, owner }: StoredQuestion, other: StoredQuestion | undefined): boolean {
  if (other === undefined || owner !== other.owner || !areAlike(access, other.access)) return false;
  const { because } = other.decision;
  return (
    areAlike(decision, other.decision, "because") &&
    because.length === decision.because.length &&
    because.every((reason, index) => areAlike(reason, decision.because[index]))
  );
}

/** Whether they have the same members, all `but` one; what is an object itself has to be the same one. */
function areAlike<Members extends object>(one: Members, other: Members | undefined, but?: keyof Members): boolean {
  if (other === undefined) return false;
  for (const name in one) if (one[name] !== other[name] && name !== but) return false;
  for (const name in other) if (one[name] !== other[name] && name !== but) return false;
  return true;
}
