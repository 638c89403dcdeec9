/**
 * Signing in to the console: the federation endpoint for brokers, where SAML providers post their assertions, where
 * users enter their password, and where they let `aws login` have credentials. All but the last step are pages.
 */
import { findOwn } from "../../kernel/lookup.ts";
import { defineService } from "../../service/service.ts";
import type { Site } from "../../service/site.ts";
import { html } from "../../kernel/html.ts";
import { AUTHORIZE_PATH, showAuthorization, showCode, takeAuthorization } from "./authorize.ts";
import { showConsole } from "./console-page.ts";
import { END_SESSION, endSession } from "./console-session.ts";
import { CONSOLE_PATH } from "./destination.ts";
import { CONFIRMATION_PATH } from "./developer-client.ts";
import { noSuchPage, SignInRefused } from "./errors.ts";
import { federate } from "./federation-endpoint.ts";
import { FORGET_AUTHORIZATION, FORGET_LOGIN, forgetAuthorization, forgetLogin } from "./login-row.ts";
import type { SigninSdk } from "./model.ts";
import { page } from "./page.ts";
import { signInBySaml } from "./saml-sign-in.ts";
import { changePassword } from "./password-change.ts";
import { createToken } from "./token.ts";
import { SIGN_IN_PATH } from "./user-session.ts";
import { askWho, signInUser } from "./user-sign-in.ts";

const PAGES: Readonly<Record<string, Site>> = {
  "GET /federation": federate,
  "POST /federation": federate,
  "POST /saml": signInBySaml,
  [`GET ${CONSOLE_PATH}`]: showConsole,
  [`GET ${SIGN_IN_PATH}`]: async (request) => askWho(request),
  [`POST ${SIGN_IN_PATH}`]: signInUser,
  [`POST ${SIGN_IN_PATH}/password`]: changePassword,
  [`GET ${AUTHORIZE_PATH}`]: showAuthorization,
  [`POST ${AUTHORIZE_PATH}`]: takeAuthorization,
  [`GET ${CONFIRMATION_PATH}`]: showCode,
};

const site: Site = async (request, context) => {
  const show = findOwn(PAGES, `${request.method} ${request.path}`);
  try {
    if (show === undefined) throw noSuchPage();
    return await show(request, context);
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    return page({ title: "Sign-in failed", body: html`<p>${error.message}</p>`, status: error.status });
  }
};

export const signin = defineService<SigninSdk>("signin", {
  timeUnitMs: 1000,
  operations: [createToken],
  jobs: { [END_SESSION]: endSession, [FORGET_AUTHORIZATION]: forgetAuthorization, [FORGET_LOGIN]: forgetLogin },
  site,
});
