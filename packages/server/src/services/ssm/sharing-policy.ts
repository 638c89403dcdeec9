/**
 * The policy of a parameter that lets other accounts read it; only of the advanced tier.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutResourcePolicy.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
 */
import { hash } from "node:crypto";
import { validatePolicy } from "../../identity/policy/validate.ts";
import { parseArn, type Arn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { Shareable } from "../../service/shareable.ts";
import {
  notImplemented,
  policyHashWrong,
  policyMalformed,
  policyNotFound,
  policyResourceStandard,
  policyResourceUnknown,
  policyThere,
} from "./errors.ts";
import { operation } from "./kit.ts";
import {
  arnOf,
  findParameter,
  parameters,
  putParameterRow,
  type Parameter,
  type SharingPolicy,
} from "./parameter-row.ts";

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutResourcePolicy.html (ResourcePolicyLimitExceededException) */
const POLICY_BYTES_MAX = 1024;

type Action = "PutResourcePolicy" | "GetResourcePolicies" | "DeleteResourcePolicy";

/** The owner's alone. */
async function onOwn(action: Action, resource: string, context: Context): Promise<Access> {
  const parameter = await findParameter(resource, context);
  return {
    action: `ssm:${action}`,
    resource: parameter === undefined ? "*" : arnOf(parameter),
    owner: parameter?.account,
    resourceTags: parameter?.tags,
  };
}

/** @throws {AwsError} `ResourceNotFoundException`, `ResourcePolicyInvalidParameterException` */
async function requireShareable(resource: string, context: Context): Promise<Parameter> {
  if (!(parseArn(resource)?.resource ?? "").startsWith("parameter/")) throw notImplemented(`a policy of ${resource}`);
  const parameter = await findParameter(resource, context);
  if (parameter === undefined) throw policyResourceUnknown();
  if (parameter.tier !== "Advanced") throw policyResourceStandard();
  return parameter;
}

const hashOf = ({ policy }: SharingPolicy): string => hash("sha256", policy.document);

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onOwn("PutResourcePolicy", ResourceArn, context),

  async handle({ ResourceArn, Policy, PolicyId, PolicyHash }, context) {
    const parameter = await requireShareable(ResourceArn, context);
    const { sharing: before } = parameter;
    if (Buffer.byteLength(Policy) > POLICY_BYTES_MAX) throw policyThere();
    if (before !== undefined) {
      if (PolicyId === undefined) throw policyThere();
      requireMatch(before, { PolicyId, PolicyHash });
    }
    const rules = { actions: await parameterActions(), isResource: () => true, applies: () => true };
    if (validatePolicy(Policy, "resource", rules)) throw policyMalformed();
    const { directory, tx } = context;
    const policy = await directory.pinPrincipals(Policy, { ...parameter, tx });
    if (policy.kind === "unknown") throw policyMalformed();
    const sharing = { id: before?.id ?? context.newId(), policy };
    putParameterRow({ ...parameter, sharing }, tx);
    return { PolicyId: sharing.id, PolicyHash: hashOf(sharing) };
  },
});

async function parameterActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../models/iam/ssm.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `ssm:${String(name)}`);
}

interface Named {
  readonly PolicyId?: string | undefined;
  readonly PolicyHash?: string | undefined;
}

/** @throws {AwsError} `ResourcePolicyNotFoundException`, `ResourcePolicyConflictException` */
function requireMatch(before: SharingPolicy | undefined, { PolicyId, PolicyHash }: Named): void {
  if (before === undefined || before.id !== PolicyId) throw policyNotFound();
  if (hashOf(before) !== PolicyHash) throw policyHashWrong();
}

export const getResourcePolicies = operation("GetResourcePolicies", {
  authorize: ({ ResourceArn }, context) => onOwn("GetResourcePolicies", ResourceArn, context),

  async handle({ ResourceArn }, context) {
    const { sharing, ...parameter } = await requireShareable(ResourceArn, context);
    if (sharing === undefined) return { Policies: [] };
    const { directory, tx } = context;
    const Policy = await directory.showPrincipals(sharing.policy, { ...parameter, tx });
    return { Policies: [{ PolicyId: sharing.id, PolicyHash: hashOf(sharing), Policy }] };
  },
});

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onOwn("DeleteResourcePolicy", ResourceArn, context),

  async handle({ ResourceArn, PolicyId, PolicyHash }, context) {
    const { sharing, ...parameter } = await requireShareable(ResourceArn, context);
    requireMatch(sharing, { PolicyId, PolicyHash });
    putParameterRow(parameter, context.tx);
    return {};
  },
});

/** What RAM may share. */
export const shareableParameters: Shareable = {
  type: "ssm:Parameter",
  async exists(resource: Arn, tx) {
    const parameter = await tx.get(parameters, parseArn(resource)?.resource.replace(/^parameter/, "") ?? "");
    return parameter !== undefined && parameter.tier === "Advanced" && arnOf(parameter) === resource;
  },
};
