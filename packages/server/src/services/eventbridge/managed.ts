/** Rules that services make for their own use: users may look at them. */
import type { Context } from "../../service/context.ts";
import { ruleIsManaged } from "./errors.ts";
import type { Rule } from "./rule-row.ts";

/** The service that makes the call of itself. */
export const managerOf = ({ principal }: Context): string | undefined =>
  principal.type === "service" ? principal.service : undefined;

/** @throws {AwsError} `ManagedRuleException` */
export function requireUnmanaged({ name, managedBy }: Rule, context: Context): void {
  if (managedBy !== undefined && managedBy !== managerOf(context)) throw ruleIsManaged(name, managedBy);
}
