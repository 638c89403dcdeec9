/** Whether a credential may be used. */
import type { StatusType } from "@aws-sdk/client-iam";
import { expiredStatus } from "../errors.ts";

export type Status = "Active" | "Inactive";

/** The status that a caller asks for.
 *
 * @throws {AwsError} `InvalidInput` for the one that only AWS sets.
 */
export function requireStatus(status: StatusType): Status {
  if (status === "Expired") throw expiredStatus();
  return status;
}
