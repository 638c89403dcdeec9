/** How far a grant reaches. Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html */
import type { GrantOperation } from "@aws-sdk/client-kms";
import type { EncryptionContext } from "../use/ciphertext.ts";
import type { Constraints, Grant } from "./row.ts";

/** A grant that somebody wants to make who has no more than a grant to do so. */
export interface ChildGrant {
  readonly operations: readonly GrantOperation[];
  readonly constraints: Constraints;
}

export interface Wanted {
  readonly action: string;
  readonly encryptionContext?: EncryptionContext | undefined;
  /** Where the action is to make one. */
  readonly childGrant?: ChildGrant | undefined;
}

/** Whether the grant lets its grantee do so. `sourceArn`: the resource for which a service calls. */
export function covers(grant: Grant, wanted: Wanted, sourceArn: string | undefined): boolean {
  const { operations, constraints } = grant;
  const { action, encryptionContext = {}, childGrant } = wanted;
  if (!operations.some((operation) => operation === action)) return false;
  if (constraints.sourceArn !== undefined && constraints.sourceArn !== sourceArn) return false;
  if (childGrant !== undefined) return isWithin(childGrant, grant);
  return !CONSTRAINED.has(action) || isMet(constraints, encryptionContext);
}

/** Only what has an encryption context is bound by one. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
const CONSTRAINED: ReadonlySet<string> = new Set([
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
]);

const isMet = ({ equals, subset }: Constraints, context: EncryptionContext): boolean =>
  (equals === undefined || isEqual(equals, context)) && (subset === undefined || isPart(subset, context));

/**
 * Nobody gives away by a grant what the own grant does not allow: no other operations, no looser constraints.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant
 */
const isWithin = (child: ChildGrant, parent: Grant): boolean =>
  child.operations.every((operation) => parent.operations.includes(operation)) &&
  isAsStrict(child.constraints, parent.constraints);

function isAsStrict(child: Constraints, { equals, subset, sourceArn }: Constraints): boolean {
  if (sourceArn !== undefined && child.sourceArn !== sourceArn) return false;
  if (equals !== undefined && !(child.equals !== undefined && isEqual(equals, child.equals))) return false;
  return subset === undefined || isPart(subset, { ...child.subset, ...child.equals });
}

const isPart = (part: EncryptionContext, whole: EncryptionContext): boolean =>
  Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && whole[name] === value);

const isEqual = (one: EncryptionContext, other: EncryptionContext): boolean =>
  Object.keys(one).length === Object.keys(other).length && isPart(one, other);
