/** Which managed policies are attached to which users, groups and roles, and how often each policy is used. */
import type { AttachedPolicy } from "@aws-sdk/client-iam";
import { parseArn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { attachedPoliciesRemain, policyNotAttached, quotaExceeded } from "../errors.ts";
import type { Holder, HolderKind } from "../holder.ts";
import { QUOTAS } from "../limits.ts";
import { list, type Paging } from "../listing.ts";

/** One policy on one holder. */
export interface Attachment {
  readonly kind: HolderKind;
  readonly holderId: string;
  readonly policyArn: string;
  readonly policyName: string;
}

/** The managed policies of one holder. */
const attachments = table<Attachment>("iam.attachment", "account", ({ holderId, policyArn }) => [holderId, policyArn]);

/** The holders of one managed policy. */
export const attachmentsOfPolicy = table<Attachment>(
  "iam.attachment-of-policy",
  "account",
  ({ policyArn, kind, holderId }) => [policyArn, kind, holderId],
);

/** How often an account uses a policy, AWS's own policies too: `AttachmentCount` and `PermissionsBoundaryUsageCount`. */
export interface PolicyUse {
  readonly policyArn: string;
  readonly attachments: number;
  readonly boundaries: number;
}

export const policyUses = table<PolicyUse>("iam.policy-use", "account", ({ policyArn }) => [policyArn]);

export const usesOf = async (tx: Transaction, policyArn: string): Promise<PolicyUse> =>
  (await tx.get(policyUses, policyArn)) ?? { policyArn, attachments: 0, boundaries: 0 };

/** A managed policy as far as attaching it goes. */
export interface Attachable {
  readonly arn: string;
  readonly name: string;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_QUOTAS = { user: "PoliciesPerUser", group: "PoliciesPerGroup", role: "PoliciesPerRole" } as const;

/** The attachments of one user, group or role: the quota on them bounds their number. */
export const attachmentsOf = (tx: Transaction, { id }: Pick<Holder, "id">): Promise<Attachment[]> =>
  tx.scan(attachments, { prefix: [id], limit: QUOTAS.PoliciesPerRole });

/** Attaching what is attached already changes nothing.
 *
 * @throws {AwsError} `LimitExceeded`
 */
export async function attach(tx: Transaction, holder: Holder, policy: Attachable): Promise<void> {
  if (await tx.get(attachments, holder.id, policy.arn)) return;
  const quota = POLICY_QUOTAS[holder.kind];
  const max = QUOTAS[quota];
  const present = await tx.scan(attachments, { prefix: [holder.id], limit: max });
  if (present.length >= max) throw quotaExceeded(quota, max);
  const row = { kind: holder.kind, holderId: holder.id, policyArn: policy.arn, policyName: policy.name };
  tx.put(attachments, row);
  tx.put(attachmentsOfPolicy, row);
  await count(tx, policy.arn, { attachments: 1 });
}

/** @throws {AwsError} `NoSuchEntity` where the policy is not attached. */
export async function detach(tx: Transaction, holder: Holder, policyArn: string): Promise<void> {
  if (!(await tx.get(attachments, holder.id, policyArn))) throw policyNotAttached(policyArn);
  tx.delete(attachments, holder.id, policyArn);
  tx.delete(attachmentsOfPolicy, policyArn, holder.kind, holder.id);
  await count(tx, policyArn, { attachments: -1 });
}

/** The output of a `ListAttached…Policies` operation. */
export async function listAttached(
  tx: Transaction,
  holder: Holder,
  { PathPrefix = "/", ...paging }: Paging & { readonly PathPrefix?: string | undefined },
): Promise<{ AttachedPolicies: AttachedPolicy[]; IsTruncated: boolean; Marker?: string }> {
  const { rows, paging: rest } = await list(tx, attachments, paging, {
    prefix: [holder.id],
    where: ({ policyArn }) => pathOf(policyArn).startsWith(PathPrefix),
  });
  const AttachedPolicies = rows.map(({ policyArn, policyName }) => ({
    PolicyArn: policyArn,
    PolicyName: policyName,
  }));
  return { AttachedPolicies, ...rest };
}

/** @throws {AwsError} `DeleteConflict` where a policy is still attached. */
export async function requireNoAttachments(tx: Transaction, holder: Holder): Promise<void> {
  const [attachment] = await tx.scan(attachments, { prefix: [holder.id], limit: 1 });
  if (attachment) throw attachedPoliciesRemain();
}

/** Counts a permissions boundary that takes the place of another, or goes. The holder's row is the caller's to put. */
export async function countBoundary(
  tx: Transaction,
  { before, after }: { readonly before: string | undefined; readonly after: string | undefined },
): Promise<void> {
  if (before !== undefined) await count(tx, before, { boundaries: -1 });
  if (after !== undefined) await count(tx, after, { boundaries: 1 });
}

async function count(
  tx: Transaction,
  policyArn: string,
  { attachments: more = 0, boundaries = 0 }: { readonly attachments?: number; readonly boundaries?: number },
): Promise<void> {
  const use = await usesOf(tx, policyArn);
  const next = { policyArn, attachments: use.attachments + more, boundaries: use.boundaries + boundaries };
  if (next.attachments === 0 && next.boundaries === 0) tx.delete(policyUses, policyArn);
  else tx.put(policyUses, next);
}

/** The path in a policy's ARN: `/service-role/` of `arn:aws:iam::aws:policy/service-role/AWSLambdaRole`. */
function pathOf(policyArn: string): string {
  const resource = parseArn(policyArn)?.resource ?? "";
  return resource.slice(resource.indexOf("/"), resource.lastIndexOf("/") + 1);
}
