import type { Context } from "../../../service/context.ts";
import { storeArn } from "../instance-row.ts";
import { findSignedIn, openToken, type SignedIn } from "../portal-session.ts";
import { noAccess, sessionInvalid } from "./errors.ts";

/** Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html (sso_registration_scopes) */
const ACCOUNT_ACCESS = "sso:account:access";

/**
 * Whom a bearer token stands for.
 * @throws {AwsError} `UnauthorizedException`; `ForbiddenException` where the token is for something else
 */
export async function requireBearer(
  { accessToken }: { readonly accessToken: string },
  context: Context,
): Promise<SignedIn> {
  const facts = openToken("access", accessToken, context);
  const signedIn = facts && (await findSignedIn(facts.sessionId, context));
  if (!signedIn) throw sessionInvalid();
  const { instance, user, session } = signedIn;
  const onBehalfOf = { userId: user.id, identityStoreArn: storeArn(instance) };
  const { account: accountId } = instance;
  context.identified({ type: "IdentityCenterUser", accountId, onBehalfOf, credentialId: session.id }, accountId);
  if (facts.scopes.length > 0 && !facts.scopes.includes(ACCOUNT_ACCESS)) throw noAccess();
  return signedIn;
}
