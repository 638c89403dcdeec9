/**
 * Which kinds of unusual activity a trail is to look for.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
 */
import type { InsightSelector } from "@aws-sdk/client-cloudtrail";
import { insightSelectorsInvalid, insightsNotEnabled } from "./errors.ts";
import type { InputOf } from "../../service/sdk.ts";
import { operation, unmodelled, type CloudtrailSdk } from "./kit.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { arnOf, putTrail } from "./trail-row.ts";

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
    putTrail({ ...trail, insights: insights.map(plain) }, context.tx);
    return { TrailARN: arnOf(trail), InsightSelectors: insights.map(plain) };
  },
});

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
