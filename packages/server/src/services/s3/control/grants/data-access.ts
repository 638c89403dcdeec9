/**
 * Credentials for the part of the data that was granted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetDataAccess.html
 */
import type { Permission } from "@aws-sdk/client-s3-control";
import type { Principal } from "../../../../identity/principal.ts";
import type { AccountId } from "../../../../kernel/arn.ts";
import { pageOf } from "../../../../kernel/page.ts";
import type { Context } from "../../../../service/context.ts";
import { assumeRole, withKeys } from "../../../../service/role-session.ts";
import { invalidNextToken, noGrantFor } from "../errors.ts";
import { operation } from "../kit.ts";
import { GRANT_SECONDS_USUAL, PAGE_ITEMS_MAX } from "../limits.ts";
import { askOfGranter, granterOf } from "./granter.ts";
import { accessGrants, instanceArn, requireInstance, requireLocation, type AccessGrant } from "./row.ts";
import { covers } from "./scope.ts";
import { policyFor } from "./session-policy.ts";

const GRANTS_SERVICE = "access-grants.s3.amazonaws.com";

export const getDataAccess = operation("GetDataAccess", {
  authorize: (input, context) => askOfGranter("s3:GetDataAccess", input, context),

  async handle(input, context) {
    const { Target: target, Permission: permission, Privilege = "Default", DurationSeconds } = input;
    const place = { account: granterOf(input), region: context.region, tx: context.tx };
    await requireInstance(place);
    const fitting = (await grantsOf(place.account, context)).filter(
      (grant) => covers(grant.scope, target) && gives(grant.permission, permission),
    );
    // the narrowest of those that do
    const [grant] = fitting.toSorted((one, other) => other.scope.length - one.scope.length);
    if (grant === undefined) throw noGrantFor({ permission, target });
    const { roleArn } = await requireLocation(grant.location, place);
    const instance = instanceArn(place, context);
    const scope = Privilege === "Minimal" ? target : grant.scope;
    const { Credentials } = await assumeRole(
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

const gives = (granted: Permission, wanted: Permission): boolean => granted === "READWRITE" || granted === wanted;

/** The grants that the caller has from an account. */
async function grantsOf(account: AccountId, { tx, region, principal }: Context): Promise<readonly AccessGrant[]> {
  const names = namesOf(principal);
  const all = await tx.scan(accessGrants, { prefix: [account, region], limit: Number.MAX_SAFE_INTEGER });
  return all.filter(({ grantee }) => names.includes(grantee));
}

function namesOf(principal: Principal): readonly string[] {
  if (principal.type === "user") return [principal.arn];
  return principal.type === "role-session" ? [principal.roleArn] : [];
}

export const listCallerAccessGrants = operation("ListCallerAccessGrants", {
  authorize: (input, context) => askOfGranter("s3:ListCallerAccessGrants", input, context),

  async handle(input, context) {
    const { NextToken: token, MaxResults: limit, GrantScope: start = "" } = input;
    // nobody has a grant through an application here
    const grants = input.AllowedByApplication ? [] : await grantsOf(granterOf(input), context);
    const { rows, next } = pageOf(
      grants.filter(({ scope }) => scope.startsWith(start.replace(/\*$/, ""))),
      {
        token,
        limit: limit || PAGE_ITEMS_MAX,
        orderOf: ({ scope, id }) => [scope, id],
        invalidToken: invalidNextToken,
      },
    );
    const CallerAccessGrantsList = rows.map(({ permission, scope }) => ({ Permission: permission, GrantScope: scope }));
    return { CallerAccessGrantsList, NextToken: next };
  },
});
