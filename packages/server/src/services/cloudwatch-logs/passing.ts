import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";

/** Who names a role hands it to the service. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html */
export function passing(roleArn: string | undefined): readonly Access[] {
  const role = parseArn(roleArn ?? "");
  if (role === undefined) return [];
  return [{ action: "iam:PassRole", resource: formatArn(role), keys: { "iam:PassedToService": "logs.amazonaws.com" } }];
}
