/**
 * Credentials for the part of the data that was granted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetDataAccess.html
 */
import type { Principal } from "../../../../identity/principal.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Context } from "../../../../service/context.ts";
import { assumeRole, withKeys, type RoleUse } from "../../../../service/role-session.ts";
import { invalidNextToken, noGrantFor, roleNotTaken, sessionInvalid, sessionTooLarge } from "../errors.ts";
import { filteredPage } from "../../listing/filtered-page.ts";
import { operation } from "../kit.ts";
import { GRANT_SECONDS_USUAL } from "../limits.ts";
import { grantedScopes, headOf, keyOfGrantee, requireOrdered } from "./granted.ts";
import { askOfGranter, granterOf } from "./granter.ts";
import { findGrant } from "./match.ts";
import { grantsInstances, instanceArn, requireLocation } from "./row.ts";
import { policyFor } from "./session-policy.ts";

const GRANTS_SERVICE = "access-grants.s3.amazonaws.com";

export const getDataAccess = operation("GetDataAccess", {
  authorize: (input, context) => askOfGranter("s3:GetDataAccess", input, context),

  async handle(input, context) {
    const { Target: target, Permission: permission, Privilege = "Default", DurationSeconds } = input;
    const place = { account: granterOf(input), region: context.region, tx: context.tx };
    await requireOrdered(place);
    const grantee = nameOf(context.principal);
    const grant = grantee === undefined ? undefined : await findGrant({ grantee, target, permission }, place);
    if (grant === undefined) throw noGrantFor({ permission, target });
    const { roleArn } = await requireLocation(grant.location, place);
    const instance = instanceArn(place, context);
    const scope = Privilege === "Minimal" ? target : grant.scope;
    const { Credentials } = await lend(
      {
        roleArn,
        service: GRANTS_SERVICE,
        sessionName: `access-grants-${context.newId()}`,
        account: place.account,
        sourceArn: instance,
        policy: policyFor(scope, permission, context),
        durationSeconds: DurationSeconds ?? GRANT_SECONDS_USUAL,
      },
      context,
    );
    return {
      Credentials: {
        AccessKeyId: Credentials?.AccessKeyId,
        SecretAccessKey: Credentials?.SecretAccessKey,
        // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location-register.html (what the role's policy asks for)
        SessionToken: withKeys(Credentials?.SessionToken, { "s3:AccessGrantsInstanceArn": instance }, context),
        Expiration: Credentials?.Expiration,
      },
      MatchedGrantTarget: scope,
      Grantee: { GranteeType: "IAM" as const, GranteeIdentifier: grant.grantee },
    };
  },
});

/** Takes on the role of a location. @throws {AwsError} `StsNotAuthorizedError`, `StsPackedPolicyTooLargeError`, `StsValidationError` */
async function lend(use: RoleUse, context: Context) {
  try {
    return await assumeRole(use, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "AccessDenied") throw roleNotTaken({ service: use.service, roleArn: use.roleArn });
    if (error.code === "PackedPolicyTooLargeException") throw sessionTooLarge();
    throw error.code === "ValidationError" ? sessionInvalid(error.message) : error;
  }
}

/** As what the caller may have been granted something: a user, or whoever has taken on a role. */
function nameOf(principal: Principal): string | undefined {
  if (principal.type === "user") return principal.arn;
  return principal.type === "role-session" ? principal.roleArn : undefined;
}

export const listCallerAccessGrants = operation("ListCallerAccessGrants", {
  authorize: (input, context) => askOfGranter("s3:ListCallerAccessGrants", input, context),

  async handle(input, context) {
    const { NextToken: token, MaxResults: limit, GrantScope = "" } = input;
    const place = { account: granterOf(input), region: context.region, tx: context.tx };
    const grantee = nameOf(context.principal);
    const { tx } = context;
    // nobody has a grant through an application here
    const isNone = input.AllowedByApplication === true || grantee === undefined;
    if (isNone || !(await tx.get(grantsInstances, place.account, place.region))) return { CallerAccessGrantsList: [] };
    await requireOrdered(place);
    const start = GrantScope.replace(/\*$/, "");
    const { rows, next } = await filteredPage(tx, grantedScopes, {
      prefix: keyOfGrantee(place, grantee),
      startsWith: headOf(start),
      fits: ({ scope }) => scope.startsWith(start),
      token,
      limit,
      invalidToken: invalidNextToken,
    });
    const CallerAccessGrantsList = rows.map(({ permission, scope }) => ({ Permission: permission, GrantScope: scope }));
    return { CallerAccessGrantsList, NextToken: next };
  },
});
