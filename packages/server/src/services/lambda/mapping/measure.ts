/**
 * What a mapping counts of its events, where it is asked to.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 */
import type { ErrandContext } from "../../../service/errand.ts";
import type { Mapping } from "./row.ts";

type Counted =
  | "PolledEventCount"
  | "FilteredOutEventCount"
  | "InvokedEventCount"
  | "FailedInvokeEventCount"
  | "DeletedEventCount";

/** Outside of transactions. */
export async function measureEvents(
  { id, metrics, account, region }: Mapping,
  counts: Readonly<Partial<Record<Counted, number>>>,
  context: ErrandContext,
): Promise<void> {
  if (!metrics) return;
  const dimensions = { EventSourceMappingUUID: id };
  await context.transact(async (inner) => {
    for (const [name, value] of Object.entries(counts))
      inner.measure({ namespace: "AWS/Lambda", name, dimensions, unit: "Count", value }, { account, region });
  });
}
