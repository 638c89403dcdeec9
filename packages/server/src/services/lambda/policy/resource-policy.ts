/**
 * The policy of a function, a version or an alias as a whole, which may also deny.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html
 */
import { parseArn } from "../../../kernel/arn.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import { onPlace } from "../access.ts";
import { requireNamed } from "../function/alias.ts";
import { policyInvalid, policyOfLatest, resourceMissing } from "../errors.ts";
import { LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { operation } from "../kit.ts";
import { policies, policyOf, type FunctionPolicy } from "./row.ts";
import { requireRevision } from "../revision.ts";
import { pinned } from "./statement.ts";

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onPlace("PutResourcePolicy", placeAt(ResourceArn, context)),

  async handle({ ResourceArn, Policy, RevisionId }, context) {
    const place = placeOf(ResourceArn, context);
    if (place.qualifier === LATEST) throw policyOfLatest();
    await requireNamed(place);
    requireRevision(await policyOf(place), RevisionId, "GetPolicy");
    await requireValid(Policy);
    const { name, qualifier = "" } = place;
    const policy = { ...(await pinned(Policy, place, context)), name, qualifier, revisionId: context.newId() };
    place.tx.put(policies, policy);
    return shown(policy, place, context);
  },
});

export const getResourcePolicy = operation("GetResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onPlace("GetResourcePolicy", placeAt(ResourceArn, context)),

  async handle({ ResourceArn }, context) {
    const place = placeOf(ResourceArn, context);
    return shown(await requirePolicy(place), place, context);
  },
});

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onPlace("DeleteResourcePolicy", placeAt(ResourceArn, context)),

  async handle({ ResourceArn, RevisionId }, context) {
    const place = placeOf(ResourceArn, context);
    const policy = await requirePolicy(place);
    requireRevision(policy, RevisionId, "GetPolicy");
    place.tx.delete(policies, policy.name, policy.qualifier);
    return {};
  },
});

/** Only whole ARNs name one. @throws {AwsError} `ResourceNotFoundException` */
function placeAt(arn: string, context: Context): FunctionPlace {
  if (parseArn(arn)?.service !== "lambda") throw resourceMissing();
  return placeOf(arn, context);
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requirePolicy(place: FunctionPlace): Promise<FunctionPolicy> {
  const policy = await policyOf(place);
  if (policy === undefined) throw resourceMissing();
  return policy;
}

/** @throws {AwsError} `InvalidParameterValueException` */
async function requireValid(text: string): Promise<void> {
  const { default: table } = await import("../../../../models/iam/lambda.json", { with: { type: "json" } });
  const actions = table.actions.map(([name]) => `lambda:${String(name)}`);
  // a statement about another function is stored, and has no effect
  const rules = { actions, isResource: () => true, applies: () => true };
  if (validatePolicy(text, "resource", rules)) throw policyInvalid();
}

const shown = async (policy: FunctionPolicy, place: FunctionPlace, { directory }: Context) => ({
  Policy: await directory.showPrincipals(policy, place),
  RevisionId: policy.revisionId,
});
