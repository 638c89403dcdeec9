import { defineService } from "../../service/service.ts";
import {
  createAccessPreview,
  getAccessPreview,
  listAccessPreviewFindings,
  listAccessPreviews,
} from "./preview/preview.ts";
import { getAnalyzedResource, listAnalyzedResources, startResourceScan } from "./resource/analyzed.ts";
import { createAnalyzer, deleteAnalyzer, getAnalyzer, listAnalyzers, updateAnalyzer } from "./analyzer/analyzer.ts";
import {
  applyArchiveRule,
  createArchiveRule,
  deleteArchiveRule,
  getArchiveRule,
  listArchiveRules,
  updateArchiveRule,
} from "./archive-rule/archive-rule.ts";
import { getFinding, getFindingV2, listFindings, listFindingsV2, updateFindings } from "./finding/finding.ts";
import { getFindingsStatistics } from "./finding/statistics.ts";
import type { AccessAnalyzerSdk } from "./kit.ts";
import { checkAccessNotGranted, checkNoNewAccess, checkNoPublicAccess } from "./policy/check.ts";
import {
  cancelPolicyGeneration,
  finishGeneration,
  getGeneratedPolicy,
  listPolicyGenerations,
  startPolicyGeneration,
} from "./policy/generation.ts";
import { generateFindingRecommendation, getFindingRecommendation } from "./finding/recommendation.ts";
import { validatePolicy } from "./validation/validate-policy.ts";
import { createServiceLinkedAnalyzer, deleteServiceLinkedAnalyzer } from "./analyzer/service-linked.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";

export const accessanalyzer = defineService<AccessAnalyzerSdk>("accessanalyzer", {
  operations: [
    createAnalyzer,
    getAnalyzer,
    listAnalyzers,
    updateAnalyzer,
    deleteAnalyzer,
    createServiceLinkedAnalyzer,
    deleteServiceLinkedAnalyzer,
    tagResource,
    untagResource,
    listTagsForResource,
    createArchiveRule,
    getArchiveRule,
    listArchiveRules,
    updateArchiveRule,
    deleteArchiveRule,
    applyArchiveRule,
    listFindings,
    listFindingsV2,
    getFinding,
    getFindingV2,
    updateFindings,
    getFindingsStatistics,
    listAnalyzedResources,
    getAnalyzedResource,
    startResourceScan,
    createAccessPreview,
    getAccessPreview,
    listAccessPreviews,
    listAccessPreviewFindings,
    validatePolicy,
    checkNoNewAccess,
    checkAccessNotGranted,
    checkNoPublicAccess,
    startPolicyGeneration,
    cancelPolicyGeneration,
    getGeneratedPolicy,
    listPolicyGenerations,
    generateFindingRecommendation,
    getFindingRecommendation,
  ],
  jobs: { "finish-policy-generation": finishGeneration },
});
