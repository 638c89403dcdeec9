/** The rows of functions and their versions, and their finders. */
import type { ApplicationLogLevel, Architecture, Runtime, SystemLogLevel } from "@aws-sdk/client-lambda";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { BlobRef } from "../../../service/context.ts";
import { functionNotFound } from "../errors.ts";
import { arnOf, functionArn, LATEST, type FunctionPlace } from "./name.ts";

/** What a function is at a time: `$LATEST`, or a version that stays as it is. */
export interface Configuration {
  readonly version: string;
  readonly role: string;
  readonly runtime: Runtime;
  readonly handler: string;
  readonly code: Code;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly ephemeralMb: number;
  readonly environment?: Environment;
  readonly kmsKeyArn?: string;
  readonly deadLetterArn?: string;
  readonly tracing: "Active" | "PassThrough";
  readonly layers: readonly LayerUse[];
  readonly architecture: Architecture;
  readonly logging: Logging;
  readonly snapStart: "None" | "PublishedVersions";
  readonly vpc?: Vpc;
  readonly fileSystems?: readonly { readonly Arn: string; readonly LocalMountPath: string }[];
  /** What instances are made of has its own: unlike the revision, it outlives tags and publishing. */
  readonly generation: string;
  readonly revisionId: string;
  readonly modifiedAtMs: number;
}

/**
 * Whether its instances come out of a snapshot.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html (published versions, and not $LATEST)
 */
export const hasSnapshot = ({ snapStart, version }: Pick<Configuration, "snapStart" | "version">): boolean =>
  snapStart === "PublishedVersions" && version !== LATEST;

export interface Code {
  readonly blob: BlobRef;
  /** Base64. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Sealed under the cloud's key, or encrypted with the function's own. */
export interface Environment {
  readonly kind: "sealed" | "kms";
  readonly text: string;
}

export interface LayerUse {
  readonly arn: string;
  readonly bytes: number;
}

export interface Logging {
  readonly format: "JSON" | "Text";
  readonly applicationLevel?: ApplicationLogLevel;
  readonly systemLevel?: SystemLogLevel;
  /** The usual one where left out. */
  readonly group?: string;
}

export interface Vpc {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly ipv6: boolean;
}

/** A function as it is now, and what all its versions share. */
export interface LambdaFunction {
  /** Its own alone: one that is made again under the name has another. */
  readonly id: string;
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly latest: Configuration;
  /** The number of the version that was published last; 0: none was. */
  readonly published: number;
  readonly tags: Tags;
  readonly reservedConcurrency?: number;
  readonly recursion: "Allow" | "Terminate";
  readonly codeSigningArn?: string;
  readonly runtimeUpdate?: { readonly on: "Auto" | "FunctionUpdate" | "Manual"; readonly arn?: string };
}

export interface PublishedVersion extends Configuration {
  readonly name: string;
  readonly number: number;
  /** The function's own when it was published, where the version was given another. */
  readonly ownDescription: string;
}

export interface Alias {
  readonly name: string;
  readonly alias: string;
  readonly version: string;
  readonly description: string;
  /** Of calls, by version: the rest goes to `version`. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

export const functions = table<LambdaFunction>("lambda.function", "region", ({ name }) => [name]);
export const versions = table<PublishedVersion>("lambda.version", "region", ({ name, number }) => [name, number]);
export const aliases = table<Alias>("lambda.alias", "region", ({ name, alias }) => [name, alias]);

export const findFunction = ({ name, tx }: Pick<FunctionPlace, "name" | "tx">): Promise<LambdaFunction | undefined> =>
  tx.get(functions, name);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireFunction(place: FunctionPlace): Promise<LambdaFunction> {
  const found = await findFunction(place);
  if (found === undefined) throw functionNotFound(arnOf(place));
  return found;
}

/** What the qualifier means: the version itself, or the one that an alias names first. */
export interface Target {
  readonly function: LambdaFunction;
  readonly configuration: Configuration;
  readonly alias: Alias | undefined;
}

export const isNumber = (qualifier: string): boolean => /^\d+$/.test(qualifier);

export async function findVersion(
  of: LambdaFunction,
  version: string,
  tx: Transaction,
): Promise<Configuration | undefined> {
  if (version === LATEST) return of.latest;
  return isNumber(version) ? tx.get(versions, of.name, Number(version)) : undefined;
}

export async function findTarget(place: FunctionPlace): Promise<Target | undefined> {
  const found = await findFunction(place);
  if (found === undefined) return undefined;
  const qualifier = place.qualifier ?? LATEST;
  const isAlias = qualifier !== LATEST && !isNumber(qualifier);
  const alias = isAlias ? await place.tx.get(aliases, found.name, qualifier) : undefined;
  if (isAlias && alias === undefined) return undefined;
  const configuration = await findVersion(found, alias?.version ?? qualifier, place.tx);
  return configuration && { function: found, configuration, alias };
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireTarget(place: FunctionPlace): Promise<Target> {
  const target = await findTarget(place);
  if (target === undefined) throw functionNotFound(arnOf(place));
  return target;
}

/** Unqualified: what belongs to the function as a whole goes by it. */
export const wholeArn = (of: LambdaFunction): Arn => functionArn(of);

/** The usual log group of a function. Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
export const logGroupOf = (name: string, { group }: Logging): string => group ?? `/aws/lambda/${name}`;
