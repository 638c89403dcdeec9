/** Findings: listed, shown, archived and taken back out of the archive. */
import type { FindingSummary, FindingSummaryV2, SortCriteria } from "@aws-sdk/client-accessanalyzer";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { onAnalyzerOf, requireAnalyzerOf, type Analyzer } from "../analyzer/row.ts";
import { findingNotFound, idsOrResource, unknownSortKey, wrongAnalyzerType } from "../errors.ts";
import { matchesFilter, requireFilter, type Filter } from "../filter.ts";
import { formatAccess, formatDetails } from "./details.ts";
import { findings, findingsOf, propertyOf, typeOfFinding, type Finding } from "./row.ts";
import { operation } from "../kit.ts";
import { listOf, type Listing, type Paging } from "../paging.ts";
import { refresh } from "../analyzer/refresh.ts";

export const listFindings = operation("ListFindings", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ListFindings", analyzerArn, context),

  async handle({ analyzerArn, ...query }, context) {
    const analyzer = await requireExternal(analyzerArn, "ListFindings", context);
    const { rows, rest } = await found(analyzer, query, context);
    return { findings: rows.flatMap((finding) => formatExternal(finding) ?? []), ...rest };
  },
});

export const listFindingsV2 = operation("ListFindingsV2", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ListFindings", analyzerArn, context),

  async handle({ analyzerArn, ...query }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    const { rows, rest } = await found(analyzer, query, context);
    return { findings: rows.map(formatSummary), ...rest };
  },
});

export const getFinding = operation("GetFinding", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetFinding", analyzerArn, context),

  async handle({ analyzerArn, id }, context) {
    const analyzer = await requireExternal(analyzerArn, "GetFinding", context);
    const finding = formatExternal(await requireFinding(analyzer, id, context));
    if (finding === undefined) throw findingNotFound(id);
    return { finding };
  },
});

export const getFindingV2 = operation("GetFindingV2", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetFinding", analyzerArn, context),

  async handle({ analyzerArn, id, ...paging }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    const finding = await requireFinding(analyzer, id, context);
    const details = formatDetails(finding.detail).map((detail, at) => ({ detail, order: String(at).padStart(6, "0") }));
    const { rows, rest } = listOf(details, paging, { orderOf: ({ order }) => [order] });
    return { ...formatSummary(finding), findingDetails: rows.map(({ detail }) => detail), ...rest };
  },
});

export const updateFindings = operation("UpdateFindings", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("UpdateFindings", analyzerArn, context),

  async handle({ analyzerArn, ids, resourceArn, status }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    if ((ids === undefined) === (resourceArn === undefined)) throw idsOrResource();
    await refresh(analyzer, context);
    const all = await findingsOf(analyzer.name, context.tx);
    const unknown = ids?.find((id) => !all.some((finding) => finding.id === id));
    if (unknown !== undefined) throw findingNotFound(unknown);
    const updatedAtMs = context.now().getTime();
    for (const finding of all) {
      const isMeant = ids === undefined ? finding.resource === resourceArn : ids.includes(finding.id);
      if (!isMeant || finding.status === "RESOLVED" || finding.status === status) continue;
      context.tx.put(findings, { ...finding, status, updatedAtMs });
    }
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireFinding(analyzer: Analyzer, id: string, context: Context): Promise<Finding> {
  await refresh(analyzer, context);
  const finding = await context.tx.get(findings, analyzer.name, id);
  if (!finding) throw findingNotFound(id);
  return finding;
}

/** @throws {AwsError} `ResourceNotFoundException`, `ValidationException` */
async function requireExternal(analyzerArn: string, operationName: string, context: Context): Promise<Analyzer> {
  const analyzer = await requireAnalyzerOf(analyzerArn, context);
  if (analyzer.kind !== "external") throw wrongAnalyzerType(operationName);
  return analyzer;
}

interface Query extends Paging {
  readonly filter?: Filter | undefined;
  readonly sort?: SortCriteria | undefined;
}

async function found(analyzer: Analyzer, query: Query, context: Context): Promise<Listing<Finding>> {
  const { filter = {}, sort, ...paging } = query;
  requireFilter(filter, "findings", analyzer.kind);
  const orderOf = orderBy(sort?.attributeName);
  await refresh(analyzer, context);
  const all = await findingsOf(analyzer.name, context.tx);
  const matching = all.filter((finding) => matchesFilter(filter, propertyOf(finding)));
  return listOf(matching, paging, { orderOf, descending: sort?.orderBy === "DESC" });
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

const ORDERS: Readonly<Record<string, (finding: Finding) => string>> = {
  analyzedAt: ({ analyzedAtMs }) => timeOf(analyzedAtMs),
  createdAt: ({ createdAtMs }) => timeOf(createdAtMs),
  updatedAt: ({ updatedAtMs }) => timeOf(updatedAtMs),
  findingType: typeOfFinding,
  id: ({ id }) => id,
  resource: ({ resource }) => resource,
  resourceOwnerAccount: ({ owner }) => owner,
  resourceType: ({ resourceType }) => resourceType,
  status: ({ status }) => status,
};

/** @throws {AwsError} `ValidationException` */
function orderBy(attribute = "createdAt"): (finding: Finding) => readonly string[] {
  const order = findOwn(ORDERS, attribute);
  if (order === undefined) throw unknownSortKey(attribute);
  return (finding) => [order(finding), finding.id];
}

const formatSummary = (finding: Finding): FindingSummaryV2 => ({
  ...formatCommon(finding),
  findingType: typeOfFinding(finding),
});

function formatExternal(finding: Finding): FindingSummary | undefined {
  const { detail } = finding;
  return detail.kind === "external" ? { ...formatCommon(finding), ...formatAccess(detail) } : undefined;
}

const formatCommon = (finding: Finding) => ({
  id: finding.id,
  resource: finding.resource,
  resourceType: finding.resourceType,
  resourceOwnerAccount: finding.owner,
  status: finding.status,
  createdAt: new Date(finding.createdAtMs),
  analyzedAt: new Date(finding.analyzedAtMs),
  updatedAt: new Date(finding.updatedAtMs),
});
