/**
 * `/oauth2/authorize` and `/login`: a user says who they are, and the app is told.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../service/site.ts";
import { newCode } from "./hosted-code.ts";
import { formPage, requireForm } from "./hosted-form.ts";
import { redirect } from "./hosted-page.ts";
import { refusedToApp, withParameters } from "./hosted-refusal.ts";
import { requireAppRequest, type AppRequest } from "./hosted-request.ts";
import { browserUser, openBrowserSession } from "./hosted-session.ts";
import { authenticatePassword } from "./password-sign-in.ts";
import { issueTokens } from "./token.ts";
import type { User } from "./user-row.ts";

export const authorize: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const user = asked.prompts.includes("login") ? undefined : await browserUser(asked.pool, request, context);
  if (user !== undefined) return toApp(user, asked, context);
  if (asked.prompts.includes("none")) throw refusedToApp("login_required", asked);
  return redirect(`/login?${asked.query}`);
};

export const showLogin: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const user = asked.prompts.includes("login") ? undefined : await browserUser(asked.pool, request, context);
  return user === undefined ? loginPage(asked, {}, request, context) : toApp(user, asked, context);
};

export const takeLogin: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const username = (typed.get("username") ?? "").trim();
  const password = typed.get("password") ?? "";
  try {
    const user = await authenticatePassword({ ...asked, username, password }, context);
    return await enter(user, asked, request, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return loginPage(asked, { username, problem: error.message }, request, context);
  }
};

interface Before {
  readonly username?: string;
  readonly problem?: string;
}

function loginPage(
  { query, redirectUri, pool }: AppRequest,
  { username = "", problem }: Before,
  request: SiteRequest,
  context: Context,
): SiteAnswer {
  const mayJoin = pool.settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true;
  return formPage(
    {
      title: "Sign in",
      action: `/login?${query}`,
      fields: [
        { name: "username", label: "Username", autocomplete: "username", value: username },
        { name: "password", label: "Password", kind: "password", autocomplete: "current-password" },
      ],
      button: "Sign in",
      problem,
      leadsTo: redirectUri,
      links: { "Forgot your password?": `/forgotPassword?${query}`, ...(mayJoin && { "Sign up": `/signup?${query}` }) },
    },
    request,
    context,
  );
}

/** Signs the user in to this browser, and tells the app. */
export async function enter(
  user: User,
  asked: AppRequest,
  request: SiteRequest,
  context: Context,
): Promise<SiteAnswer> {
  const cookie = openBrowserSession(user, request, context);
  const answer = await toApp(user, asked, context);
  return { ...answer, headers: { ...answer.headers, ...cookie } };
}

async function toApp(user: User, asked: AppRequest, context: Context): Promise<SiteAnswer> {
  const { state } = asked;
  if (asked.responseType === "code") {
    return redirect(withParameters(asked, { code: newCode(user, asked, context), state }));
  }
  const { idToken, accessToken, expiresInSeconds } = await issueTokens({ ...asked, user }, context);
  const facts = {
    id_token: idToken,
    access_token: accessToken,
    expires_in: String(expiresInSeconds),
    token_type: "Bearer",
    state,
  };
  return redirect(withParameters(asked, facts));
}
