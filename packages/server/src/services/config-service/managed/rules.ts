/** The rules that AWS keeps: those that are evaluated here, and those that wait for what they are about. */
import { ACCOUNT_RULES } from "./account.ts";
import { AWS_RULES } from "./aws-rules.ts";
import { IDENTITY_RULES } from "./identity.ts";
import type { ManagedRule } from "./rule-kind.ts";
import { SECRET_RULES } from "./secret.ts";
import { STORAGE_RULES } from "./storage.ts";
import { TRAIL_RULES } from "./trail.ts";
import { WATCHING_RULES } from "./watching.ts";
import { WORKLOAD_RULES } from "./workload.ts";

const BUILT: readonly ManagedRule[] = [
  ...ACCOUNT_RULES,
  ...IDENTITY_RULES,
  ...SECRET_RULES,
  ...STORAGE_RULES,
  ...TRAIL_RULES,
  ...WATCHING_RULES,
  ...WORKLOAD_RULES,
];

const BY_ID: ReadonlyMap<string, ManagedRule> = new Map(BUILT.map((rule) => [rule.identifier, rule]));

export const findManagedRule = (identifier: string): ManagedRule | undefined => BY_ID.get(identifier);
export const isWaiting = (identifier: string): boolean => AWS_RULES.has(identifier) && !BY_ID.has(identifier);
