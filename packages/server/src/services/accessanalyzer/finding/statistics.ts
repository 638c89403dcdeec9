/** How many findings of which kind an analyzer has. */
import type {
  ExternalAccessFindingsStatistics,
  ResourceTypeDetails,
  UnusedAccessFindingsStatistics,
} from "@aws-sdk/client-accessanalyzer";
import { onAnalyzerOf, requireAnalyzerOf, type Analyzer } from "../analyzer/row.ts";
import { findingsOf, typeOfFinding, type Finding } from "./row.ts";
import { operation } from "../kit.ts";
import { refresh } from "../analyzer/refresh.ts";

export const getFindingsStatistics = operation("GetFindingsStatistics", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetFindingsStatistics", analyzerArn, context),

  async handle({ analyzerArn }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    await refresh(analyzer, context);
    const all = await findingsOf(analyzer.name, context.tx);
    const statistics =
      analyzer.kind === "external"
        ? { externalAccessFindingsStatistics: externalStatistics(all) }
        : { unusedAccessFindingsStatistics: unusedStatistics(all, analyzer) };
    return { findingsStatistics: [statistics], lastUpdatedAt: context.now() };
  },
});

const isActive = ({ status }: Finding): boolean => status === "ACTIVE";

const totals = (all: readonly Finding[]) => ({
  totalActiveFindings: all.filter(isActive).length,
  totalArchivedFindings: all.filter(({ status }) => status === "ARCHIVED").length,
  totalResolvedFindings: all.filter(({ status }) => status === "RESOLVED").length,
});

function externalStatistics(all: readonly Finding[]): ExternalAccessFindingsStatistics {
  const byType: Record<string, ResourceTypeDetails> = {};
  for (const { resourceType, detail } of all.filter(isActive)) {
    if (detail.kind !== "external") continue;
    const { totalActivePublic = 0, totalActiveCrossAccount = 0 } = byType[resourceType] ?? {};
    byType[resourceType] = {
      totalActivePublic: totalActivePublic + (detail.isPublic ? 1 : 0),
      totalActiveCrossAccount: totalActiveCrossAccount + (detail.isPublic ? 0 : 1),
      totalActiveErrors: 0,
    };
  }
  return { ...totals(all), resourceTypeStatistics: byType };
}

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UnusedAccessFindingsStatistics.html */
const TOP_ACCOUNTS_MAX = 10;

function unusedStatistics(all: readonly Finding[], { zone }: Analyzer): UnusedAccessFindingsStatistics {
  const active = all.filter(isActive);
  const unusedAccessTypeStatistics = [...countBy(active, typeOfFinding)].map(([unusedAccessType, total]) => ({
    unusedAccessType,
    total,
  }));
  const topAccounts = [...countBy(active, ({ owner }) => owner)]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, TOP_ACCOUNTS_MAX)
    .map(([account, numberOfActiveFindings]) => ({
      account,
      numberOfActiveFindings,
      details: Object.fromEntries(
        countBy(
          active.filter(({ owner }) => owner === account),
          typeOfFinding,
        ),
      ),
    }));
  return {
    ...totals(all),
    unusedAccessTypeStatistics,
    ...(zone === "organization" && topAccounts.length > 0 && { topAccounts }),
  };
}

function countBy(all: readonly Finding[], keyOf: (finding: Finding) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of all) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}
