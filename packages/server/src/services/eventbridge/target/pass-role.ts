/** Who hands a role to EventBridge has to be allowed to. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
import { parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import { passedRole } from "../../../service/passed-role.ts";
import { arnInvalid } from "../errors.ts";
import { formatArn } from "../../../kernel/arn.ts";

/** @throws {AwsError} `ValidationException` */
export const passRole = (role: string): Access => passedRole(requireArn(role), "events.amazonaws.com");

/** @throws {AwsError} `ValidationException` */
export function requireArn(text: string): Arn {
  const parts = parseArn(text);
  if (parts === undefined) throw arnInvalid(text);
  return formatArn(parts);
}
