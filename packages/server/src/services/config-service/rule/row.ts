/** Rules: what resources are held to. */
import type { ResourceType } from "@aws-sdk/client-config-service";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import { ruleNotFound } from "../errors.ts";
import type { SnapshotFrequency } from "../channel/row.ts";
import { RESOURCE_COMPLIANCE, type Item } from "../item/row.ts";
import { configArn } from "../kit.ts";
import { ownedPath } from "../service-linked.ts";

export interface Rule {
  readonly name: string;
  /** `config-rule-a1b2c3` */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description?: string;
  readonly scope?: RuleScope;
  readonly source: RuleSource;
  /** JSON, as it was given. */
  readonly parameters?: string;
  readonly frequency?: SnapshotFrequency;
  readonly createdBy?: string;
  readonly tags: Tags;
  readonly activatedAtMs: number;
  readonly status?: RuleStatus;
}

export interface RuleScope {
  readonly types: readonly string[];
  readonly tagKey?: string;
  readonly tagValue?: string;
  readonly resourceId?: string;
}

export type RuleSource =
  | { readonly owner: "AWS"; readonly identifier: string }
  | { readonly owner: "CUSTOM_LAMBDA"; readonly functionArn: string; readonly details: readonly Trigger[] };

export interface Trigger {
  readonly message: string;
  readonly frequency?: SnapshotFrequency;
}

export interface RuleStatus {
  readonly invokedAtMs?: number;
  readonly failedAtMs?: number;
  readonly evaluatedAtMs?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export const rules = table<Rule>("config.rule", "region", ({ name }) => [name]);

/** Rules by the types whose changes they hear of; `*`: all. */
interface RuleTrigger {
  readonly type: string;
  readonly rule: string;
}

const triggers = table<RuleTrigger>("config.rule-trigger", "region", ({ type, rule }) => [type, rule]);
const ANY = "*";
const RULES_PER_TYPE_MAX = 2000;

export const ruleArn = (rule: Rule): Arn =>
  configArn(rule, `config-rule/${ownedPath("aws-service-rule", rule.createdBy)}${rule.id}`);

/** @throws {AwsError} `NoSuchConfigRuleException` */
export async function requireRule(name: string, tx: Transaction): Promise<Rule> {
  const rule = await tx.get(rules, name);
  if (rule === undefined) throw ruleNotFound(name);
  return rule;
}

/** `types`: of the resources whose changes the rule hears of; none where it hears of no changes. */
export async function putRule(rule: Rule, types: readonly string[], tx: Transaction): Promise<void> {
  await deleteTriggers(rule, tx);
  tx.put(rules, rule);
  for (const type of types) tx.put(triggers, { type, rule: rule.name });
  tx.put(triggerTypes, { rule: rule.name, types });
}

/** Which triggers a rule has, to take them away again. */
interface TriggerTypes {
  readonly rule: string;
  readonly types: readonly string[];
}

const triggerTypes = table<TriggerTypes>("config.rule-trigger-types", "region", ({ rule }) => [rule]);

async function deleteTriggers({ name }: Rule, tx: Transaction): Promise<void> {
  const before = await tx.get(triggerTypes, name);
  for (const type of before?.types ?? []) tx.delete(triggers, type, name);
}

export async function deleteRuleRow(rule: Rule, tx: Transaction): Promise<void> {
  await deleteTriggers(rule, tx);
  tx.delete(triggerTypes, rule.name);
  tx.delete(rules, rule.name);
}

/** Those that hear of changes of such a resource, and have it in their scope. */
export async function rulesFor(item: Item, tx: Transaction): Promise<readonly Rule[]> {
  const limit = RULES_PER_TYPE_MAX;
  const rows = [
    ...(await tx.scan(triggers, { prefix: [item.type], limit })),
    ...(await tx.scan(triggers, { prefix: [ANY], limit })),
  ];
  const found = await Promise.all(rows.map(({ rule }) => tx.get(rules, rule)));
  return found.filter((rule) => rule !== undefined).filter((rule) => isInScope(item, rule));
}

export function isInScope(item: Pick<Item, "type" | "id" | "tags">, { scope }: Pick<Rule, "scope">): boolean {
  // what rules find is no matter for rules
  if (item.type === RESOURCE_COMPLIANCE) return false;
  if (scope === undefined) return true;
  const { types, tagKey, tagValue, resourceId } = scope;
  if (types.length > 0 && !isAmong(types, item.type)) return false;
  if (resourceId !== undefined && resourceId !== item.id) return false;
  if (tagKey === undefined) return true;
  const value = findOwn(item.tags, tagKey);
  return value !== undefined && (tagValue === undefined || tagValue === value);
}

const isAmong = (types: readonly string[], type: ResourceType): boolean => types.includes(type);

/** For rules that hear of all resources. */
export const ANY_TYPE: readonly string[] = [ANY];
