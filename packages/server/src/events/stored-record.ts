/**
 * Records as rows hold them. What thousands of calls of one client have in common, who it is and where it calls from,
 * is a text beside the records, kept once; and a decision does not say again what was asked.
 */
import type { Decision } from "../identity/decision.ts";
import type { KeptCall, KeptQuestion, TextName } from "../identity/evidence.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import type { CallRecord } from "./call-record.ts";

/** What the calls of a client have in common. */
interface Setting extends Pick<CallRecord, "account" | "region" | "sourceIp" | "userAgent" | "userIdentity"> {
  readonly evidence: Omit<KeptCall, "nowMs">;
}

/** `action` and `resource` where they are not those that were asked for. */
type StoredDecision = Omit<Decision, "action" | "resource"> & Partial<Pick<Decision, "action" | "resource">>;

interface StoredQuestion extends Omit<KeptQuestion, "decision"> {
  readonly decision: StoredDecision;
}

/** A record that says all of itself. */
interface WholeRecord extends Omit<CallRecord, "questions"> {
  readonly questions: readonly StoredQuestion[];
}

/** A record that names its `Setting`. */
interface BriefRecord extends Omit<WholeRecord, keyof Setting> {
  readonly setting: TextName;
  readonly nowMs: number;
}

export type StoredRecord = WholeRecord | BriefRecord;

/** Compared part by part: putting them together for each call would cost more. */
export type SettingKey = readonly [first: string, ...rest: unknown[]];

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
  const questions = record.questions.map(storedQuestion);
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
    nowMs: evidence?.nowMs ?? record.atMs,
  };
}

/** `undefined`: the record has to say it itself. What is peculiar to a call is no setting, nor what is not in the store yet. */
function settingName(record: CallRecord, evidence: KeptCall, texts: SettingKeeper): TextName | undefined {
  const { account, region, sourceIp, userAgent, userIdentity } = record;
  const { caller, origin, calling, endpointPolicy } = evidence;
  const { type, arn, accessKeyId, identityProvider } = userIdentity;
  if (accessKeyId === undefined || identityProvider !== undefined) return undefined;
  if (calling !== undefined || endpointPolicy !== undefined) return undefined;
  if (origin.referer !== undefined || origin.endpoint !== undefined) return undefined;
  // the caller's text says all the rest of who it is
  const key: SettingKey = [
    caller,
    accessKeyId,
    type,
    arn,
    account,
    region,
    sourceIp,
    origin.secureTransport,
    userAgent,
  ];
  return texts.lasting(key, () => {
    const { nowMs: _own, ...common } = evidence;
    const setting: Setting = { account, region, sourceIp, userAgent, userIdentity, evidence: common };
    return JSON.stringify(setting);
  });
}

function storedQuestion({ access, decision: made, owner }: KeptQuestion): StoredQuestion {
  const { action, resource, decision, because, remedies } = made;
  const isAsked = action === access.action && resource === access.resource;
  return { access, decision: isAsked ? { decision, because, remedies } : made, owner };
}

/** What a service has to say besides was among its own facts when its calls had nothing of the kind. */
function besides({ additional, own }: Pick<CallRecord, "additional" | "own">): Pick<CallRecord, "additional"> {
  if (additional !== undefined || own === undefined || !("additional" in own)) return {};
  return typeof own.additional === "object" && own.additional !== null ? { additional: own.additional } : {};
}

/** How many settings are remembered at the least. */
const REMEMBERED_MAX = 2000;

/** A call whose setting was lost: nobody can tell any more whose it was. */
const LOST = { account: "", region: "", sourceIp: "", userIdentity: { type: "Unknown" } } as const;

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
    for (const { questions, ...record } of stored) {
      const own = { ...record, ...besides(record), questions: questions.map(keptQuestion) };
      if (!("setting" in own)) records.push(own);
      else
        records.push(recordIn(this.#settings.get(own.setting) ?? (await this.#setting(own.setting, own.nowMs)), own));
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

type Read<Stored extends StoredRecord> = Omit<Stored, "questions"> & Pick<CallRecord, "questions">;

function recordIn(setting: Setting | undefined, { setting: _name, nowMs, ...record }: Read<BriefRecord>): CallRecord {
  if (setting === undefined) return { ...LOST, ...record };
  return { ...setting, ...record, evidence: { ...setting.evidence, nowMs } };
}

const keptQuestion = ({ decision, ...asked }: StoredQuestion): KeptQuestion => ({
  ...asked,
  decision: { action: asked.access.action, resource: asked.access.resource, ...decision },
});
