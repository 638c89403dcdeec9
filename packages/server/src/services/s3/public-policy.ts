/**
 * Whether a bucket policy is public: it is, unless each of its allows names fixed callers or sources.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
import { parsePolicy } from "../../identity/policy/parse.ts";
import type { ConditionClause, PrincipalElement, Statement } from "../../identity/policy/ast.ts";

export const isPublicPolicy = (document: string): boolean =>
  parsePolicy(document).statements.some((statement) => statement.effect === "Allow" && isPublic(statement));

const isPublic = ({ principal, conditions }: Statement): boolean => !isFixed(principal) && !conditions.some(confines);

/** Federated users of a public provider are anybody. */
function isFixed(principal: PrincipalElement | undefined): boolean {
  if (!principal || principal.negated || principal.everyone) return false;
  return principal.entries.every(({ kind, value }) => kind !== "Federated" && !hasWildcard(value));
}

/** Keys whose fixed values confine a statement, lowercase. */
const CONFINING_KEYS = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:sourcearn",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceowner",
  "aws:sourceaccount",
  "aws:userid",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:dataaccesspointaccount",
]);

const EQUALITIES = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);

function confines({ operator, key, values }: ConditionClause): boolean {
  if (operator.ifExists || operator.set === "all" || values.length === 0) return false;
  const name = key.toLowerCase();
  if (operator.name === "IpAddress") return name === "aws:sourceip" && values.every(isNarrow);
  if (!EQUALITIES.has(operator.name)) return false;
  if (name === "s3:dataaccesspointarn") return values.every(hasFixedAccount);
  return CONFINING_KEYS.has(name) && !values.some(hasWildcard);
}

/** A wildcard or a policy variable. */
const hasWildcard = (value: string): boolean => /[*?]|\$\{/.test(value);

/** An access point's name may vary as long as its account does not. */
const hasFixedAccount = (arn: string): boolean => !hasWildcard(arn.split(":").slice(0, 5).join(":"));

/** Ranges broader than these hold the public. */
const IPV4_BITS_MIN = 8;
const IPV6_BITS_MIN = 32;

function isNarrow(range: string): boolean {
  const [address = "", bits] = range.split("/");
  if (hasWildcard(range)) return false;
  return bits === undefined || Number(bits) >= (address.includes(":") ? IPV6_BITS_MIN : IPV4_BITS_MIN);
}
