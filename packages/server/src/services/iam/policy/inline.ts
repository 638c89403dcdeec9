/** Policies that lie in a user, group or role itself. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { inlinePoliciesRemain, inlinePolicyNotFound, inlinePolicyTooLong } from "../errors.ts";
import type { Holder } from "../holder.ts";
import { INLINE_POLICY_CHARACTERS_MAX } from "../limits.ts";
import { list, type Paging } from "../listing.ts";
import { charactersOf, encodeDocument, requireValidDocument } from "./document.ts";

export interface InlinePolicy {
  readonly holderId: string;
  readonly name: string;
  readonly document: string;
}

const inlinePolicies = table<InlinePolicy>("iam.inline-policy", "account", ({ holderId, name }) => [holderId, name]);

/** All of them: the quota on their length bounds their number. */
export const inlinePoliciesOf = (tx: Transaction, { id }: Pick<Holder, "id">): Promise<InlinePolicy[]> =>
  tx.scan(inlinePolicies, { prefix: [id], limit: INLINE_POLICY_CHARACTERS_MAX.role });

/**
 * Puts a policy in, or another text in the place of one of that name.
 *
 * @throws {AwsError} `MalformedPolicyDocument`, `LimitExceeded`
 */
export async function putInlinePolicy(
  tx: Transaction,
  holder: Holder,
  { PolicyName: name, PolicyDocument: document }: { readonly PolicyName: string; readonly PolicyDocument: string },
): Promise<void> {
  requireValidDocument(document, "identity");
  const max = INLINE_POLICY_CHARACTERS_MAX[holder.kind];
  const others = (await inlinePoliciesOf(tx, holder)).filter((policy) => policy.name !== name);
  const characters = [...others.map((policy) => policy.document), document].map(charactersOf);
  if (characters.reduce((sum, one) => sum + one, 0) > max) throw inlinePolicyTooLong(holder, max);
  tx.put(inlinePolicies, { holderId: holder.id, name, document });
}

/** @throws {AwsError} `NoSuchEntity` */
export async function getInlinePolicy(tx: Transaction, holder: Holder, name: string) {
  const policy = await requireInlinePolicy(tx, holder, name);
  return { PolicyName: policy.name, PolicyDocument: encodeDocument(policy.document) };
}

/** @throws {AwsError} `NoSuchEntity` */
export async function deleteInlinePolicy(tx: Transaction, holder: Holder, name: string): Promise<void> {
  await requireInlinePolicy(tx, holder, name);
  tx.delete(inlinePolicies, holder.id, name);
}

/** The output of a `List…Policies` operation. */
export async function listInlinePolicies(tx: Transaction, holder: Holder, paging: Paging) {
  const { rows, paging: rest } = await list(tx, inlinePolicies, paging, { prefix: [holder.id] });
  return { PolicyNames: rows.map(({ name }) => name), ...rest };
}

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoInlinePolicies(tx: Transaction, holder: Holder): Promise<void> {
  const [policy] = await tx.scan(inlinePolicies, { prefix: [holder.id], limit: 1 });
  if (policy) throw inlinePoliciesRemain();
}

async function requireInlinePolicy(tx: Transaction, holder: Holder, name: string): Promise<InlinePolicy> {
  const policy = await tx.get(inlinePolicies, holder.id, name);
  if (!policy) throw inlinePolicyNotFound(holder.kind, name);
  return policy;
}
