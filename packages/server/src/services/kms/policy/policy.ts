/** Policies of keys. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
import { onKeyNamed } from "../access.ts";
import { policyNameUnknown } from "../errors.ts";
import { requirePolicy } from "./rules.ts";
import { keys } from "../key/row.ts";
import { requireCustomer } from "../key/state.ts";
import { operation } from "../kit.ts";
import { requireKey } from "../key/named.ts";

/** The only name that a key's policy has. */
const DEFAULT = "default";

export const putKeyPolicy = operation("PutKeyPolicy", {
  authorize: ({ KeyId, BypassPolicyLockoutSafetyCheck: bypass }, context) =>
    onKeyNamed("PutKeyPolicy", KeyId, context, {
      keys: { "kms:BypassPolicyLockoutSafetyCheck": String(bypass ?? false) },
    }),

  async handle({ KeyId, Policy, PolicyName, BypassPolicyLockoutSafetyCheck: bypass }, context) {
    // also of one that is on its way out. Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
    const key = await requireKey(KeyId, context);
    requireCustomer(key);
    requireName(PolicyName);
    context.tx.in(key).put(keys, { ...key, policy: await requirePolicy(Policy, { key, bypass }, context) });
    return {};
  },
});

export const getKeyPolicy = operation("GetKeyPolicy", {
  authorize: ({ KeyId }, context) => onKeyNamed("GetKeyPolicy", KeyId, context),

  async handle({ KeyId, PolicyName }, context) {
    const { policy, account, partition } = await requireKey(KeyId, context);
    requireName(PolicyName);
    const { tx, directory } = context;
    return { Policy: await directory.showPrincipals(policy, { tx, account, partition }), PolicyName: DEFAULT };
  },
});

export const listKeyPolicies = operation("ListKeyPolicies", {
  authorize: ({ KeyId }, context) => onKeyNamed("ListKeyPolicies", KeyId, context),

  async handle({ KeyId }, context) {
    await requireKey(KeyId, context);
    return { PolicyNames: [DEFAULT], Truncated: false };
  },
});

/** @throws {AwsError} `NotFoundException` */
function requireName(name: string | undefined): void {
  if (name !== undefined && name !== DEFAULT) throw policyNameUnknown();
}
