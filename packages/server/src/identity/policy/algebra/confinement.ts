/**
 * Whether conditions keep the public out: they do where they ask for fixed callers or sources.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
import type { KeyLiteral, Literal } from "./literal.ts";
import type { Pattern } from "./pattern.ts";
import type { Term } from "./term.ts";
import type { ValueSet } from "./value-set.ts";

/** Keys whose fixed values confine, in lower case. */
const CONFINING_KEYS = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourcearn",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceowner",
  "aws:sourceaccount",
  "aws:userid",
  "kms:calleraccount",
  "lambda:eventsourcetoken",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:dataaccesspointaccount",
]);

/** Ranges broader than these hold the public. */
const IPV4_BITS_MIN = 8;
const IPV6_BITS_MIN = 32;
const IPV4_GROUPS = 2;

/** Conditions that name values which the caller has to have. */
export const isDemand = (literal: Literal): literal is KeyLiteral =>
  literal.kind === "key" &&
  !literal.absent &&
  !literal.empty &&
  !literal.outside &&
  literal.quantifier === "some" &&
  literal.clause.operator.name !== "Null";

export const isConfined = (term: Term): boolean => term.some((literal) => isDemand(literal) && confines(literal));

function confines({ key, set }: KeyLiteral): boolean {
  if (key === "aws:sourceip") return isNarrow(set);
  if (key === "s3:dataaccesspointarn") return set.kind === "texts" && set.patterns.every(hasFixedAccount);
  return CONFINING_KEYS.has(key) && set.kind === "texts" && set.patterns.every(isFixed);
}

const isFixed = ({ units }: Pattern): boolean => units.every((unit) => unit >= 0);

/** An access point's name may vary as long as its account does not. */
function hasFixedAccount({ units }: Pattern): boolean {
  let colons = 0;
  const end = units.findIndex((unit) => unit === ":".charCodeAt(0) && ++colons === 5);
  return end !== -1 && units.slice(0, end).every((unit) => unit >= 0);
}

const isNarrow = (set: ValueSet): boolean =>
  set.kind === "addresses" &&
  set.ranges.every(
    ({ base, prefixBits }) => prefixBits >= (base.length === IPV4_GROUPS ? IPV4_BITS_MIN : IPV6_BITS_MIN),
  );
