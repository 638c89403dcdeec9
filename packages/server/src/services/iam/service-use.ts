/**
 * When each user and role last used each service: what access advisor tells.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
import { table } from "../../kernel/table.ts";

export interface ServiceUse {
  /** The unique id of a user or role. */
  readonly entityId: string;
  /** As actions begin: `s3`. */
  readonly service: string;
  readonly atMs: number;
  readonly region: string;
}

export const serviceUses = table<ServiceUse>("iam.service-use", "account", ({ entityId, service }) => [
  entityId,
  service,
]);
