/** Whether resource control policies of the owner's organization touch resources of a type. */
import { parsePolicy } from "../../../identity/policy/parse.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { ExternalAccess } from "../finding/row.ts";
import { prefixOfType } from "./action.ts";

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ExternalAccessDetails.html */
export async function controlsOver(
  type: string,
  owner: AccountId,
  { directory, tx }: Context,
): Promise<ExternalAccess["controls"]> {
  const levels = (await directory.organizationOf(owner, tx))?.rcps ?? [];
  const documents = levels.flatMap(({ policies }) => policies.map(({ document }) => document));
  return documents.some((document) => denies(document, prefixOfType(type))) ? "APPLICABLE" : "NOT_APPLICABLE";
}

const denies = (document: string, prefix: string): boolean =>
  parsePolicy(document).statements.some(
    ({ effect, action }) =>
      effect === "Deny" &&
      (action?.negated === true ||
        action?.values.some((value) => parseGlob(value.split(":")[0]?.toLowerCase() ?? "").test(prefix)) === true),
  );
