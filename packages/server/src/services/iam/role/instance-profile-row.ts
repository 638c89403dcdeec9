/** Instance profiles as rows; their operations are in `instance-profile.ts`. */
import type { Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Holder } from "../holder.ts";
import { ACCOUNT_QUOTAS } from "../limits.ts";
import { keyOfName, type Place } from "../path.ts";

export interface InstanceProfile extends Place {
  readonly id: string;
  readonly arn: Arn;
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** One at most. */
  readonly role?: { readonly id: string; readonly name: string } | undefined;
}

export const instanceProfiles = table<InstanceProfile>("iam.instance-profile", "account", ({ name }) => [
  keyOfName(name),
]);

export interface ProfileOfRole {
  readonly roleId: string;
  readonly profileName: string;
}

export const profileOfRole = table<ProfileOfRole>("iam.profile-of-role", "account", ({ roleId, profileName }) => [
  roleId,
  keyOfName(profileName),
]);

export const profilesOfRole = (tx: Transaction, { id }: Pick<Holder, "id">): Promise<ProfileOfRole[]> =>
  tx.scan(profileOfRole, { prefix: [id], limit: ACCOUNT_QUOTAS.instanceProfiles.max });
