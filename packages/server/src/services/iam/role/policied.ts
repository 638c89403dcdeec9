/** Roles and their trust policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import { policiedRows } from "../../../service/policied-rows.ts";
import { findRole, roles } from "./row.ts";
import { showTrust } from "./trust.ts";

export const policiedRoles = policiedRows({
  type: "AWS::IAM::Role",
  rows: roles,
  find: (arn, { tx }) => findRole(parseArn(arn)?.resource.split("/").at(-1) ?? "", tx),
  show: async (role, { tx }) => ({ arn: role.arn, policy: await showTrust(role, tx) }),
});
