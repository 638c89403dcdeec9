/** Analyzers as rows, and how they are found. */
import type { Type } from "@aws-sdk/client-accessanalyzer";
import { parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { analyzerNotFound } from "../errors.ts";
import { arn, type AccessAnalyzerAction } from "../kit.ts";

/** What an analyzer of unused access leaves out. */
export interface Exclusion {
  readonly accountIds?: readonly string[] | undefined;
  /** Any of these sets of tags, met as a whole. */
  readonly resourceTags?: readonly Tags[] | undefined;
}

export interface UnusedAccess {
  readonly ageDays: number;
  readonly exclusions: readonly Exclusion[];
  /** Whether exclusions were ever given: they are shown then. */
  readonly hasRule: boolean;
}

interface Facts {
  readonly name: string;
  readonly arn: Arn;
  readonly account: AccountId;
  readonly region: Region;
  /** Whether its zone of trust is the account or the account's organization. */
  readonly zone: "account" | "organization";
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** Of the call that made it: the same call again makes no other. */
  readonly clientToken?: string;
}

export type ExternalAnalyzer = Facts & { readonly kind: "external" };
export type UnusedAnalyzer = Facts & { readonly kind: "unused"; readonly unusedAccess: UnusedAccess };
export type Analyzer = ExternalAnalyzer | UnusedAnalyzer;

export const analyzers = table<Analyzer>("accessanalyzer.analyzer", "region", ({ name }) => [name]);

/** Only a few can be in one region. */
export const ANALYZERS_MAX = 100;

export function typeOf({ kind, zone }: Pick<Analyzer, "kind" | "zone">): Type {
  if (kind === "external") return zone === "account" ? "ACCOUNT" : "ORGANIZATION";
  return zone === "account" ? "ACCOUNT_UNUSED_ACCESS" : "ORGANIZATION_UNUSED_ACCESS";
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireAnalyzer(name: string, tx: Transaction): Promise<Analyzer> {
  const analyzer = await tx.get(analyzers, name);
  if (!analyzer) throw analyzerNotFound(name);
  return analyzer;
}

/** @throws {AwsError} `ResourceNotFoundException`, also for one of another account or region. */
export async function requireAnalyzerOf(analyzerArn: string, context: Context): Promise<Analyzer> {
  const analyzer = await context.tx.get(analyzers, nameIn(analyzerArn));
  if (analyzer?.arn !== analyzerArn) throw analyzerNotFound(analyzerArn);
  return analyzer;
}

const nameIn = (analyzerArn: string): string => parseArn(analyzerArn)?.resource.split("/")[1] ?? "";

/** The question whether the caller may do that to the analyzer of that name, be there one or not. */
export async function onAnalyzer(
  action: AccessAnalyzerAction,
  name: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> {
  const analyzer = await context.tx.get(analyzers, name);
  return {
    action: `access-analyzer:${action}`,
    resource: arn(context, `analyzer/${name}`),
    resourceTags: analyzer?.tags,
    ...more,
  };
}

/** The same for the analyzer of that ARN. */
export const onAnalyzerOf = (
  action: AccessAnalyzerAction,
  analyzerArn: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> => onAnalyzer(action, nameIn(analyzerArn), context, more);
