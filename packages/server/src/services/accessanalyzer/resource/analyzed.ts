/** Resources that an analyzer of external access has looked at. */
import type { AnalyzedResource as AnalyzedResourceShape, FindingStatus } from "@aws-sdk/client-accessanalyzer";
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import type { Context } from "../../../service/context.ts";
import { analyzedResources, type AnalyzedResource } from "./row.ts";
import { onAnalyzerOf, requireAnalyzerOf, type ExternalAnalyzer } from "../analyzer/row.ts";
import { analyzerDisabled, resourceNotFound, wrongAnalyzerType } from "../errors.ts";
import { scanOne } from "../external/scan.ts";
import { findingsOf } from "../finding/row.ts";
import { operation } from "../kit.ts";
import { listOf } from "../paging.ts";
import { refresh } from "../analyzer/refresh.ts";
import { zoneOf } from "../analyzer/zone.ts";

export const listAnalyzedResources = operation("ListAnalyzedResources", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ListAnalyzedResources", analyzerArn, context),

  async handle({ analyzerArn, resourceType, ...paging }, context) {
    const analyzer = await requireExternal(analyzerArn, "ListAnalyzedResources", context);
    await refresh(analyzer, context);
    const all = await Array.fromAsync(everyRow(context.tx, analyzedResources, { prefix: [analyzer.name] }));
    const asked = resourceType === undefined ? all : all.filter(({ type }) => type === resourceType);
    const { rows, rest } = listOf(asked, paging, { orderOf: ({ arn }) => [arn] });
    const analyzed = rows.map(({ arn, type, owner }) => ({
      resourceArn: arn,
      resourceType: type,
      resourceOwnerAccount: owner,
    }));
    return { analyzedResources: analyzed, ...rest };
  },
});

export const getAnalyzedResource = operation("GetAnalyzedResource", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetAnalyzedResource", analyzerArn, context),

  async handle({ analyzerArn, resourceArn }, context) {
    const analyzer = await requireExternal(analyzerArn, "GetAnalyzedResource", context);
    await refresh(analyzer, context);
    const row = await context.tx.get(analyzedResources, analyzer.name, resourceArn);
    if (!row) throw resourceNotFound(resourceArn);
    return { resource: formatResource(row, await statusOfFindings(row, context)) };
  },
});

export const startResourceScan = operation("StartResourceScan", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("StartResourceScan", analyzerArn, context),

  async handle({ analyzerArn, resourceArn, resourceOwnerAccount }, context) {
    const analyzer = await requireExternal(analyzerArn, "StartResourceScan", context);
    const zone = await zoneOf(analyzer, context);
    if (zone === undefined) throw analyzerDisabled(analyzer.name);
    const parts = parseArn(resourceArn);
    const found = parts && (await scanOne(analyzer, { arn: formatArn(parts), zone }, context));
    const isOwners = resourceOwnerAccount === undefined || found?.owner === resourceOwnerAccount;
    if (found === undefined || !isOwners) throw resourceNotFound(resourceArn);
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException`, `ValidationException` */
async function requireExternal(
  analyzerArn: string,
  operationName: string,
  context: Context,
): Promise<ExternalAnalyzer> {
  const analyzer = await requireAnalyzerOf(analyzerArn, context);
  if (analyzer.kind !== "external") throw wrongAnalyzerType(operationName);
  return analyzer;
}

/** The liveliest status of a resource's findings. */
async function statusOfFindings(
  { analyzer, arn }: AnalyzedResource,
  { tx }: Context,
): Promise<FindingStatus | undefined> {
  const all = (await findingsOf(analyzer, tx)).filter(({ resource }) => resource === arn);
  const order: readonly FindingStatus[] = ["ACTIVE", "ARCHIVED", "RESOLVED"];
  return order.find((status) => all.some((finding) => finding.status === status));
}

/** What comes from outside is said only where something does. */
const formatResource = (row: AnalyzedResource, status: FindingStatus | undefined): AnalyzedResourceShape => ({
  resourceArn: row.arn,
  resourceType: row.type,
  resourceOwnerAccount: row.owner,
  createdAt: new Date(row.createdAtMs),
  analyzedAt: new Date(row.analyzedAtMs),
  updatedAt: new Date(row.updatedAtMs),
  isPublic: row.isPublic,
  ...(row.actions.length > 0 && { actions: row.actions.slice() }),
  ...(row.sharedVia.length > 0 && { sharedVia: row.sharedVia.slice() }),
  ...(status && { status }),
});
