/** What the instance vouches for when a user takes a role: that it is this user, with these tags. */
import type { Context } from "../../../service/context.ts";
import { findProviderArn } from "../account-provider.ts";
import { roleArn } from "../permission-set-row.ts";
import type { SignedIn } from "../portal-session.ts";
import { signedResponse } from "../saml-assertion.ts";
import { samlKeyOf } from "../saml-key.ts";
import type { AccountRole } from "./access.ts";
import { sessionTagsOf } from "./session-tag.ts";

interface RoleAssertion {
  readonly roleArn: string;
  readonly providerArn: string;
  /** In base64. */
  readonly response: string;
}

/**
 * @param sessionSeconds how long the console lets the user in; left out where nobody goes to the console
 * @returns `undefined` where the account's provider is gone
 */
export async function roleAssertion(
  { account, role }: AccountRole,
  signedIn: SignedIn,
  context: Context,
  sessionSeconds?: number,
): Promise<RoleAssertion | undefined> {
  const { instance, user } = signedIn;
  const providerArn = await findProviderArn(instance, account, context.tx);
  if (providerArn === undefined) return undefined;
  const facts = {
    id: context.newId(),
    instance,
    subject: user.attributes.UserName,
    sessionName: sessionNameOf(user.attributes.UserName),
    roleArn: roleArn(instance, role),
    providerArn,
    tags: await sessionTagsOf(signedIn, context),
    sessionSeconds,
    nowMs: context.now().getTime(),
  };
  return { roleArn: facts.roleArn, providerArn, response: signedResponse(facts, await samlKeyOf(instance, context)) };
}

const NAME_CHARACTERS_MIN = 2;
const NAME_CHARACTERS_MAX = 64;

/** The user's name, as far as sessions may be called so. */
const sessionNameOf = (userName: string): string =>
  userName
    .replaceAll(/[^\w+=,.@-]/g, "_")
    .slice(0, NAME_CHARACTERS_MAX)
    .padEnd(NAME_CHARACTERS_MIN, "_");
