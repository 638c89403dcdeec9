/**
 * The federation endpoint of the console, where a broker of one's own signs people in.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
import { html } from "../../kernel/html.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Context } from "../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../service/site.ts";
import { consoleLogin } from "./console-login.ts";
import { closeSession, openSession } from "./console-session.ts";
import { requireDestination } from "./destination.ts";
import { invalidSessionType, missingParameter, unknownAction } from "./errors.ts";
import { page, redirect } from "./page.ts";
import { requireSessionSeconds } from "./session-duration.ts";
import { requirePrincipal, requireSignIn, sealSignIn } from "./sign-in-token.ts";

type Action = (parameters: URLSearchParams, request: SiteRequest, context: Context) => SiteAnswer;

const ACTIONS: Readonly<Record<string, Action>> = {
  getSigninToken: (parameters, _request, context) => {
    if ((parameters.get("SessionType") ?? "json") !== "json") throw invalidSessionType();
    const principal = requirePrincipal(requireParameter(parameters, "Session"), context);
    const seconds = requireSessionSeconds(parameters.get("SessionDuration"), principal);
    return {
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({ SigninToken: sealSignIn({ principal, seconds }, context) }),
      event: { operation: "GetSigninToken", account: principal.account, who: principal },
    };
  },

  login: (parameters, request, context) => {
    const location = requireDestination(requireParameter(parameters, "Destination"), request);
    const { principal, seconds } = requireSignIn(requireParameter(parameters, "SigninToken"), context);
    const asked = requireSessionSeconds(parameters.get("SessionDuration"), principal);
    const issuer = parameters.get("Issuer") ?? undefined;
    const cookie = openSession({ principal, seconds: asked ?? seconds, issuer }, request, context);
    return { ...redirect(location, cookie), event: consoleLogin(principal) };
  },

  logout: (_parameters, request, context) =>
    page({ title: "Signed out", body: html`<p>Nobody is signed in.</p>`, headers: closeSession(request, context) }),
};

export const federate: Site = async (request, context) => {
  const parameters = request.method === "POST" ? withForm(request) : request.query;
  const name = parameters.get("Action") ?? "";
  const action = findOwn(ACTIONS, name);
  if (action === undefined) throw unknownAction();
  return action(parameters, request, context);
};

/** What a form says is taken before what the address says. */
const withForm = ({ query, body }: SiteRequest): URLSearchParams =>
  new URLSearchParams([...new URLSearchParams(body), ...query]);

function requireParameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === "") throw missingParameter(name);
  return value;
}
