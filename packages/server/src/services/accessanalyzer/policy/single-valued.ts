import type { SingleValued } from "../../../identity/policy/algebra/literal.ts";
import { isSingleValuedGlobalKey } from "../../../identity/policy/algebra/single-valued.ts";
import type { ActionReference } from "../../../service/action-reference.ts";

/** Keys that never have more than one value, the services' own included. */
export const singleValuedBy =
  (reference: ActionReference): SingleValued =>
  (key) =>
    isSingleValuedGlobalKey(key) || isSingleValuedServiceKey(key, reference);

function isSingleValuedServiceKey(key: string, reference: ActionReference): boolean {
  const prefix = key.slice(0, key.indexOf(":"));
  if (prefix === "aws" || prefix === "") return false;
  for (const [name, type] of reference.of(prefix)?.conditionKeys ?? []) {
    if (name.toLowerCase() === key) return !type.startsWith("ArrayOf");
  }
  return false;
}
