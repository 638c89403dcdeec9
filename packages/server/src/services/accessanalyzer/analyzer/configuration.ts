/** What an analyzer of unused access looks for, and what it leaves out. */
import type { AnalyzerConfiguration } from "@aws-sdk/client-accessanalyzer";
import type { InputOf } from "../../../service/sdk.ts";
import type { Analyzer, Exclusion, UnusedAccess } from "./row.ts";
import {
  accountIdsNotAllowed,
  configurationMismatch,
  invalidUnusedAccessAge,
  reservedTagKey,
  tooManyAccountIds,
} from "../errors.ts";
import type { AccessAnalyzerSdk } from "../kit.ts";
import { EXCLUDED_ACCOUNTS_MAX, UNUSED_ACCESS_AGE_DAYS } from "../limits.ts";

type Configuration = InputOf<AccessAnalyzerSdk, "CreateAnalyzer">["configuration"];

const USUAL: UnusedAccess = { ageDays: UNUSED_ACCESS_AGE_DAYS.usual, exclusions: [], hasRule: false };

/** @throws {AwsError} `ValidationException` */
export function requireNoConfiguration(configuration: Configuration): void {
  if (configuration !== undefined) throw configurationMismatch();
}

/**
 * What is left out of `configuration` stays as it is in `known`.
 *
 * @throws {AwsError} `ValidationException`
 */
export function readUnusedAccess(
  configuration: Configuration,
  analyzer: Pick<Analyzer, "zone" | "account">,
  known: UnusedAccess = USUAL,
): UnusedAccess {
  if (configuration === undefined) return known;
  const { unusedAccess } = configuration;
  if (unusedAccess === undefined) throw configurationMismatch();
  const { unusedAccessAge = known.ageDays, analysisRule } = unusedAccess;
  const { min, max } = UNUSED_ACCESS_AGE_DAYS;
  if (unusedAccessAge < min || unusedAccessAge > max) throw invalidUnusedAccessAge();
  const exclusions = analysisRule?.exclusions ?? known.exclusions;
  requireExclusions(exclusions, analyzer);
  return { ageDays: unusedAccessAge, exclusions, hasRule: analysisRule !== undefined || known.hasRule };
}

function requireExclusions(
  exclusions: readonly Exclusion[],
  { zone, account }: Pick<Analyzer, "zone" | "account">,
): void {
  const accountIds = exclusions.flatMap((exclusion) => exclusion.accountIds ?? []);
  if (accountIds.length > 0 && (zone === "account" || accountIds.includes(account))) throw accountIdsNotAllowed();
  if (accountIds.length > EXCLUDED_ACCOUNTS_MAX) throw tooManyAccountIds();
  const keys = exclusions.flatMap(({ resourceTags = [] }) => resourceTags.flatMap((tags) => Object.keys(tags)));
  const reserved = keys.find((key) => key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined) throw reservedTagKey(reserved);
}

/** External analyzers have none to show. */
export function formatConfiguration(analyzer: Analyzer): AnalyzerConfiguration | undefined {
  if (analyzer.kind !== "unused") return undefined;
  const { ageDays, exclusions, hasRule } = analyzer.unusedAccess;
  const shown = exclusions.map(({ accountIds, resourceTags }) => ({
    ...(accountIds && { accountIds: accountIds.slice() }),
    ...(resourceTags && { resourceTags: resourceTags.map((tags) => ({ ...tags })) }),
  }));
  return { unusedAccess: { unusedAccessAge: ageDays, ...(hasRule && { analysisRule: { exclusions: shown } }) } };
}
