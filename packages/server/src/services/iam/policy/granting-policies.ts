/** Which policies of a user, group or role grant access to which services. */
import type { PolicyGrantingServiceAccess, PolicyOwnerEntityType } from "@aws-sdk/client-iam";
import { onEntity, requireEntity } from "../entity-access.ts";
import type { HolderKind } from "../holder.ts";
import { operation } from "../kit.ts";
import { policiesOfEntity, type EntityPolicy } from "./entity-policies.ts";
import { grantsService } from "./granted-service.ts";

const ENTITY_TYPES: Readonly<Record<HolderKind, PolicyOwnerEntityType>> = {
  user: "USER",
  group: "GROUP",
  role: "ROLE",
};

/** Permissions boundaries and denials do not count. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html */
export const listPoliciesGrantingServiceAccess = operation("ListPoliciesGrantingServiceAccess", {
  authorize: ({ Arn }) => onEntity("ListPoliciesGrantingServiceAccess", Arn),

  async handle({ Arn, ServiceNamespaces }, context) {
    const policies = await policiesOfEntity(await requireEntity(Arn, context), context.tx);
    const PoliciesGrantingServiceAccess = ServiceNamespaces.map((namespace) => ({
      ServiceNamespace: namespace,
      Policies: policies.filter(({ document }) => grantsService(document, namespace)).map(formatGranting),
    }));
    return { PoliciesGrantingServiceAccess, IsTruncated: false };
  },
});

const formatGranting = ({ name, arn, holder }: EntityPolicy): PolicyGrantingServiceAccess =>
  arn === undefined
    ? { PolicyName: name, PolicyType: "INLINE", EntityType: ENTITY_TYPES[holder.kind], EntityName: holder.name }
    : { PolicyName: name, PolicyType: "MANAGED", PolicyArn: arn };
