/** Rules that services make for their own use: users may look at them. */
import { linkedServiceOf } from "../../../kernel/service-linked-role.ts";
import type { Context } from "../../../service/context.ts";
import { ruleIsManaged } from "../errors.ts";
import type { Rule } from "./row.ts";

/** The service that makes the call of itself, or by its role in the account. */
export function managerOf({ principal }: Context): string | undefined {
  if (principal.type === "service") return principal.service;
  return principal.type === "role-session" ? linkedServiceOf(principal.roleArn) : undefined;
}

/** @throws {AwsError} `ManagedRuleException` */
export function requireUnmanaged({ name, managedBy }: Rule, context: Context): void {
  if (managedBy !== undefined && managedBy !== managerOf(context)) throw ruleIsManaged(name, managedBy);
}
