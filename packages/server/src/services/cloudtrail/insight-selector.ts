/**
 * Which kinds of unusual activity a trail is to look for.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
 */
import type { InsightSelector } from "@aws-sdk/client-cloudtrail";
import { choosesManagement, wantsData } from "./choice.ts";
import { insightSelectorsInvalid, insightsNotEnabled } from "./errors.ts";
import type { InputOf } from "../../service/sdk.ts";
import { operation, unmodelled, type CloudtrailSdk } from "./kit.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { arnOf, putTrail, type Trail } from "./trail-row.ts";

/** Insights of event data stores are not built. */
const storesNotBuilt = () =>
  unmodelled("NotImplemented", "Insights of event data stores are not built: only those of trails are.");

export const putInsightSelectors = operation("PutInsightSelectors", {
  authorize: ({ TrailName = "" }, context) => onTrail("PutInsightSelectors", TrailName, context),

  async handle({ TrailName, InsightSelectors: insights, EventDataStore, InsightsDestination }, context) {
    if (EventDataStore !== undefined || InsightsDestination !== undefined) throw storesNotBuilt();
    const trail = await requireOwnTrail(TrailName ?? "", context);
    const repeated = insights.length !== new Set(insights.map(({ InsightType }) => InsightType)).size;
    if (repeated) throw insightSelectorsInvalid("An insight type can be given only once.");
    for (const insight of insights) requireEvents(insight, trail);
    putTrail({ ...trail, insights: insights.map(plain) }, context.tx);
    return { TrailARN: arnOf(trail), InsightSelectors: insights.map(plain) };
  },
});

/**
 * Nothing is unusual about what a trail does not log.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
 *
 * @throws {AwsError} `InvalidInsightSelectorsException`
 */
function requireEvents({ InsightType, EventCategories = ["Management"] }: Given, trail: Trail): void {
  if (EventCategories.includes("Data") && !wantsData(trail)) {
    throw insightSelectorsInvalid("Insights on data events need a trail that logs data events.");
  }
  if (!EventCategories.includes("Management")) return;
  const isOnErrors = InsightType === "ApiErrorRateInsight";
  if (choosesManagement(trail, "WriteOnly") || (isOnErrors && choosesManagement(trail, "ReadOnly"))) return;
  throw insightSelectorsInvalid(`${String(InsightType)} needs a trail that logs management events.`);
}

type Given = InputOf<CloudtrailSdk, "PutInsightSelectors">["InsightSelectors"][number];

const plain = ({ InsightType, EventCategories }: Given): InsightSelector => ({
  ...(InsightType !== undefined && { InsightType }),
  ...(EventCategories !== undefined && { EventCategories: [...EventCategories] }),
});

export const getInsightSelectors = operation("GetInsightSelectors", {
  authorize: ({ TrailName = "" }, context) => onTrail("GetInsightSelectors", TrailName, context),

  async handle({ TrailName, EventDataStore }, context) {
    if (EventDataStore !== undefined) throw storesNotBuilt();
    const trail = await requireTrail(TrailName ?? "", context);
    if (trail.insights.length === 0) throw insightsNotEnabled(trail.name);
    return { TrailARN: arnOf(trail), InsightSelectors: [...trail.insights] };
  },
});
