/**
 * When each user and role last used each service and each tracked action, and each account each service: what access
 * advisor tells.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
import { table } from "../../../kernel/table.ts";

interface Use {
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
  readonly region: string;
}

export interface ServiceUse extends Use {
  /** The unique id of a user or role. */
  readonly entityId: string;
  /** As actions begin: `s3`. */
  readonly service: string;
}

export const serviceUses = table<ServiceUse>("iam.service-use", "account", ({ entityId, service }) => [
  entityId,
  service,
]);

export interface ActionUse extends Use {
  readonly entityId: string;
  /** `s3:CreateBucket`. */
  readonly action: string;
}

export const actionUses = table<ActionUse>("iam.action-use", "account", ({ entityId, action }) => [entityId, action]);

/** By anybody in the account, its root user too. */
export interface AccountUse extends Use {
  readonly service: string;
}

export const accountUses = table<AccountUse>("iam.account-use", "account", ({ service }) => [service]);
