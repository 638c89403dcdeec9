import { defineService } from "../../service/service.ts";
import {
  describeAggregateComplianceByConfigRules,
  getAggregateComplianceDetailsByConfigRule,
} from "./aggregated-compliance.ts";
import {
  describeAggregateComplianceByConformancePacks,
  getAggregateConfigRuleComplianceSummary,
  getAggregateConformancePackComplianceSummary,
} from "./aggregated-summary.ts";
import { deletePendingAggregationRequest, describePendingAggregationRequests } from "./aggregation-request.ts";
import {
  batchGetAggregateResourceConfig,
  getAggregateDiscoveredResourceCounts,
  getAggregateResourceConfig,
  listAggregateDiscoveredResources,
} from "./aggregated-item.ts";
import {
  deleteConfigurationAggregator,
  describeConfigurationAggregators,
  describeConfigurationAggregatorSourcesStatus,
  putConfigurationAggregator,
} from "./aggregator.ts";
import {
  deleteAggregationAuthorization,
  describeAggregationAuthorizations,
  putAggregationAuthorization,
} from "./authorization.ts";
import {
  deleteDeliveryChannel,
  deliverConfigSnapshot,
  deliverSnapshot,
  describeDeliveryChannels,
  describeDeliveryChannelStatus,
  putDeliveryChannel,
} from "./channel.ts";
import {
  describeComplianceByConfigRule,
  describeComplianceByResource,
  getComplianceDetailsByConfigRule,
  getComplianceDetailsByResource,
  getComplianceSummaryByConfigRule,
  getComplianceSummaryByResourceType,
  putEvaluations,
  putExternalEvaluation,
} from "./compliance.ts";
import { discover, heard, look } from "./discovery.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { evaluate } from "./evaluation.ts";
import { deliverHistory } from "./history-file.ts";
import {
  batchGetResourceConfig,
  getDiscoveredResourceCounts,
  getResourceConfigHistory,
  listDiscoveredResources,
} from "./item.ts";
import type { ConfigSdk } from "./kit.ts";
import {
  deleteConfigurationRecorder,
  describeConfigurationRecorders,
  describeConfigurationRecorderStatus,
  listConfigurationRecorders,
  putConfigurationRecorder,
  startConfigurationRecorder,
  stopConfigurationRecorder,
} from "./recorder.ts";
import {
  deleteConformancePack,
  describeConformancePacks,
  describeConformancePackStatus,
  putConformancePack,
} from "./pack.ts";
import {
  describeConformancePackCompliance,
  getConformancePackComplianceDetails,
  getConformancePackComplianceSummary,
  listConformancePackComplianceScores,
} from "./pack-compliance.ts";
import { deployPack, DEPLOY_PACK, removePack, REMOVE_PACK } from "./pack-deployment.ts";
import { spread, SPREAD } from "./organization-deployment.ts";
import {
  deleteOrganizationConformancePack,
  describeOrganizationConformancePacks,
  describeOrganizationConformancePackStatuses,
  getOrganizationConformancePackDetailedStatus,
  putOrganizationConformancePack,
} from "./organization-pack.ts";
import {
  deleteOrganizationConfigRule,
  describeOrganizationConfigRules,
  describeOrganizationConfigRuleStatuses,
  getOrganizationConfigRuleDetailedStatus,
  putOrganizationConfigRule,
} from "./organization-rule.ts";
import {
  deleteRemediationConfiguration,
  describeRemediationConfigurations,
  putRemediationConfigurations,
} from "./remediation.ts";
import {
  deleteRemediationExceptions,
  describeRemediationExceptions,
  putRemediationExceptions,
} from "./remediation-exception.ts";
import {
  deleteRetentionConfiguration,
  describeRetentionConfigurations,
  putRetentionConfiguration,
} from "./retention.ts";
import {
  deleteConfigRule,
  deleteEvaluationResults,
  describeConfigRuleEvaluationStatus,
  describeConfigRules,
  putConfigRule,
  startConfigRulesEvaluation,
} from "./rule.ts";

import { selectAggregateResourceConfig, selectResourceConfig } from "./select.ts";
import { deleteStoredQuery, getStoredQuery, listStoredQueries, putStoredQuery } from "./stored-query.ts";
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
