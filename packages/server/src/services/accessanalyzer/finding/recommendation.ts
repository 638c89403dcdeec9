/**
 * What to do about permissions that are not used: which policies to take away, and which narrower ones to put in
 * their place.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings-remediate.html
 */
import type { RecommendedStep } from "@aws-sdk/client-accessanalyzer";
import { parseAccountId } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAnalyzerOf, requireAnalyzerOf } from "../analyzer/row.ts";
import { notUnusedPermission, recommendationNotFound, wrongAnalyzerType } from "../errors.ts";
import { requireFinding } from "./finding.ts";
import type { UnusedService } from "./row.ts";
import { IamView } from "../unused/identity.ts";
import { operation } from "../kit.ts";
import { listOf } from "../paging.ts";
import { policiesOf, type AttachedPolicy } from "../unused/identity-policy.ts";
import { serviceSession } from "../service-role.ts";
import { trimmed } from "./trimmed-policy.ts";

interface Step {
  readonly action: "CREATE_POLICY" | "DETACH_POLICY";
  readonly policyId: string;
  readonly policyUpdatedAtMs?: number | undefined;
  readonly content?: string;
}

interface Recommendation {
  readonly analyzer: string;
  readonly findingId: string;
  readonly resource: string;
  readonly atMs: number;
  readonly steps: readonly Step[];
}

const recommendations = table<Recommendation>("accessanalyzer.recommendation", "region", ({ analyzer, findingId }) => [
  analyzer,
  findingId,
]);

/** Differs: a recommendation is there at once. */
export const generateFindingRecommendation = operation("GenerateFindingRecommendation", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GenerateFindingRecommendation", analyzerArn, context),

  async handle({ analyzerArn, id }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    if (analyzer.kind !== "unused") throw wrongAnalyzerType("GenerateFindingRecommendation");
    const { detail, resource, owner } = await requireFinding(analyzer, id, context);
    if (detail.kind !== "permissions") throw notUnusedPermission();
    const account = parseAccountId(owner);
    assert(account !== undefined, "what was found belongs to an account");
    const policies = await policiesOf(resource, new IamView(await serviceSession(account, context), context));
    const steps = policies.flatMap((policy) => stepsFor(policy, detail.services, context));
    const atMs = context.now().getTime();
    context.tx.put(recommendations, { analyzer: analyzer.name, findingId: id, resource, atMs, steps });
    return {};
  },
});

/** A policy that grants nothing but what is used stays. */
function stepsFor(policy: AttachedPolicy, unused: readonly UnusedService[], { actions }: Context): readonly Step[] {
  const { id: policyId, updatedAtMs: policyUpdatedAtMs } = policy;
  const rest = trimmed(policy.document, unused, actions);
  if (rest === "unchanged") return [];
  const create: readonly Step[] =
    rest === "nothing" ? [] : [{ action: "CREATE_POLICY", policyId, policyUpdatedAtMs, content: rest.document }];
  return [...create, { action: "DETACH_POLICY", policyId, policyUpdatedAtMs }];
}

export const getFindingRecommendation = operation("GetFindingRecommendation", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetFindingRecommendation", analyzerArn, context),

  async handle({ analyzerArn, id, ...paging }, context) {
    const { name } = await requireAnalyzerOf(analyzerArn, context);
    const found = await context.tx.get(recommendations, name, id);
    if (!found) throw recommendationNotFound(id);
    const ordered = found.steps.map((step, at) => ({ step, order: String(at).padStart(6, "0") }));
    const { rows, rest } = listOf(ordered, paging, { orderOf: ({ order }) => [order] });
    return {
      startedAt: new Date(found.atMs),
      completedAt: new Date(found.atMs),
      resourceArn: found.resource,
      recommendationType: "UnusedPermissionRecommendation" as const,
      status: "SUCCEEDED" as const,
      recommendedSteps: rows.map(({ step }) => formatStep(step)),
      ...rest,
    };
  },
});

const formatStep = ({ action, policyId, policyUpdatedAtMs, content }: Step): RecommendedStep => ({
  unusedPermissionsRecommendedStep: {
    recommendedAction: action,
    existingPolicyId: policyId,
    ...(policyUpdatedAtMs !== undefined && { policyUpdatedAt: new Date(policyUpdatedAtMs) }),
    ...(content !== undefined && { recommendedPolicy: content }),
  },
});
