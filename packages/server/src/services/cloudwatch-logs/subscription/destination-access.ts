import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { destinationArn, destinationOf } from "../destination-row.ts";
import { destinationNotFound } from "../errors.ts";

/**
 * A destination's own policy says which accounts may send to it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html, and of account policies
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions-Kinesis-Account.html
 */
export async function onDestination(
  action: "PutAccountPolicy" | "PutSubscriptionFilter",
  text: string,
  context: Context,
): Promise<readonly Access[]> {
  if (!/^arn:[^:]*:logs:/.test(text)) return [];
  const destination = await destinationOf(text, context.tx);
  if (destination === undefined) throw destinationNotFound();
  const { policy, account, name, tags } = destination;
  return [
    {
      action: `logs:${action}`,
      resource: destinationArn(destination),
      owner: account,
      resourcePolicy: policy && { name: `destination policy of ${name}`, document: policy.document },
      resourceTags: tags,
    },
  ];
}
