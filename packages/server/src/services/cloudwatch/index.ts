import { defineService } from "../../service/service.ts";
import { age } from "./aging.ts";
import { takeMeasured } from "./intake.ts";
import type { CloudwatchSdk } from "./kit.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./metric-statistics.ts";
import { listMetrics } from "./list-metrics.ts";
import { putMetricData } from "./put-metric-data.ts";

export const cloudwatch = defineService<CloudwatchSdk>("cloudwatch", {
  operations: [putMetricData, listMetrics, getMetricStatistics, getMetricData],
  jobs: { age },
  measured: takeMeasured,
});
