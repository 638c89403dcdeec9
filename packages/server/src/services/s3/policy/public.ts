/**
 * Whether a bucket policy is public: it is, unless each of its allows names fixed callers or sources.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
import { isConfined } from "../../../identity/policy/algebra/confinement.ts";
import { literalOf } from "../../../identity/policy/algebra/literal.ts";
import type { LanguageVersion, PrincipalElement, Statement } from "../../../identity/policy/ast.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";

export function isPublicPolicy(document: string): boolean {
  const { statements, version } = parsePolicy(document);
  return statements.some((statement) => statement.effect === "Allow" && isPublic(statement, version));
}

const isPublic = ({ principal, conditions }: Statement, version: LanguageVersion): boolean =>
  !isFixed(principal) && !isConfined(conditions.map((clause) => literalOf(clause, version)));

/** Federated users of a public provider are anybody. */
function isFixed(principal: PrincipalElement | undefined): boolean {
  if (!principal || principal.negated || principal.everyone) return false;
  return principal.entries.every(({ kind, value }) => kind !== "Federated" && !/[*?]|\$\{/.test(value));
}
