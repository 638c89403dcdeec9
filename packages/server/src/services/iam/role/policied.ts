/** Roles and their trust policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { findRole, roles, type Role } from "./row.ts";
import { showTrust } from "./trust.ts";

const ROWS = 500;

export const policiedRoles: Policied = {
  type: "AWS::IAM::Role",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(roles, { after, limit: ROWS });
      for (const role of rows) found.push(await shown(role, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = roles.keyOf(last);
    }
  },

  async find(arn, place) {
    const role = await findRole(parseArn(arn)?.resource.split("/").at(-1) ?? "", place.tx);
    return role?.arn === arn ? shown(role, place) : undefined;
  },
};

async function shown(role: Role, { tx, account }: PoliciedPlace): Promise<PoliciedResource> {
  return { arn: role.arn, owner: account, policy: await showTrust(role, tx), publicAccess: "possible" };
}
