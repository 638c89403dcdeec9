import { defineService } from "../../service/service.ts";
import {
  describeAggregateComplianceByConfigRules,
  getAggregateComplianceDetailsByConfigRule,
} from "./aggregator/compliance.ts";
import {
  describeAggregateComplianceByConformancePacks,
  getAggregateConfigRuleComplianceSummary,
  getAggregateConformancePackComplianceSummary,
} from "./aggregator/summary.ts";
import { deletePendingAggregationRequest, describePendingAggregationRequests } from "./aggregator/request.ts";
import {
  batchGetAggregateResourceConfig,
  getAggregateDiscoveredResourceCounts,
  getAggregateResourceConfig,
  listAggregateDiscoveredResources,
} from "./aggregator/item.ts";
import {
  deleteConfigurationAggregator,
  describeConfigurationAggregators,
  describeConfigurationAggregatorSourcesStatus,
  putConfigurationAggregator,
} from "./aggregator/aggregator.ts";
import {
  deleteAggregationAuthorization,
  describeAggregationAuthorizations,
  putAggregationAuthorization,
} from "./aggregator/authorization.ts";
import {
  deleteDeliveryChannel,
  deliverConfigSnapshot,
  deliverSnapshot,
  describeDeliveryChannels,
  describeDeliveryChannelStatus,
  putDeliveryChannel,
} from "./channel/channel.ts";
import {
  describeComplianceByConfigRule,
  describeComplianceByResource,
  getComplianceDetailsByConfigRule,
  getComplianceDetailsByResource,
  getComplianceSummaryByConfigRule,
  getComplianceSummaryByResourceType,
  putEvaluations,
  putExternalEvaluation,
} from "./compliance/compliance.ts";
import { discover, heard, look } from "./recorder/discovery.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { evaluate } from "./evaluation/evaluation.ts";
import { deliverHistory } from "./channel/history-file.ts";
import {
  batchGetResourceConfig,
  getDiscoveredResourceCounts,
  getResourceConfigHistory,
  listDiscoveredResources,
} from "./item/item.ts";
import type { ConfigSdk } from "./kit.ts";
import {
  deleteConfigurationRecorder,
  describeConfigurationRecorders,
  describeConfigurationRecorderStatus,
  listConfigurationRecorders,
  putConfigurationRecorder,
  startConfigurationRecorder,
  stopConfigurationRecorder,
} from "./recorder/recorder.ts";
import {
  deleteConformancePack,
  describeConformancePacks,
  describeConformancePackStatus,
  putConformancePack,
} from "./pack/pack.ts";
import {
  describeConformancePackCompliance,
  getConformancePackComplianceDetails,
  getConformancePackComplianceSummary,
  listConformancePackComplianceScores,
} from "./pack/compliance.ts";
import { deployPack, DEPLOY_PACK, removePack, REMOVE_PACK } from "./pack/deployment.ts";
import { spread, SPREAD } from "./organization/deployment.ts";
import {
  deleteOrganizationConformancePack,
  describeOrganizationConformancePacks,
  describeOrganizationConformancePackStatuses,
  getOrganizationConformancePackDetailedStatus,
  putOrganizationConformancePack,
} from "./organization/pack.ts";
import {
  deleteOrganizationConfigRule,
  describeOrganizationConfigRules,
  describeOrganizationConfigRuleStatuses,
  getOrganizationConfigRuleDetailedStatus,
  putOrganizationConfigRule,
} from "./organization/rule.ts";
import {
  deleteRemediationConfiguration,
  describeRemediationConfigurations,
  putRemediationConfigurations,
} from "./remediation/remediation.ts";
import {
  deleteRemediationExceptions,
  describeRemediationExceptions,
  putRemediationExceptions,
} from "./remediation/exception.ts";
import {
  deleteRetentionConfiguration,
  describeRetentionConfigurations,
  putRetentionConfiguration,
} from "./item/retention.ts";
import {
  deleteConfigRule,
  deleteEvaluationResults,
  describeConfigRuleEvaluationStatus,
  describeConfigRules,
  putConfigRule,
  startConfigRulesEvaluation,
} from "./rule/rule.ts";

import { selectAggregateResourceConfig, selectResourceConfig } from "./query/select.ts";
import { deleteStoredQuery, getStoredQuery, listStoredQueries, putStoredQuery } from "./query/stored.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";

export const configService = defineService<ConfigSdk>("config-service", {
  operations: [
    putConfigurationRecorder,
    describeConfigurationRecorders,
    describeConfigurationRecorderStatus,
    listConfigurationRecorders,
    startConfigurationRecorder,
    stopConfigurationRecorder,
    deleteConfigurationRecorder,
    putDeliveryChannel,
    describeDeliveryChannels,
    describeDeliveryChannelStatus,
    deleteDeliveryChannel,
    deliverConfigSnapshot,
    getResourceConfigHistory,
    batchGetResourceConfig,
    listDiscoveredResources,
    getDiscoveredResourceCounts,
    putRetentionConfiguration,
    describeRetentionConfigurations,
    deleteRetentionConfiguration,
    putConfigRule,
    describeConfigRules,
    describeConfigRuleEvaluationStatus,
    startConfigRulesEvaluation,
    deleteEvaluationResults,
    deleteConfigRule,
    putEvaluations,
    putExternalEvaluation,
    getComplianceDetailsByConfigRule,
    getComplianceDetailsByResource,
    describeComplianceByConfigRule,
    describeComplianceByResource,
    getComplianceSummaryByConfigRule,
    getComplianceSummaryByResourceType,
    putConfigurationAggregator,
    describeConfigurationAggregators,
    describeConfigurationAggregatorSourcesStatus,
    deleteConfigurationAggregator,
    putAggregationAuthorization,
    describeAggregationAuthorizations,
    deleteAggregationAuthorization,
    listAggregateDiscoveredResources,
    getAggregateResourceConfig,
    batchGetAggregateResourceConfig,
    getAggregateDiscoveredResourceCounts,
    putRemediationConfigurations,
    describeRemediationConfigurations,
    deleteRemediationConfiguration,
    describeAggregateComplianceByConfigRules,
    getAggregateComplianceDetailsByConfigRule,
    selectResourceConfig,
    selectAggregateResourceConfig,
    putStoredQuery,
    getStoredQuery,
    listStoredQueries,
    deleteStoredQuery,
    tagResource,
    untagResource,
    listTagsForResource,
    putConformancePack,
    describeConformancePacks,
    describeConformancePackStatus,
    deleteConformancePack,
    describeConformancePackCompliance,
    getConformancePackComplianceDetails,
    getConformancePackComplianceSummary,
    listConformancePackComplianceScores,
    putOrganizationConfigRule,
    describeOrganizationConfigRules,
    describeOrganizationConfigRuleStatuses,
    getOrganizationConfigRuleDetailedStatus,
    deleteOrganizationConfigRule,
    putOrganizationConformancePack,
    describeOrganizationConformancePacks,
    describeOrganizationConformancePackStatuses,
    getOrganizationConformancePackDetailedStatus,
    deleteOrganizationConformancePack,
    describePendingAggregationRequests,
    deletePendingAggregationRequest,
    putRemediationExceptions,
    describeRemediationExceptions,
    deleteRemediationExceptions,
    getAggregateConfigRuleComplianceSummary,
    describeAggregateComplianceByConformancePacks,
    getAggregateConformancePackComplianceSummary,
  ],
  jobs: { heard },
  errands: {
    discover,
    look,
    evaluate,
    snapshot: deliverSnapshot,
    "deliver-history": deliverHistory,
    [DEPLOY_PACK]: deployPack,
    [REMOVE_PACK]: removePack,
    [SPREAD]: spread,
  },
  unmodelledErrors: UNMODELLED_ERRORS,
});
