/**
 * The pages and endpoints at a pool's domain. Differs: those of a domain of one's own are at no address here, and look
 * the same whichever version of them the domain has.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Job } from "../../../service/service.ts";
import { SiteRefusal, type Site, type SiteAnswer } from "../../../service/site.ts";
import { FORGET_ATTEMPT, forgetAttempt } from "../federation/federation-attempt-row.ts";
import { endBrowserSession } from "../token/tracked-session-row.ts";
import { isUpload, takeUpload } from "../user-import/upload.ts";
import { takeAnswer } from "./challenge.ts";
import { FORGET_CODE, forgetCode } from "./code.ts";
import { userPoolSite } from "./documents.ts";
import { recordVisit } from "./event.ts";
import { takeOidcAnswer } from "./federation.ts";
import { ANY_ORIGIN } from "./page.ts";
import { showForgotten, takeForgotten, takeRecovery } from "./recovery.ts";
import { HostedRefusal, noSuchPage } from "./refusal.ts";
import { revokeHere } from "./revocation.ts";
import { takeAsserted, takeAssertion } from "./saml.ts";
import { END_BROWSER_SESSION } from "./session.ts";
import { authorize, showLogin, takeLogin } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { confirmByLink, showSignUp, takeConfirmation, takeSignUp } from "./sign-up.ts";
import { giveTokens } from "./token.ts";
import { showUser } from "./user-info.ts";

const PAGES: Readonly<Record<string, Site>> = {
  "GET /oauth2/authorize": authorize,
  "POST /oauth2/token": giveTokens,
  "OPTIONS /oauth2/token": allowBrowsers,
  "GET /oauth2/userInfo": showUser,
  "POST /oauth2/userInfo": showUser,
  "OPTIONS /oauth2/userInfo": allowBrowsers,
  "POST /oauth2/revoke": revokeHere,
  "OPTIONS /oauth2/revoke": allowBrowsers,
  "GET /login": showLogin,
  "POST /login": takeLogin,
  "POST /challenge": takeAnswer,
  "GET /signup": showSignUp,
  "POST /signup": takeSignUp,
  "POST /confirm": takeConfirmation,
  "GET /confirmUser": confirmByLink,
  "GET /forgotPassword": showForgotten,
  "POST /forgotPassword": takeForgotten,
  "POST /confirmForgotPassword": takeRecovery,
  "GET /logout": signOut,
  "GET /oauth2/idpresponse": takeOidcAnswer,
  "POST /saml2/idpresponse": takeAssertion,
  "GET /saml2/idpresponse": takeAsserted,
};

export const HOSTED_JOBS: Readonly<Record<string, Job>> = {
  [FORGET_ATTEMPT]: async ({ tx }, digest) => forgetAttempt(digest, tx),
  [FORGET_CODE]: async ({ tx }, digest) => forgetCode(digest, tx),
  [END_BROWSER_SESSION]: async ({ tx }, digest) => endBrowserSession(digest, tx),
};

/** A pool's documents and its files of users by their paths, its pages by everything else. */
export const poolSite: Site = (request, context) => {
  if (isUpload(request)) return takeUpload(request, context);
  return request.path.includes("/.well-known/") ? userPoolSite(request, context) : hostedSite(request, context);
};

/** Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch */
async function allowBrowsers(): Promise<SiteAnswer> {
  const headers = {
    ...ANY_ORIGIN,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
  };
  return { status: 204, headers, body: "" };
}

const hostedSite: Site = async (request, context) => {
  try {
    const answer = await answerAt(request, context);
    await recordVisit(request, answer, context);
    return answer;
  } catch (error) {
    if (error instanceof SiteRefusal) await recordVisit(request, error.answer, context);
    throw error;
  }
};

const answerAt: Site = async (request, context) => {
  const name = `${request.method} ${request.path}`;
  const show = findOwn(PAGES, name);
  try {
    if (show === undefined) throw noSuchPage();
    return await show(request, context);
  } catch (error) {
    if (!(error instanceof HostedRefusal)) throw error;
    return error.answer;
  }
};
