/** Analyzers: made, shown, changed, deleted. */
import type { AnalyzerConfiguration, AnalyzerSummary, Type } from "@aws-sdk/client-accessanalyzer";
import { addTags, type Tags } from "../../../kernel/tags.ts";
import type { InputOf } from "../../../service/sdk.ts";
import type { Context } from "../../../service/context.ts";
import { analyzedResources, lastAnalyses } from "../resource/row.ts";
import { analyzers, ANALYZERS_MAX, onAnalyzer, requireAnalyzer, typeOf, type Analyzer } from "./row.ts";
import { archiveRules } from "../archive-rule/row.ts";
import { putRule } from "../archive-rule/archive-rule.ts";
import { formatConfiguration, readUnusedAccess, requireNoConfiguration } from "./configuration.ts";
import { archiveRuleExists, analyzerExists, tooManyAnalyzers, unbuiltType, wrongAnalyzerType } from "../errors.ts";
import { requireRuleFilter } from "../filter.ts";
import { findings } from "../finding/row.ts";
import { arn, operation, type AccessAnalyzerSdk } from "../kit.ts";
import { ACCOUNT_ANALYZERS_MAX, ORGANIZATION_ANALYZERS_MAX } from "../limits.ts";
import { clearRows, listOf } from "../paging.ts";
import { refresh } from "./refresh.ts";
import { provideServiceRole } from "../service-role.ts";
import { TAG_ERRORS } from "../tag.ts";
import { forgetScan } from "../unused/scan.ts";
import { forgetAccounts, requireAdministrator, statusOf } from "./zone.ts";

/** What kind of analyzer each type is. Those of internal access are not part of this cloud. */
const KINDS: Readonly<Record<Type, Pick<Analyzer, "kind" | "zone"> | undefined>> = {
  ACCOUNT: { kind: "external", zone: "account" },
  ORGANIZATION: { kind: "external", zone: "organization" },
  ACCOUNT_UNUSED_ACCESS: { kind: "unused", zone: "account" },
  ORGANIZATION_UNUSED_ACCESS: { kind: "unused", zone: "organization" },
  ACCOUNT_INTERNAL_ACCESS: undefined,
  ORGANIZATION_INTERNAL_ACCESS: undefined,
};

export const createAnalyzer = operation("CreateAnalyzer", {
  authorize: ({ analyzerName, tags }, context) =>
    onAnalyzer("CreateAnalyzer", analyzerName, context, { requestTags: tags }),

  async handle(input, context) {
    const { analyzerName, tags = {}, archiveRules: rules = [] } = input;
    const analyzer = newAnalyzer(input, context);
    const known = await context.tx.get(analyzers, analyzerName);
    if (known && isRepeated(known, input)) return { arn: known.arn };
    if (known) throw analyzerExists(analyzerName);
    await requireRoom(analyzer, context);
    if (analyzer.zone === "organization") await requireAdministrator(context);
    await provideServiceRole(context);
    const made = { ...analyzer, tags: addTags({}, tags, TAG_ERRORS) };
    context.tx.put(analyzers, made);
    addRules(made, rules, context);
    await refresh(made, context);
    return { arn: made.arn };
  },
});

type CreateInput = InputOf<AccessAnalyzerSdk, "CreateAnalyzer">;

/** @throws {AwsError} `ValidationException` */
function newAnalyzer(
  { analyzerName: name, type, configuration, clientToken }: CreateInput,
  context: Context,
): Analyzer {
  const kind = KINDS[type];
  if (kind === undefined) throw unbuiltType(type);
  const facts = {
    name,
    arn: arn(context, `analyzer/${name}`),
    account: context.account,
    region: context.region,
    zone: kind.zone,
    createdAtMs: context.now().getTime(),
    tags: {},
    ...(clientToken !== undefined && { clientToken }),
  };
  if (kind.kind === "unused") return { ...facts, kind: "unused", unusedAccess: readUnusedAccess(configuration, facts) };
  requireNoConfiguration(configuration);
  return { ...facts, kind: "external" };
}

/** A client that tried again. */
const isRepeated = (known: Analyzer, { clientToken, type }: CreateInput): boolean =>
  clientToken !== undefined && known.clientToken === clientToken && typeOf(known) === type;

/** @throws {AwsError} `ServiceQuotaExceededException` */
async function requireRoom({ name, kind, zone }: Analyzer, { tx }: Context): Promise<void> {
  const all = await tx.scan(analyzers, { limit: ANALYZERS_MAX });
  const alike = all.filter((other) => other.kind === kind && other.zone === zone);
  const max = zone === "account" ? ACCOUNT_ANALYZERS_MAX : ORGANIZATION_ANALYZERS_MAX;
  if (alike.length >= max) throw tooManyAnalyzers(name);
}

function addRules({ name, kind }: Analyzer, rules: NonNullable<CreateInput["archiveRules"]>, context: Context): void {
  const names = new Set<string>();
  for (const { ruleName, filter } of rules) {
    if (names.has(ruleName)) throw archiveRuleExists(ruleName);
    names.add(ruleName);
    requireRuleFilter(filter, kind);
    putRule({ analyzer: name, name: ruleName, filter }, context);
  }
}

export const getAnalyzer = operation("GetAnalyzer", {
  authorize: ({ analyzerName }, context) => onAnalyzer("GetAnalyzer", analyzerName, context),

  async handle({ analyzerName }, context) {
    const analyzer = await requireAnalyzer(analyzerName, context.tx);
    await refresh(analyzer, context);
    const configuration = formatConfiguration(analyzer);
    return { analyzer: { ...(await formatAnalyzer(analyzer, context)), ...(configuration && { configuration }) } };
  },
});

export const listAnalyzers = operation("ListAnalyzers", {
  authorize: () => ({ action: "access-analyzer:ListAnalyzers", resource: "*" }),

  async handle({ type, ...paging }, context) {
    const all = await context.tx.scan(analyzers, { limit: ANALYZERS_MAX });
    const asked = type === undefined ? all : all.filter((analyzer) => typeOf(analyzer) === type);
    const { rows, rest } = listOf(asked, paging, { orderOf: ({ name }) => [name] });
    return { analyzers: await Promise.all(rows.map((analyzer) => formatAnalyzer(analyzer, context))), ...rest };
  },
});

export const updateAnalyzer = operation("UpdateAnalyzer", {
  authorize: ({ analyzerName }, context) => onAnalyzer("UpdateAnalyzer", analyzerName, context),

  async handle({ analyzerName, configuration }, context) {
    const analyzer = await requireAnalyzer(analyzerName, context.tx);
    if (analyzer.kind !== "unused") throw wrongAnalyzerType("UpdateAnalyzer");
    const unusedAccess = readUnusedAccess(configuration, analyzer, analyzer.unusedAccess);
    const changed = { ...analyzer, unusedAccess };
    context.tx.put(analyzers, changed);
    const shown: AnalyzerConfiguration | undefined = formatConfiguration(changed);
    return shown === undefined ? {} : { configuration: shown };
  },
});

export const deleteAnalyzer = operation("DeleteAnalyzer", {
  authorize: ({ analyzerName }, context) => onAnalyzer("DeleteAnalyzer", analyzerName, context),

  async handle({ analyzerName }, { tx }) {
    await requireAnalyzer(analyzerName, tx);
    tx.delete(analyzers, analyzerName);
    tx.delete(lastAnalyses, analyzerName);
    forgetScan(analyzerName, tx);
    forgetAccounts(analyzerName, tx);
    await clearRows(tx, archiveRules, [analyzerName]);
    await clearRows(tx, findings, [analyzerName]);
    await clearRows(tx, analyzedResources, [analyzerName]);
    return {};
  },
});

async function formatAnalyzer(analyzer: Analyzer, context: Context): Promise<AnalyzerSummary> {
  const last = await context.tx.get(lastAnalyses, analyzer.name);
  const tags: Tags = analyzer.tags;
  return {
    arn: analyzer.arn,
    name: analyzer.name,
    type: typeOf(analyzer),
    createdAt: new Date(analyzer.createdAtMs),
    tags,
    ...(last && { lastResourceAnalyzed: last.resource, lastResourceAnalyzedAt: new Date(last.atMs) }),
    ...(await statusOf(analyzer, context)),
  };
}
