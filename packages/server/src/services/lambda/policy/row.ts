/** Policies of functions, of their versions and of their aliases: each has its own. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { table } from "../../../kernel/table.ts";
import type { FunctionPlace } from "../function/name.ts";
import { LATEST } from "../function/name.ts";

export interface FunctionPolicy extends PinnedPolicy {
  readonly name: string;
  /** Empty: of the function as a whole. */
  readonly qualifier: string;
  readonly revisionId: string;
}

export const policies = table<FunctionPolicy>("lambda.policy", "region", ({ name, qualifier }) => [name, qualifier]);

export function policyOf({
  name,
  qualifier = "",
  tx,
}: Pick<FunctionPlace, "name" | "qualifier" | "tx">): Promise<FunctionPolicy | undefined> {
  return tx.get(policies, name, qualifier === LATEST ? "" : qualifier);
}
