/** The rows of rules, and their finders. */
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { requireBusAt, placeOf, type BusPlace } from "../bus/row.ts";
import { ruleNotFound } from "../errors.ts";
import { ruleArn } from "../kit.ts";

export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: RuleState;
  readonly description?: string;
  readonly roleArn?: string;
  /** The service that made it for its own use. */
  readonly managedBy?: string;
  /** The archive that it fills. */
  readonly archive?: string;
  readonly createdBy: AccountId;
  /** What the rate of its schedule counts from. */
  readonly enabledAtMs: number;
  readonly tags: Tags;
}

export const rules = table<Rule>("eventbridge.rule", "region", ({ bus, name }) => [bus, name]);

export const arnOfRule = (rule: Rule): Arn => ruleArn(rule, rule.bus, rule.name);
export const isEnabled = ({ state }: Rule): boolean => state !== "DISABLED";

export interface FoundRule {
  readonly rule: Rule;
  readonly place: BusPlace;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireRule(name: string, bus: string | undefined, context: Context): Promise<FoundRule> {
  const place = placeOf(bus, context);
  await requireBusAt(place);
  const rule = await place.tx.get(rules, place.name, name);
  if (rule === undefined) throw ruleNotFound(name, place.name);
  return { rule, place };
}
