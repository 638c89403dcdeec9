/** Rules that services make for their own use: users may look at them. */
import type { Context } from "../../service/context.ts";
import { ruleIsManaged } from "./errors.ts";
import type { Rule } from "./rule-row.ts";

/** The service that makes the call of itself, or by its role in the account. */
export function managerOf({ principal }: Context): string | undefined {
  if (principal.type === "service") return principal.service;
  const roleArn = principal.type === "role-session" ? principal.roleArn : "";
  return /:role\/aws-service-role\/([^/]+)\//.exec(roleArn)?.[1];
}

/** @throws {AwsError} `ManagedRuleException` */
export function requireUnmanaged({ name, managedBy }: Rule, context: Context): void {
  if (managedBy !== undefined && managedBy !== managerOf(context)) throw ruleIsManaged(name, managedBy);
}
