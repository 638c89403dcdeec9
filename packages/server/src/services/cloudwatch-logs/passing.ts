import { parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import { passedRole } from "../../service/passed-role.ts";

/** Who names a role hands it to the service. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html */
export const passing = (roleArn: string | undefined): readonly Access[] =>
  roleArn === undefined || parseArn(roleArn) === undefined ? [] : [passedRole(roleArn, "logs.amazonaws.com")];
