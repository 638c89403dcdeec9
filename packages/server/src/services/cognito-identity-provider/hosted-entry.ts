/** A user has signed in on a page: the browser keeps it in mind, and the app is told. */
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { newCode } from "./hosted-code.ts";
import { redirect } from "./hosted-page.ts";
import { withParameters } from "./hosted-refusal.ts";
import type { AppRequest } from "./hosted-request.ts";
import { openBrowserSession, type Entered } from "./hosted-session.ts";
import { touch } from "./tracked-session-row.ts";
import { issueTokens } from "./token.ts";
import type { User } from "./user-row.ts";

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

/** Tells the app, by a code or by the tokens themselves. */
export async function toApp(entered: Entered, asked: AppRequest, context: Context): Promise<SiteAnswer> {
  const { user, session } = entered;
  const { state } = asked;
  await touch(user, session.tracked, context);
  if (asked.responseType === "code") {
    return redirect(withParameters(asked, { code: newCode(entered, asked, context), state }));
  }
  const signIn = { ...asked, user, origin: session.tracked };
  const { idToken, accessToken, expiresInSeconds } = await issueTokens(signIn, context);
  const facts = {
    id_token: idToken,
    access_token: accessToken,
    expires_in: String(expiresInSeconds),
    token_type: "Bearer",
    state,
  };
  return redirect(withParameters(asked, facts));
}
