/** The management policies on an account's path, and what tag policies among them come to. */
import type { EffectivePolicyType } from "@aws-sdk/client-organizations";
import type { TagRule } from "../../../identity/tag-policy.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Account } from "../account/row.ts";
import { parseTree } from "./content.ts";
import { mergeLevels } from "./effective-tree.ts";
import type { Organization } from "../organization/row.ts";
import { policiesOn } from "./row.ts";
import { isTree, type PolicyTree } from "./tree.ts";
import { withLowerKeys } from "./tag-policy.ts";
import { unitsDownTo } from "../unit/row.ts";

interface Wanted {
  readonly account: Pick<Account, "id" | "parentId">;
  readonly type: EffectivePolicyType;
}

/** From the root down. */
export async function levelsOf(
  organization: Organization,
  { account, type }: Wanted,
  tx: Transaction,
): Promise<readonly (readonly PolicyTree[])[]> {
  const units = await unitsDownTo(organization, account.parentId, tx);
  const path = [organization.rootId, ...units.map(({ id }) => id), account.id];
  return Promise.all(
    path.map(async (targetId) => {
      const policies = await policiesOn(organization, { targetId, type }, tx);
      const trees = policies.map(({ content }) => parseTree(content)).filter((tree) => tree !== undefined);
      return type === "TAG_POLICY" ? trees.map(withLowerKeys) : trees;
    }),
  );
}

/** Of tags that are enforced for some type of resource. */
export async function tagRulesOf(
  organization: Organization,
  account: Wanted["account"],
  tx: Transaction,
): Promise<readonly TagRule[]> {
  if (!organization.policyTypes.includes("TAG_POLICY")) return [];
  const merged = mergeLevels(await levelsOf(organization, { account, type: "TAG_POLICY" }, tx));
  const tags = isTree(merged) ? merged["tags"] : undefined;
  return isTree(tags) ? Object.entries(tags).flatMap(([key, statement]) => ruleOf(key, statement)) : [];
}

/** A key whose case nobody says is in lower case. Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html */
function ruleOf(policyKey: string, statement: unknown): readonly TagRule[] {
  if (!isTree(statement)) return [];
  const { tag_key: key, tag_value: values, enforced_for: enforced } = statement;
  const enforcedFor = textsIn(enforced);
  if (enforcedFor.length === 0) return [];
  return [{ key: typeof key === "string" ? key : policyKey, values: textsIn(values), enforcedFor }];
}

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
