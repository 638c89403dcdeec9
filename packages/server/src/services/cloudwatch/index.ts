import { defineService } from "../../service/service.ts";
import { age } from "./aging.ts";
import { act, ACT_JOB, unmute } from "./alarm/action.ts";
import { deleteAlarms, disableAlarmActions, enableAlarmActions, setAlarmState } from "./alarm/change.ts";
import { putCompositeAlarm } from "./alarm/composite-alarm.ts";
import { compose } from "./alarm/composite.ts";
import { describeAlarms, describeAlarmsForMetric } from "./alarm/describe.ts";
import { describeAlarmContributors } from "./alarm/contributor.ts";
import { evaluate } from "./alarm/evaluation.ts";
import { describeAlarmHistory } from "./alarm/history.ts";
import { putMetricAlarm } from "./alarm/metric-alarm.ts";
import { unsuppress, UNSUPPRESS_JOB } from "./alarm/suppression.ts";
import { COMPOSE_JOB } from "./alarm/transition.ts";
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from "./dashboard.ts";
import { AGE_JOB } from "./datum.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { getMetricData } from "./get-metric-data.ts";
import {
  deleteInsightRules,
  describeInsightRules,
  disableInsightRules,
  enableInsightRules,
  putInsightRule,
} from "./insight-rule/insight-rule.ts";
import { getInsightRuleReport } from "./insight-rule/report.ts";
import type { CloudwatchSdk } from "./kit.ts";
import { listMetrics } from "./list-metrics.ts";
import { takeMeasured } from "./measured.ts";
import { getMetricStatistics } from "./metric-statistics.ts";
import { look, LOOK_ERRAND } from "./look.ts";
import { FORGET_METRICS_JOB, forgetMetrics } from "./metric-expiry.ts";
import { deleteAlarmMuteRule, getAlarmMuteRule, listAlarmMuteRules, putAlarmMuteRule } from "./mute/mute-rule.ts";
import { UNMUTE_JOB } from "./mute/muting.ts";
import { putMetricData } from "./put-metric-data.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import { EVALUATE_ERRAND } from "./watch.ts";

export const cloudwatch = defineService<CloudwatchSdk>("cloudwatch", {
  operations: [
    putMetricData,
    listMetrics,
    getMetricStatistics,
    getMetricData,
    putMetricAlarm,
    putCompositeAlarm,
    describeAlarms,
    describeAlarmsForMetric,
    describeAlarmHistory,
    describeAlarmContributors,
    setAlarmState,
    enableAlarmActions,
    disableAlarmActions,
    deleteAlarms,
    putAlarmMuteRule,
    getAlarmMuteRule,
    listAlarmMuteRules,
    deleteAlarmMuteRule,
    putInsightRule,
    describeInsightRules,
    enableInsightRules,
    disableInsightRules,
    deleteInsightRules,
    getInsightRuleReport,
    putDashboard,
    getDashboard,
    listDashboards,
    deleteDashboards,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
  jobs: {
    [AGE_JOB]: age,
    [FORGET_METRICS_JOB]: forgetMetrics,
    [COMPOSE_JOB]: compose,
    [UNSUPPRESS_JOB]: unsuppress,
    [ACT_JOB]: act,
    [UNMUTE_JOB]: unmute,
  },
  errands: { [EVALUATE_ERRAND]: evaluate, [LOOK_ERRAND]: look },
  usage: "CloudWatch",
  measured: takeMeasured,
  unmodelledErrors: UNMODELLED_ERRORS,
});
