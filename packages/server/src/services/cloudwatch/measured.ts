/** What services measured of themselves. */
import type { TakeMeasured } from "../../service/service.ts";
import { noteData, type NewData } from "./intake.ts";
import { lookAround } from "./look.ts";
import type { MetricName } from "./metric.ts";

export const takeMeasured: TakeMeasured = async (minutes, context) => {
  const given = minutes.map(({ namespace, name, dimensions, unit, atMs, values }): NewData => {
    const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return { metric: { namespace, name, dimensions: named }, resolution: 60, atMs, unit, values };
  });
  await noteData(given, context);
  // of what is used, more is known than what was counted
  const used = new Map<string, MetricName>();
  for (const { metric } of given) used.set(JSON.stringify([metric.namespace, metric.dimensions]), metric);
  for (const metric of used.values()) await lookAround(metric, context);
};
