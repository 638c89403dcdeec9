/**
 * What is said of users that there are not, where a client does not tell.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
 */
import { createHash } from "node:crypto";
import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import { hidesUsers, type ClientInPool } from "../client/client-row.ts";
import { combinationNotFound } from "../errors.ts";
import { formatDelivery } from "../message/message.ts";

/**
 * A delivery that did not take place, the same for the same name.
 * @throws {AwsError} `UserNotFoundException` where the client tells.
 */
export function hiddenDelivery({ client, pool }: ClientInPool, name: string): CodeDeliveryDetailsType {
  if (!hidesUsers(client)) throw combinationNotFound();
  const letters = createHash("sha256").update(`${pool.id} ${name}`).digest("hex");
  return formatDelivery({ attribute: "email", address: `${letters.slice(0, 8)}@${letters.slice(8)}` });
}
