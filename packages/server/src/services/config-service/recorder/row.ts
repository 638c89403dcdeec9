/** The one recorder of an account in a region. */
import type { ResourceType } from "@aws-sdk/client-config-service";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import { recorderMissing } from "../errors.ts";
import { configArn } from "../kit.ts";
import { GLOBAL_TYPES } from "../resource/kinds.ts";

export type Strategy = "ALL_SUPPORTED_RESOURCE_TYPES" | "INCLUSION_BY_RESOURCE_TYPES" | "EXCLUSION_BY_RESOURCE_TYPES";
export type Frequency = "CONTINUOUS" | "DAILY";

export interface Group {
  readonly strategy: Strategy;
  readonly includesGlobal: boolean;
  /** Those that are recorded, or those that are not. */
  readonly types: readonly ResourceType[];
}

export interface Recorder {
  readonly name: string;
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly roleArn: string;
  readonly group: Group;
  readonly frequency: Frequency;
  readonly overrides: readonly FrequencyOverride[];
  readonly tags: Tags;
  readonly isRecording: boolean;
  readonly startedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly status?: RecorderStatus;
}

export interface FrequencyOverride {
  readonly description?: string;
  readonly types: readonly ResourceType[];
  readonly frequency: Frequency;
}

interface RecorderStatus {
  readonly last: "Pending" | "Success" | "Failure";
  readonly atMs: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Of all regions, so that what is heard in one reaches those that record global types. */
export const recorders = table<Recorder>("config.recorder", "account", ({ region }) => [region]);

export const recorderArn = (recorder: Recorder): Arn =>
  configArn(recorder, `configuration-recorder/${recorder.name}/${recorder.id}`);

export const findRecorder = (tx: Transaction, region: Region): Promise<Recorder | undefined> =>
  tx.get(recorders, region);

/** More than one region has. */
const REGIONS_MAX = 100;

/** Those of all regions that record now. */
export async function runningRecorders(tx: Transaction): Promise<readonly Recorder[]> {
  return (await tx.scan(recorders, { limit: REGIONS_MAX })).filter(({ isRecording }) => isRecording);
}

/** @throws {AwsError} `NoAvailableConfigurationRecorderException` */
export async function requireRecorder(tx: Transaction, region: Region, what: string): Promise<Recorder> {
  const recorder = await findRecorder(tx, region);
  if (recorder === undefined) throw recorderMissing(what);
  return recorder;
}

const isAmong = (types: readonly string[], type: string): boolean => types.includes(type);

/** Whether the recorder has an eye on resources of the type. */
export function records({ group }: Recorder, type: string): boolean {
  const { strategy, types, includesGlobal } = group;
  if (strategy === "INCLUSION_BY_RESOURCE_TYPES") return isAmong(types, type);
  if (strategy === "EXCLUSION_BY_RESOURCE_TYPES") return !isAmong(types, type);
  return includesGlobal || !GLOBAL_TYPES.has(type);
}

export const frequencyOf = ({ overrides, frequency }: Recorder, type: string): Frequency =>
  overrides.find(({ types }) => isAmong(types, type))?.frequency ?? frequency;
