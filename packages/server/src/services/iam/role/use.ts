/** When and where each role was last used. */
import type { RoleLastUsed } from "@aws-sdk/client-iam";
import { table } from "../../../kernel/table.ts";

export interface RoleUse {
  readonly roleId: string;
  readonly atMs: number;
  readonly region: string;
}

export const roleUses = table<RoleUse>("iam.role-use", "account", ({ roleId }) => [roleId]);

/** Empty for a role that was never used. */
export const formatLastUse = (use: RoleUse | undefined): RoleLastUsed =>
  use ? { LastUsedDate: new Date(use.atMs), Region: use.region } : {};
