/**
 * Credentials of a role for a user: STS gives them for an assertion of the instance, which the account's provider
 * vouches for, so that the role's trust and all policies have their say.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
import { assert } from "../../../kernel/assert.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { findProviderArn } from "../account-provider.ts";
import { roleArn } from "../permission-set-row.ts";
import type { SignedIn } from "../portal-session.ts";
import { signedResponse } from "../saml-assertion.ts";
import { samlKeyOf } from "../saml-key.ts";
import { accountRolesOf, type AccountRole } from "./access.ts";
import { requireBearer } from "./bearer.ts";
import { noAccess } from "./errors.ts";
import { operation } from "./kit.ts";
import { sessionTagsOf } from "./session-tag.ts";

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
async function takeRole({ account, permissionSet, role }: AccountRole, signedIn: SignedIn, context: Context) {
  const { instance, user } = signedIn;
  const PrincipalArn = await findProviderArn(instance, account, context.tx);
  if (PrincipalArn === undefined) throw noAccess();
  const RoleArn = roleArn(instance, role);
  const facts = {
    id: context.newId(),
    instance,
    subject: user.attributes.UserName,
    sessionName: sessionNameOf(user.attributes.UserName),
    roleArn: RoleArn,
    providerArn: PrincipalArn,
    tags: await sessionTagsOf(signedIn, context),
    nowMs: context.now().getTime(),
  };
  const SAMLAssertion = signedResponse(facts, await samlKeyOf(instance, context));
  const DurationSeconds = permissionSet.sessionSeconds;
  try {
    const { Credentials } = await context.call<StsSdk, "AssumeRoleWithSAML">({
      service: "sts",
      operation: "AssumeRoleWithSAML",
      input: { RoleArn, PrincipalArn, SAMLAssertion, DurationSeconds },
      as: { type: "anonymous" },
      account,
      region: instance.region,
    });
    assert(Credentials !== undefined, "STS gives credentials");
    return Credentials;
  } catch (error) {
    if (error instanceof AwsError) throw noAccess();
    throw error;
  }
}

const NAME_CHARACTERS_MIN = 2;
const NAME_CHARACTERS_MAX = 64;

/** The user's name, as far as sessions may be called so. */
const sessionNameOf = (userName: string): string =>
  userName
    .replaceAll(/[^\w+=,.@-]/g, "_")
    .slice(0, NAME_CHARACTERS_MAX)
    .padEnd(NAME_CHARACTERS_MIN, "_");
