/** A user has signed in on a page: the browser keeps it in mind, and the app is told. */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { issueTokens } from "../token/token.ts";
import { touch } from "../token/tracked-session-row.ts";
import type { User } from "../user/user-row.ts";
import { newCode } from "./code.ts";
import { redirect } from "./page.ts";
import { refusedToApp, withParameters } from "./refusal.ts";
import type { AppRequest } from "./request.ts";
import { openBrowserSession, type Entered } from "./session.ts";

/** Signs the user in to this browser, and tells the app. */
export async function enter(
  user: User,
  asked: AppRequest,
  request: SiteRequest,
  context: Context,
): Promise<SiteAnswer> {
  const { session, headers } = await openBrowserSession({ ...asked, user }, request, context);
  const answer = await toApp({ user, session }, asked, context);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/**
 * Tells the app, by a code or by the tokens themselves.
 * @throws {HostedRefusal} to the app, where a function does not let the user have tokens
 */
export async function toApp(entered: Entered, asked: AppRequest, context: Context): Promise<SiteAnswer> {
  await touch(entered.user, entered.session.tracked, context);
  try {
    return redirect(withParameters(asked, { ...(await given(entered, asked, context)), state: asked.state }));
  } catch (error) {
    throw error instanceof AwsError ? refusedToApp("invalid_request", asked, error.message) : error;
  }
}

async function given({ user, session }: Entered, asked: AppRequest, context: Context) {
  if (asked.responseType === "code") return { code: await newCode({ user, session }, asked, context) };
  const signIn = { ...asked, user, origin: session.tracked };
  const { idToken, accessToken, expiresInSeconds } = await issueTokens(signIn, context);
  return {
    id_token: idToken,
    access_token: accessToken,
    expires_in: String(expiresInSeconds),
    token_type: "Bearer",
  };
}
