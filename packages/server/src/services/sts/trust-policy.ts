import type { RoleRecord } from "../../identity/directory.ts";
import type { ResourcePolicy } from "../../service/access.ts";

/** A policy has a statement: this one names a service that there cannot be. */
const TRUSTS_NOBODY = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "nobody.invalid" }, Action: "sts:AssumeRole" },
});

/**
 * What a role's trust policy says. A role that does not exist is answered for as one that trusts nobody, so that callers
 * cannot tell; only who may read the decision sees why.
 */
export const trustPolicyOf = (role: RoleRecord | undefined, arn: string): ResourcePolicy =>
  role === undefined
    ? { name: `no such role as ${arn}`, document: TRUSTS_NOBODY }
    : { name: `trust policy of role ${role.roleName}`, document: role.trustPolicy };
