/**
 * Records as rows hold them. What thousands of calls of one client have in common, who it is and where it calls from,
 * is a text beside the records, kept once; and a decision does not say again what was asked.
 */
import type { Decision } from "../identity/decision.ts";
import type { KeptAccess, KeptCall, KeptQuestion, TextName } from "../identity/evidence.ts";
import { parseAccountId, type AccountId } from "../kernel/arn.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { NOWHERE } from "../kernel/table.ts";
import type { CallRecord } from "./call-record.ts";

/** What the calls of a client have in common. */
interface Setting extends Pick<CallRecord, "account" | "region" | "sourceIp" | "userAgent" | "userIdentity"> {
  readonly evidence: Omit<KeptCall, "nowMs">;
}

/** `action` and `resource` where they are not those that were asked for. */
type StoredDecision = Omit<Decision, "action" | "resource"> & Partial<Pick<Decision, "action" | "resource">>;

/** `action` where it is not named as the operation is, `owner` where it is not the caller's account; nothing that is empty. */
type StoredAccess = Omit<KeptAccess, "action" | "owner"> & {
  readonly action?: string | undefined;
  readonly owner?: AccountId | undefined;
};

export interface StoredQuestion extends Omit<KeptQuestion, "access" | "decision"> {
  readonly access: StoredAccess;
  readonly decision: StoredDecision;
}

/** A record that says all of itself. */
interface WholeRecord extends Omit<CallRecord, "questions"> {
  readonly questions: readonly StoredQuestion[];
}

/** A record that names its `Setting`. */
export interface BriefRecord extends Omit<WholeRecord, keyof Setting> {
  readonly setting: TextName;
  /** Where it is not the whole second of `atMs`. */
  readonly nowMs?: number | undefined;
}

export type StoredRecord = WholeRecord | BriefRecord;

/** Compared part by part: putting them together for each call would cost more. */
export type SettingKey = readonly [first: string, ...rest: unknown[]];

/** Whether both are keys, of one setting. */
export const isOfSetting = (one: SettingKey | undefined, other: SettingKey | undefined): boolean =>
  one !== undefined && one.every((part, index) => part === other?.[index]);

/** Keeps the texts of one day. */
export interface SettingKeeper {
  /**
   * The name of the text that `key` stands for, made where it is not known. `undefined` until it is in the store: what
   * cannot be read without it must not lie there before. The first part of a key tells most of them apart.
   */
  lasting(key: SettingKey, make: () => string): TextName | undefined;
}

/** `texts` gives those of the day on which the record's call was decided. */
export function storedRecord(record: CallRecord, texts: (atMs: number) => SettingKeeper): StoredRecord {
  const { evidence } = record;
  const usualAction = usualActionOf(record);
  const questions = record.questions.map((question) => storedQuestion(question, usualAction, record.account));
  const setting = evidence && settingName(record, evidence, texts(evidence.nowMs));
  if (setting === undefined) return { ...record, questions };
  // one by one: this is made for every call, and copying what is left of an object costs more than all else here
  return {
    requestId: record.requestId,
    atMs: record.atMs,
    service: record.service,
    operation: record.operation,
    parameters: record.parameters,
    response: record.response,
    additional: record.additional,
    sharedEventId: record.sharedEventId,
    vpcEndpointId: record.vpcEndpointId,
    tls: record.tls,
    error: record.error,
    questions,
    setting,
    nowMs: evidence?.nowMs === wholeSecond(record.atMs) ? undefined : evidence?.nowMs,
  };
}

const usualActionOf = ({ service, operation }: Pick<CallRecord, "service" | "operation">): string =>
  `${service}:${operation}`;

export const wholeSecond = (ms: number): number => ms - (ms % 1000);

/** `undefined`: the record has to say it itself. */
function settingName(record: CallRecord, evidence: KeptCall, texts: SettingKeeper): TextName | undefined {
  const key = settingKey(record, evidence);
  return (
    key &&
    texts.lasting(key, () => {
      const { account, region, sourceIp, userAgent, userIdentity } = record;
      const { nowMs: _own, ...common } = evidence;
      const setting: Setting = { account, region, sourceIp, userAgent, userIdentity, evidence: common };
      return JSON.stringify(setting);
    })
  );
}

/** `undefined`: what is peculiar to a call is no setting. */
export function settingKey(record: CallRecord, evidence: KeptCall | undefined): SettingKey | undefined {
  if (evidence === undefined) return undefined;
  const { account, region, sourceIp, userAgent, userIdentity } = record;
  const { caller, origin, calling, endpointPolicy } = evidence;
  const { type, arn, accessKeyId, identityProvider } = userIdentity;
  if (accessKeyId === undefined || identityProvider !== undefined) return undefined;
  if (calling !== undefined || endpointPolicy !== undefined) return undefined;
  if (origin.referer !== undefined || origin.endpoint !== undefined) return undefined;
  // the caller's text says all the rest of who it is
  return [caller, accessKeyId, type, arn, account, region, sourceIp, origin.secureTransport, userAgent];
}

function storedQuestion(
  { access, decision: made, owner }: KeptQuestion,
  usualAction: string,
  account: string,
): StoredQuestion {
  const { action, resource, decision, because, remedies } = made;
  const isAsked = action === access.action && resource === access.resource;
  return {
    access: {
      ...access,
      action: access.action === usualAction ? undefined : access.action,
      owner: access.owner === account ? undefined : access.owner,
      resourceTags: unlessEmpty(access.resourceTags),
      keys: unlessEmpty(access.keys),
    },
    decision: isAsked ? { decision, because, remedies } : made,
    owner,
  };
}

/** Members that are not there, too, are nothing. */
function unlessEmpty<Members extends object>(members: Members | undefined): Members | undefined {
  for (const name in members) if (members[name] !== undefined) return members;
  return undefined;
}

/** What a service has to say besides was among its own facts when its calls had nothing of the kind. */
function besides({ additional, own }: Pick<CallRecord, "additional" | "own">): Pick<CallRecord, "additional"> {
  if (additional !== undefined || own === undefined || !("additional" in own)) return {};
  return typeof own.additional === "object" && own.additional !== null ? { additional: own.additional } : {};
}

/** How many settings are remembered at the least. */
const REMEMBERED_MAX = 2000;

/** A call whose setting was lost: nobody can tell any more whose it was. */
const LOST: CommonFacts = { account: "", region: "", sourceIp: "", userIdentity: { type: "Unknown" } };

/** From rows back to records. */
export class RecordReader {
  readonly #find: (name: TextName, atMs: number) => Promise<string | undefined>;
  readonly #settings = new BoundedCache<TextName, Setting>(REMEMBERED_MAX);

  /** `find` gives a text of the day of `atMs`. */
  constructor(find: (name: TextName, atMs: number) => Promise<string | undefined>) {
    this.#find = find;
  }

  async read(stored: readonly StoredRecord[]): Promise<readonly CallRecord[]> {
    const records: CallRecord[] = [];
    for (const one of stored) {
      if (!("setting" in one)) records.push(wholeRecord(one));
      else {
        const nowMs = one.nowMs ?? wholeSecond(one.atMs);
        const setting = this.#settings.get(one.setting) ?? (await this.#setting(one.setting, nowMs));
        records.push(briefRecord(one, setting && { ...setting, evidence: { ...setting.evidence, nowMs } }));
      }
    }
    return records;
  }

  async #setting(name: TextName, atMs: number): Promise<Setting | undefined> {
    const text = await this.#find(name, atMs);
    if (text === undefined) return undefined;
    const setting: Setting = JSON.parse(text);
    this.#settings.set(name, setting);
    return setting;
  }
}

const wholeRecord = (record: WholeRecord): CallRecord => ({
  ...record,
  ...besides(record),
  questions: record.questions.map((question) => keptQuestion(question, record)),
});

type CommonFacts = Omit<Setting, "evidence"> & Pick<CallRecord, "evidence">;

function briefRecord({ setting: _name, nowMs: _own, ...record }: BriefRecord, common: CommonFacts = LOST): CallRecord {
  const call = { service: record.service, operation: record.operation, account: common.account };
  const questions = record.questions.map((question) => keptQuestion(question, call));
  return { ...common, ...record, ...besides(record), questions };
}

function keptQuestion(
  { access, decision, ...asked }: StoredQuestion,
  call: Pick<CallRecord, "service" | "operation" | "account">,
): KeptQuestion {
  const { action = usualActionOf(call), owner = parseAccountId(call.account) ?? NOWHERE.account, ...rest } = access;
  return {
    ...asked,
    access: { ...rest, action, owner },
    decision: { action, resource: access.resource, ...decision },
  };
}
