import { formatArn, parseAccountId, parseArn } from "../kernel/arn.ts";
import type { Access } from "./access.ts";

/**
 * May the caller hand `service` this role? None is handed over between accounts.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passedRole(roleArn: string, service: string): Access {
  const role = parseArn(roleArn);
  return {
    action: "iam:PassRole",
    resource: role === undefined ? "*" : formatArn(role),
    owner: parseAccountId(role?.account ?? ""),
    keys: { "iam:PassedToService": service },
  };
}
