/**
 * `/oauth2/authorize` and `/login`: a user says who they are, and the app is told.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
 */
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { authenticatePassword } from "../sign-in/password-sign-in.ts";
import { proceed } from "../sign-in/sign-in.ts";
import { follow } from "./challenge.ts";
import { toApp } from "./entry.ts";
import { leadToProvider } from "./federation.ts";
import { formPage, linksPage, requireForm } from "./form.ts";
import { redirect } from "./page.ts";
import { problemPage, refusedToApp } from "./refusal.ts";
import {
  askedProvider,
  externalProviders,
  knowsOwnUsers,
  requireAppRequest,
  requireAuthorizeRequest,
  type AppRequest,
} from "./request.ts";
import { browserEntrant } from "./session.ts";

export const authorize: Site = async (request, context) => {
  const asked = await requireAuthorizeRequest(request, context);
  const provider = await askedProvider(asked, request, context);
  const entered = asked.prompts.includes("login") ? undefined : await browserEntrant(asked, request, context);
  if (entered !== undefined) return toApp(entered, asked, context);
  if (asked.prompts.includes("none")) throw refusedToApp("login_required", asked);
  if (provider !== undefined) return leadToProvider(asked, provider, request, context);
  return redirect(`/login?${asked.query}`);
};

export const showLogin: Site = async (request, context) => {
  const asked = await requireAuthorizeRequest(request, context);
  const entered = asked.prompts.includes("login") ? undefined : await browserEntrant(asked, request, context);
  const provider = entered === undefined ? await askedProvider(asked, request, context) : undefined;
  if (provider !== undefined) return leadToProvider(asked, provider, request, context);
  return entered === undefined ? loginPage(asked, {}, request, context) : toApp(entered, asked, context);
};

export const takeLogin: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const username = (typed.get("username") ?? "").trim();
  const password = typed.get("password") ?? "";
  try {
    await requireUnblocked(asked, { type: "SignIn", name: username }, context);
    const user = await authenticatePassword({ ...asked, username, password }, context);
    const step = await proceed({ ...asked, user, typed: username, onPages: true }, context);
    return await follow(step, { asked, request, username }, context);
  } catch (error) {
    return problemPage(error, (problem) => loginPage(asked, { username, problem }, request, context));
  }
};

interface Before {
  readonly username?: string;
  readonly problem?: string;
}

function loginPage(
  { query, redirectUri, pool, client, loginHint = "" }: AppRequest,
  { username = loginHint, problem }: Before,
  request: SiteRequest,
  context: Context,
): SiteAnswer {
  const others = Object.fromEntries(
    externalProviders(client).map((name) => [`Sign in with ${name}`, `/oauth2/authorize?${withProvider(query, name)}`]),
  );
  if (!knowsOwnUsers(client)) return linksPage({ title: "Sign in", links: others, leadsTo: redirectUri });
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
      links: {
        ...others,
        "Forgot your password?": `/forgotPassword?${query}`,
        ...(mayJoin && { "Sign up": `/signup?${query}` }),
      },
    },
    request,
    context,
  );
}

const withProvider = (query: string, name: string): string =>
  new URLSearchParams([...new URLSearchParams(query), ["identity_provider", name]]).toString();
