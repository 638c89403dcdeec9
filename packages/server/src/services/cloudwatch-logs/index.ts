import { defineService } from "../../service/service.ts";
import { deleteAccountPolicy, describeAccountPolicies, putAccountPolicy } from "./account-policy.ts";
import { empty, forget } from "./clearing.ts";
import { deleteDestination, describeDestinations, putDestination, putDestinationPolicy } from "./destination.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { putLogEvents } from "./event/put.ts";
import { getLogEvents } from "./event/read.ts";
import { getLogRecord } from "./event/record.ts";
import { filterLogEvents } from "./event/search.ts";
import { runExport } from "./export/run.ts";
import { cancelExportTask, createExportTask, describeExportTasks, EXPORT } from "./export/task.ts";
import {
  associateKmsKey,
  createLogGroup,
  deleteLogGroup,
  describeLogGroups,
  disassociateKmsKey,
  listLogGroups,
  putLogGroupDeletionProtection,
} from "./group.ts";
import { deleteIndexPolicy, describeFieldIndexes, describeIndexPolicies, putIndexPolicy } from "./index-policy.ts";
import { deleteQueryDefinition, describeQueryDefinitions, putQueryDefinition } from "./insights/definition.ts";
import { getLogGroupFields } from "./insights/field-list.ts";
import { describeQueries, getQueryResults, listLogGroupsForQuery, startQuery, stopQuery } from "./insights/query.ts";
import type { LogsSdk } from "./kit.ts";
import { startLiveTail } from "./live-tail/live-tail.ts";
import {
  createLookupTable,
  deleteLookupTable,
  describeLookupTables,
  getLookupTable,
  updateLookupTable,
} from "./lookup/table.ts";
import { REPORT, report } from "./metric/count.ts";
import { deleteMetricFilter, describeMetricFilters, putMetricFilter, testMetricFilter } from "./metric/filter.ts";
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from "./resource-policy.ts";
import { deleteRetentionPolicy, expire, putRetentionPolicy } from "./retention.ts";
import { getScheduledQueryHistory } from "./scheduled/history.ts";
import { askScheduled } from "./scheduled/run.ts";
import {
  createScheduledQuery,
  deleteScheduledQuery,
  FORGET_RUNS,
  forgetRuns,
  getScheduledQuery,
  listScheduledQueries,
  SCHEDULED,
  updateScheduledQuery,
} from "./scheduled/scheduled-query.ts";
import { createLogStream, deleteLogStream, describeLogStreams } from "./stream.ts";
import { deleteSubscriptionFilter, describeSubscriptionFilters, putSubscriptionFilter } from "./subscription/filter.ts";
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from "./tag.ts";
import { deleteTransformer, getTransformer, putTransformer, testTransformer } from "./transformer/transformer.ts";
import {
  createDelivery,
  deleteDelivery,
  describeDeliveries,
  getDelivery,
  updateDeliveryConfiguration,
} from "./vended/delivery.ts";
import {
  deleteDeliveryDestination,
  deleteDeliveryDestinationPolicy,
  describeDeliveryDestinations,
  getDeliveryDestination,
  getDeliveryDestinationPolicy,
  putDeliveryDestination,
  putDeliveryDestinationPolicy,
} from "./vended/destination.ts";
import {
  deleteDeliverySource,
  describeDeliverySources,
  getDeliverySource,
  putDeliverySource,
} from "./vended/source.ts";

export const cloudwatchLogs = defineService<LogsSdk>("cloudwatch-logs", {
  operations: [
    createLogGroup,
    deleteLogGroup,
    describeLogGroups,
    listLogGroups,
    putLogGroupDeletionProtection,
    associateKmsKey,
    disassociateKmsKey,
    putRetentionPolicy,
    deleteRetentionPolicy,
    createLogStream,
    deleteLogStream,
    describeLogStreams,
    putLogEvents,
    getLogEvents,
    filterLogEvents,
    getLogRecord,
    tagResource,
    untagResource,
    listTagsForResource,
    tagLogGroup,
    untagLogGroup,
    listTagsLogGroup,
    putMetricFilter,
    deleteMetricFilter,
    describeMetricFilters,
    testMetricFilter,
    putSubscriptionFilter,
    deleteSubscriptionFilter,
    describeSubscriptionFilters,
    putDestination,
    putDestinationPolicy,
    deleteDestination,
    describeDestinations,
    putResourcePolicy,
    deleteResourcePolicy,
    describeResourcePolicies,
    putAccountPolicy,
    deleteAccountPolicy,
    describeAccountPolicies,
    putIndexPolicy,
    deleteIndexPolicy,
    describeIndexPolicies,
    describeFieldIndexes,
    putTransformer,
    getTransformer,
    deleteTransformer,
    testTransformer,
    startLiveTail,
    createExportTask,
    cancelExportTask,
    describeExportTasks,
    startQuery,
    getQueryResults,
    stopQuery,
    describeQueries,
    listLogGroupsForQuery,
    getLogGroupFields,
    createLookupTable,
    updateLookupTable,
    getLookupTable,
    describeLookupTables,
    deleteLookupTable,
    putQueryDefinition,
    deleteQueryDefinition,
    describeQueryDefinitions,
    createScheduledQuery,
    updateScheduledQuery,
    getScheduledQuery,
    listScheduledQueries,
    deleteScheduledQuery,
    getScheduledQueryHistory,
    putDeliverySource,
    getDeliverySource,
    deleteDeliverySource,
    describeDeliverySources,
    putDeliveryDestination,
    getDeliveryDestination,
    deleteDeliveryDestination,
    describeDeliveryDestinations,
    putDeliveryDestinationPolicy,
    getDeliveryDestinationPolicy,
    deleteDeliveryDestinationPolicy,
    createDelivery,
    getDelivery,
    deleteDelivery,
    describeDeliveries,
    updateDeliveryConfiguration,
  ],
  jobs: { empty, expire, forget, [FORGET_RUNS]: forgetRuns },
  errands: { [EXPORT]: runExport, [REPORT]: report, [SCHEDULED]: askScheduled },
  unmodelledErrors: UNMODELLED_ERRORS,
});
