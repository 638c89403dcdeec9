/** The rows of parameters and of their versions. */
import type { PinnedPolicy } from "../../identity/directory.ts";
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { parameterNotFound } from "./errors.ts";
import { parameterArn } from "./kit.ts";
import { VERSIONS_MAX } from "./limits.ts";
import type { LifecyclePolicy } from "./lifecycle-policy.ts";
import { parseName } from "./parameter-name.ts";

export type ParameterKind = "String" | "StringList" | "SecureString";
export type ParameterTier = "Standard" | "Advanced";

/** What a new version may change. */
interface Described {
  readonly type: ParameterKind;
  readonly tier: ParameterTier;
  readonly dataType: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly policies?: readonly LifecyclePolicy[];
  /** As it was named. */
  readonly keyId?: string;
  readonly version: number;
  readonly modifiedAtMs: number;
  /** An ARN. */
  readonly modifiedBy: string;
}

/** A parameter as its newest version is; the value apart. */
export interface Parameter extends Described {
  /** The name with the slash that it may be written without. */
  readonly key: string;
  /** As it was written first. */
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly tags: Tags;
  readonly oldestVersion: number;
  /** Versions by their labels. */
  readonly labels: Readonly<Record<string, number>>;
  readonly sharing?: SharingPolicy;
}

export interface SharingPolicy {
  readonly id: string;
  readonly policy: PinnedPolicy;
}

export interface ParameterVersion extends Described {
  readonly key: string;
  readonly value: string;
}

export const parameters = table<Parameter>("ssm.parameter", "region", ({ key }) => [key]);
const versions = table<ParameterVersion>("ssm.parameter-version", "region", ({ key, version }) => [key, version]);

export const arnOf = (parameter: Pick<Parameter, "partition" | "region" | "account" | "key">): Arn =>
  parameterArn(parameter, parameter.key);
export const homeOf = ({ account, region }: Pick<Parameter, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });

/** The parameter that a call names, in whichever version. */
export async function findParameter(name: string, context: Context): Promise<Parameter | undefined> {
  const named = parseName(name, context);
  return named.isImpossible === true ? undefined : homeOf(named, context.tx).get(parameters, named.key);
}

/** @throws {AwsError} `ParameterNotFound` */
export async function requireParameter(name: string, context: Context): Promise<Parameter> {
  const parameter = await findParameter(name, context);
  if (parameter === undefined) throw parameterNotFound(name);
  return parameter;
}

export const findVersion = (parameter: Parameter, version: number, tx: Transaction) =>
  homeOf(parameter, tx).get(versions, parameter.key, version);

interface VersionRange {
  readonly after?: number | undefined;
  readonly limit: number;
}

/** The oldest first. */
export const versionsOf = (parameter: Parameter, { after, limit }: VersionRange, tx: Transaction) =>
  homeOf(parameter, tx).scan(versions, {
    prefix: [parameter.key],
    after: after === undefined ? undefined : [parameter.key, after],
    limit,
  });

export function putParameterRow(parameter: Parameter, tx: Transaction): void {
  homeOf(parameter, tx).put(parameters, parameter);
}

export function putVersion(version: ParameterVersion, parameter: Parameter, tx: Transaction): void {
  homeOf(parameter, tx).put(versions, version);
}

export function deleteVersion(parameter: Parameter, version: number, tx: Transaction): void {
  homeOf(parameter, tx).delete(versions, parameter.key, version);
}

export async function deleteParameterRow(parameter: Parameter, tx: Transaction): Promise<void> {
  const home = homeOf(parameter, tx);
  home.delete(parameters, parameter.key);
  await home.clear(versions, { prefix: [parameter.key], limit: VERSIONS_MAX * 2 });
}

export const labelsOf = ({ labels }: Parameter, version: number): string[] =>
  Object.keys(labels)
    .filter((label) => labels[label] === version)
    .toSorted();
