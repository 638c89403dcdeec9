/** What conditions say of where access comes from. */
import { isDemand } from "../../../identity/policy/algebra/confinement.ts";
import type { KeyLiteral, Literal } from "../../../identity/policy/algebra/literal.ts";
import { arnPattern, exactPattern, globPattern, type Pattern } from "../../../identity/policy/algebra/pattern.ts";
import type { Term } from "../../../identity/policy/algebra/term.ts";
import { isSubset, type ValueSet } from "../../../identity/policy/algebra/value-set.ts";
import type { Zone } from "../analyzer/zone.ts";

const ACCOUNT_KEYS = new Set([
  "aws:principalaccount",
  "aws:sourceaccount",
  "aws:sourceowner",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
]);
const ARN_KEYS = new Set(["aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"]);
const ORGANIZATION_KEYS = new Set(["aws:principalorgid", "aws:sourceorgid"]);
const PATH_KEYS = new Set(["aws:principalorgpaths", "aws:sourceorgpaths"]);

/** Whether the conditions leave only access from inside of the zone of trust. */
export const staysInside = (term: Term, zone: Zone): boolean =>
  term.some((literal) => isDemand(literal) && isInside(literal, zone));

function isInside({ key, set }: KeyLiteral, zone: Zone): boolean {
  const inside = insideOf(key, zone);
  return inside.length > 0 && isSubset(set, { kind: "texts", patterns: inside, folded: false });
}

function insideOf(key: string, { accounts, organizationId }: Zone): readonly Pattern[] {
  if (ACCOUNT_KEYS.has(key)) return accounts.map(exactPattern);
  if (ARN_KEYS.has(key)) return accounts.flatMap((account) => arnPattern(`arn:*:*:*:${account}:*`, "2012-10-17") ?? []);
  if (organizationId === undefined) return [];
  if (ORGANIZATION_KEYS.has(key)) return [exactPattern(organizationId)];
  return PATH_KEYS.has(key) ? [globPattern(`${organizationId}/*`)] : [];
}

/**
 * The conditions that findings show: those that others cannot bring about at will, or that matter otherwise.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
 */
const SHOWN_KEYS = new Map(
  [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:UserId",
    "kms:CallerAccount",
    "lambda:EventSourceToken",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sts:ExternalId",
    "SAML:aud",
    "SAML:iss",
    "SAML:sub",
  ].map((key) => [key.toLowerCase(), key]),
);

/** Claims of identity providers: `accounts.google.com:aud`. */
const CLAIM = /^[^:.]+\.[^:]+:(?:aud|sub|app_id|amr|oaud)$/;

/** The conditions of a finding, common to all of `terms`: one value each, as text. */
export function shownConditions(terms: readonly Term[]): Readonly<Record<string, string>> {
  const [first = [], ...rest] = terms.map((term) => shownOf(term));
  const common = first.filter((shown) =>
    rest.every((other) => other.some(({ name, value }) => isSame(shown, { name, value }))),
  );
  return Object.fromEntries(common.map(({ name, value }) => [name, value]));
}

interface Shown {
  readonly name: string;
  readonly value: string;
}

const isSame = (one: Shown, other: Shown): boolean => one.name === other.name && one.value === other.value;

const shownOf = (term: Term): readonly Shown[] => term.flatMap((literal) => shownLiteral(literal) ?? []);

function shownLiteral(literal: Literal): Shown | undefined {
  if (!isDemand(literal)) return undefined;
  const name = SHOWN_KEYS.get(literal.key) ?? (CLAIM.test(literal.key) ? literal.clause.key : undefined);
  return name === undefined ? undefined : { name, value: valueOf(literal) };
}

const valueOf = ({
  clause,
}: {
  readonly clause: { readonly values: readonly string[] };
  readonly set: ValueSet;
}): string => clause.values.toSorted().join(",");
