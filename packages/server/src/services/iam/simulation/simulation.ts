/**
 * What policies would say to calls that nobody makes.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
 * Differs: only the condition keys that are handed in are there.
 */
import type { ContextEntry, EvaluationResult, PolicySourceType, ResourceSpecificResult } from "@aws-sdk/client-iam";
import {
  simulate,
  type MatchedStatement,
  type SimulatedCaller,
  type SimulatedOutcome,
  type Simulation,
} from "../../../identity/policy/simulate.ts";
import { parseAccountId, parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onEntity, requireEntity } from "../entity-access.ts";
import type { Entity } from "../entity.ts";
import { callerMissing, invalidAction, invalidEntityArn } from "../errors.ts";
import { operation, unlisted } from "../kit.ts";
import { listNumbers, type Paging } from "../listing.ts";
import { requireReadable } from "../policy/document.ts";
import { boundaryOf, policiesOfEntity } from "../policy/entity-policies.ts";
import {
  entityPolicy,
  inputPolicies,
  isBoundaryExcluded,
  isExcluded,
  keptLevels,
  requireIdentifiers,
  resourcePolicy,
  type Identifier,
} from "./policies.ts";
import { resourcesPerCall } from "./scenario.ts";

/** What both operations are asked. */
interface Asked extends Paging {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[] | undefined;
  readonly ResourcePolicy?: string | undefined;
  readonly ResourceOwner?: string | undefined;
  readonly CallerArn?: string | undefined;
  readonly ContextEntries?: readonly Validated<ContextEntry>[] | undefined;
  readonly ResourceHandlingOption?: string | undefined;
}

type Policies = Pick<Simulation, "policies" | "boundary" | "scps">;

export const simulateCustomPolicy = operation("SimulateCustomPolicy", {
  authorize: () => ({ action: "iam:SimulateCustomPolicy", resource: "*" }),

  async handle({ PolicyInputList, PermissionsBoundaryPolicyInputList, OrderedOrganizationPolicyInputList, ...asked }) {
    const scps = OrderedOrganizationPolicyInputList?.map(({ ServiceControlPolicyInputList = [] }, index) => ({
      level: String(index),
      policies: inputPolicies(`OrderedOrganizationPolicyInputList.${index + 1}`, ServiceControlPolicyInputList),
    }));
    return evaluateAll(asked, {
      policies: inputPolicies("PolicyInputList", PolicyInputList),
      boundary: boundaryInput(PermissionsBoundaryPolicyInputList),
      scps,
    });
  },
});

export const simulatePrincipalPolicy = operation("SimulatePrincipalPolicy", {
  authorize: ({ PolicySourceArn }) => onEntity("SimulatePrincipalPolicy", PolicySourceArn),

  async handle({ PolicySourceArn, PolicyInputList = [], PolicyExclusionList: excluded = [], ...rest }, context) {
    const { PermissionsBoundaryPolicyInputList, ...asked } = rest;
    requireIdentifiers(excluded);
    const entity = await requireEntity(PolicySourceArn, context);
    const own = await policiesOfEntity(entity, context.tx);
    const boundary = isBoundaryExcluded(excluded) ? undefined : await boundaryOf(entity, context.tx);
    const kept = own.filter((policy) => !isExcluded(policy, excluded)).map(entityPolicy);
    const scps = isServiceLinked(entity) ? undefined : await scpsOn(context, excluded);
    const caller = entity.kind === "group" ? undefined : PolicySourceArn;
    return evaluateAll(
      { ...asked, CallerArn: asked.CallerArn ?? caller },
      {
        policies: [...kept, ...inputPolicies("PolicyInputList", PolicyInputList)],
        boundary: boundaryInput(PermissionsBoundaryPolicyInputList) ?? (boundary && [entityPolicy(boundary)]),
        scps,
      },
    );
  },
});

/** Nothing where the account is in no organization, or manages it. */
async function scpsOn({ account, directory, tx }: Context, excluded: readonly Identifier[]): Promise<Policies["scps"]> {
  const standing = await directory.organizationOf(account, tx);
  return standing?.scps && keptLevels(standing.scps, excluded);
}

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp */
const isServiceLinked = (entity: Entity): boolean => entity.kind === "role" && entity.linkedTo !== undefined;

const boundaryInput = (documents: readonly string[] | undefined) =>
  documents && inputPolicies("PermissionsBoundaryPolicyInputList", documents);

function evaluateAll(asked: Asked, policies: Policies) {
  requireAskable(asked, policies);
  const perCall = resourcesPerCall(asked.ResourceArns ?? ["*"], asked.ResourceHandlingOption);
  const { rows, paging } = listNumbers(asked.ActionNames.length * perCall.length, asked);
  const calls = rows.map((number) => ({
    action: asked.ActionNames[Math.floor(number / perCall.length)] ?? "",
    resources: perCall[number % perCall.length] ?? [],
  }));
  return { EvaluationResults: calls.map((call) => evaluateCall(call, asked, policies)), ...paging };
}

interface Call {
  readonly action: string;
  readonly resources: readonly string[];
}

function evaluateCall({ action, resources }: Call, asked: Asked, policies: Policies): EvaluationResult {
  const outcomes = resources.map((resource) => ({
    resource,
    outcome: outcomeOf({ action, resource }, asked, policies),
  }));
  const decisive = outcomes.find(({ outcome }) => outcome.decision !== "allowed") ?? outcomes[0];
  if (!decisive) return { EvalActionName: action, EvalDecision: "implicitDeny" };
  const { outcome, resource } = decisive;
  return {
    EvalActionName: action,
    EvalResourceName: resources.length === 1 ? resource : "*",
    EvalDecision: outcome.decision,
    ...factsOf(outcome),
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.snapshot.json (test_simulate_principle_policy: there, and empty)
    EvalDecisionDetails: { ...outcome.details },
    OrganizationsDecisionDetail:
      outcome.allowedByOrganizations === undefined
        ? undefined
        : { AllowedByOrganizations: outcome.allowedByOrganizations },
    ResourceSpecificResults: asked.ResourceArns && outcomes.map(resourceResult),
  };
}

function outcomeOf(call: Pick<Simulation, "action" | "resource">, asked: Asked, policies: Policies): SimulatedOutcome {
  const caller = asked.CallerArn === undefined ? undefined : callerNamed(asked.CallerArn);
  return simulate({
    ...call,
    ...policies,
    resourcePolicy: asked.ResourcePolicy === undefined ? undefined : resourcePolicy(asked.ResourcePolicy),
    caller,
    crossAccount: isCrossAccount(call.resource, asked),
    context: contextOf(asked.ContextEntries ?? []),
  });
}

const resourceResult = ({
  resource,
  outcome,
}: {
  resource: string;
  outcome: SimulatedOutcome;
}): ResourceSpecificResult => ({
  EvalResourceName: resource,
  EvalResourceDecision: outcome.decision,
  ...factsOf(outcome),
});

const factsOf = ({ matched, missingKeys, details, allowedByBoundary }: SimulatedOutcome) => ({
  MatchedStatements: matched.map(formatStatement),
  MissingContextValues: [...missingKeys],
  EvalDecisionDetails: details && { ...details },
  PermissionsBoundaryDecisionDetail:
    allowedByBoundary === undefined ? undefined : { AllowedByPermissionsBoundary: allowedByBoundary },
});

const formatStatement = ({ policyId, policyType, start, end }: MatchedStatement) => ({
  SourcePolicyId: policyId,
  SourcePolicyType: unlisted<PolicySourceType>(policyType),
  StartPosition: { Line: start.line, Column: start.column },
  EndPosition: { Line: end.line, Column: end.column },
});

/** @throws {AwsError} `InvalidInput` */
function requireAskable(
  { ActionNames, ResourcePolicy, CallerArn }: Asked,
  { policies, boundary, scps }: Policies,
): void {
  const wrong = ActionNames.find((action) => !/^[a-z0-9-]+:\w+$/i.test(action));
  if (wrong !== undefined) throw invalidAction(wrong);
  if (ResourcePolicy !== undefined && CallerArn === undefined) throw callerMissing();
  const levels = (scps ?? []).flatMap((level) => level.policies);
  for (const { document } of [...policies, ...(boundary ?? []), ...levels]) requireReadable(document);
  if (ResourcePolicy !== undefined) requireReadable(ResourcePolicy);
}

/**
 * A user or a role, who need not exist.
 *
 * @throws {AwsError} `InvalidInput`
 */
function callerNamed(arn: string): SimulatedCaller {
  const parts = parseArn(arn);
  if (parts?.service !== "iam" || !/^(root$|(user|group|role)\/)/.test(parts.resource)) throw invalidEntityArn(arn);
  return { arn, account: parts.account };
}

function isCrossAccount(resource: string, { CallerArn, ResourceOwner, ResourcePolicy }: Asked): boolean {
  const caller = parseArn(CallerArn ?? "")?.account;
  if (caller === undefined || ResourcePolicy === undefined) return false;
  const named = parseAccountId(parseArn(resource)?.account ?? "");
  const given = parseArn(ResourceOwner ?? "")?.account ?? ResourceOwner;
  return (named ?? given ?? caller) !== caller;
}

const contextOf = (entries: readonly Validated<ContextEntry>[]): Simulation["context"] =>
  Object.fromEntries(
    entries.map(({ ContextKeyName = "", ContextKeyValues = [] }) => [ContextKeyName, ContextKeyValues]),
  );
