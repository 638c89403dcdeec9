/**
 * The answers of SAML providers. Browsers post them here without their cookies, and are sent here once more with them.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp-authentication.html
 */
import type { Context } from "../../../service/context.ts";
import type { Site, SiteRequest } from "../../../service/site.ts";
import {
  isOfBrowser,
  keepAnswer,
  keptAnswer,
  takeAttempt,
  type FederationAttempt,
} from "../federation/federation-attempt-row.ts";
import { samlVouched } from "../federation/saml-provider.ts";
import { cookieOf } from "./cookie.ts";
import { requireAsked, SAML_ANSWER, toldToApp, welcome } from "./federation.ts";
import { redirect } from "./page.ts";
import { invalidState } from "./refusal.ts";
import { one, requireAuthorizeRequest } from "./request.ts";

/** The browser is back with an assertion: who it is, is known once it shows its cookie. */
export const takeAssertion: Site = async (request, context) => {
  const form = new URLSearchParams(request.body);
  const state = one(form, "RelayState") ?? "";
  const attempt = await takeAttempt(state, context);
  if (attempt === undefined) throw invalidState();
  const asked = await askedBy(attempt, request, context);
  return toldToApp(asked, async () => {
    const provider = await requireAsked(attempt, asked, context);
    const recipients = [attempt.redirectUri, `https://${request.host.replace(/\.localhost$/, "")}${SAML_ANSWER}`];
    const response = one(form, "SAMLResponse") ?? "";
    const vouched = await samlVouched({ pool: asked.pool, provider, attempt, recipients, response }, context);
    keepAnswer(attempt, vouched, context);
    return redirect(`${SAML_ANSWER}?${new URLSearchParams({ state }).toString()}`);
  });
};

export const takeAsserted: Site = async (request, context) => {
  const attempt = await takeAttempt(one(request.query, "state") ?? "", context);
  if (attempt === undefined || !isOfBrowser(attempt, cookieOf(request, "cognito-fl"))) throw invalidState();
  const vouched = keptAnswer(attempt, context);
  if (vouched === undefined) throw invalidState();
  const asked = await askedBy(attempt, request, context);
  return toldToApp(asked, async () => {
    const provider = await requireAsked(attempt, asked, context);
    return welcome({ asked, provider, vouched, request }, context);
  });
};

const askedBy = ({ query }: FederationAttempt, request: SiteRequest, context: Context) =>
  requireAuthorizeRequest({ ...request, query: new URLSearchParams(query) }, context);
