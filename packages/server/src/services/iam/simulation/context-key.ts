/** Which condition keys policies ask for: what a simulation has to be given. */
import { contextKeysOf, distinctKeys } from "../../../identity/policy/context-keys.ts";
import { onEntity, requireEntity } from "../entity-access.ts";
import { operation } from "../kit.ts";
import { requireReadable } from "../policy/document.ts";
import { policiesOfEntity } from "../policy/entity-policies.ts";

export const getContextKeysForCustomPolicy = operation("GetContextKeysForCustomPolicy", {
  authorize: () => ({ action: "iam:GetContextKeysForCustomPolicy", resource: "*" }),

  async handle({ PolicyInputList }) {
    return { ContextKeyNames: keysOf(PolicyInputList) };
  },
});

export const getContextKeysForPrincipalPolicy = operation("GetContextKeysForPrincipalPolicy", {
  authorize: ({ PolicySourceArn }) => onEntity("GetContextKeysForPrincipalPolicy", PolicySourceArn),

  async handle({ PolicySourceArn, PolicyInputList = [] }, context) {
    const entity = await requireEntity(PolicySourceArn, context);
    const policies = await policiesOfEntity(entity, context.tx);
    return { ContextKeyNames: keysOf([...policies.map(({ document }) => document), ...PolicyInputList]) };
  },
});

function keysOf(documents: readonly string[]): string[] {
  for (const document of documents) requireReadable(document);
  return [...distinctKeys(documents.flatMap(contextKeysOf))];
}
