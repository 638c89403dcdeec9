/**
 * Credentials of a role for a user: STS gives them for an assertion of the instance, which the account's provider
 * vouches for, so that the role's trust and all policies have their say.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
import { assert } from "../../../kernel/assert.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { SignedIn } from "../portal-session.ts";
import { accountRolesOf, type AccountRole } from "./access.ts";
import { requireBearer } from "./bearer.ts";
import { noAccess } from "./errors.ts";
import { operation } from "./kit.ts";
import { roleAssertion } from "./role-assertion.ts";

export const getRoleCredentials = operation("GetRoleCredentials", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const signedIn = await requireBearer(input, context);
    const all = await accountRolesOf(signedIn, context, input.accountId);
    const wanted = all.find(({ permissionSet }) => permissionSet.name === input.roleName);
    if (!wanted) throw noAccess();
    const credentials = await takeRole(wanted, signedIn, context);
    return {
      roleCredentials: {
        accessKeyId: credentials.AccessKeyId,
        secretAccessKey: credentials.SecretAccessKey,
        sessionToken: credentials.SessionToken,
        expiration: credentials.Expiration?.getTime(),
      },
    };
  },
});

type StsSdk = typeof import("@aws-sdk/client-sts");

/** @throws {AwsError} `ForbiddenException` where STS gives none: the role or the provider were changed behind our back */
async function takeRole(wanted: AccountRole, signedIn: SignedIn, context: Context) {
  const { account, permissionSet } = wanted;
  const assertion = await roleAssertion(wanted, signedIn, context);
  if (assertion === undefined) throw noAccess();
  const { roleArn: RoleArn, providerArn: PrincipalArn, response: SAMLAssertion } = assertion;
  const DurationSeconds = permissionSet.sessionSeconds;
  try {
    const { Credentials } = await context.call<StsSdk, "AssumeRoleWithSAML">({
      service: "sts",
      operation: "AssumeRoleWithSAML",
      input: { RoleArn, PrincipalArn, SAMLAssertion, DurationSeconds },
      as: { type: "anonymous" },
      account,
      region: signedIn.instance.region,
    });
    assert(Credentials !== undefined, "STS gives credentials");
    return Credentials;
  } catch (error) {
    if (error instanceof AwsError) throw noAccess();
    throw error;
  }
}
