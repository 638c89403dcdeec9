/**
 * Where `aws login` sends browsers: who is signed in to the console lets a program have credentials.
 * Source: https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html, https://www.rfc-editor.org/rfc/rfc7636
 */
import { hiddenField, html } from "../../kernel/html.ts";
import { newSecretBytes } from "../../kernel/ids.ts";
import type { Context } from "../../service/context.ts";
import { isFromHere } from "../../service/form-origin.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { findSession } from "./console-session.ts";
import { digestOf } from "./digest.ts";
import { developerClient, isLetIn, mayReturnTo } from "./developer-client.ts";
import { foreignForm, invalidAuthorizationRequest, nobodySignedIn, notLetIn } from "./errors.ts";
import { AUTHORIZATION_CODE_SECONDS } from "./limits.ts";
import { authorizations, FORGET_AUTHORIZATION } from "./login-row.ts";
import { page, redirect } from "./page.ts";
import { SIGN_IN_PATH } from "./user-session.ts";

export const AUTHORIZE_PATH = "/v1/authorize";

/** What a program asks for. */
interface Wish {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly challenge: string;
}

/** @throws {SignInRefused} */
export async function showAuthorization(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const wish = requireWish(request.query, request);
  const here = signInUrl(request, `${AUTHORIZE_PATH}?${request.query}`);
  // cookies are the sign-in's own, so its pages are at its own name
  if (new URL(here).host !== new URL(request.endpoint).host) return redirect(here);
  const session = await findSession(request, context);
  if (!session) return redirect(`${SIGN_IN_PATH}?${new URLSearchParams({ redirect_uri: here })}`);
  const fields = [...request.query].map(([name, value]) => hiddenField(name, value));
  return page({
    title: "Allow a program to use your credentials?",
    headers: mayPostTo(wish),
    body: html`<p>You are signed in as <strong>${session.principal.arn}</strong>.</p>
      <p>A program asks for credentials with your permissions. It waits at ${new URL(wish.redirectUri).origin}.</p>
      <form action="${AUTHORIZE_PATH}" method="post">
        ${fields}<button name="answer" value="continue">Continue</button>
        <button name="answer" value="deny">Deny</button>
      </form>`,
  });
}

/**
 * Browsers hold the page that a form leads to against the same rule, and say where a form is from where they may.
 * Source: https://www.w3.org/TR/CSP3/#directive-form-action, https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
const mayPostTo = ({ redirectUri }: Wish) => ({
  "referrer-policy": "same-origin",
  "content-security-policy": `default-src 'none'; form-action 'self' ${new URL(redirectUri).origin}; frame-ancestors 'none'`,
});

/** @throws {SignInRefused} */
export async function takeAuthorization(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const form = new URLSearchParams(request.body);
  const wish = requireWish(form, request);
  if (!isFromHere(request)) throw foreignForm();
  const session = await findSession(request, context);
  if (!session) throw nobodySignedIn();
  const { principal, expiresAtMs: endsAtMs } = session;
  if (form.get("answer") !== "continue") return answerTo(wish, { error: "access_denied" });
  if (!(await isLetIn({ action: "AuthorizeOAuth2Access", principal, ...wish }, context))) throw notLetIn(principal.arn);
  const code = Buffer.from(newSecretBytes(32)).toString("base64url");
  const { clientId, redirectUri, challenge } = wish;
  const digest = digestOf(code);
  const expiresAtMs = context.now().getTime() + AUTHORIZATION_CODE_SECONDS * 1000;
  const granted = { digest, principal, clientId, redirectUri, challenge, endsAtMs, expiresAtMs };
  context.tx.put(authorizations, granted);
  context.at(expiresAtMs, FORGET_AUTHORIZATION, digest);
  const event = { operation: "AuthorizeOAuth2Access", account: principal.account, who: principal };
  return { ...answerTo(wish, { code }), event };
}

/** The code as it is carried to another machine. @throws {SignInRefused} */
export async function showCode({ query }: SiteRequest): Promise<SiteAnswer> {
  const code = query.get("code");
  const state = query.get("state");
  if (code === null || state === null) throw invalidAuthorizationRequest("code");
  const carried = Buffer.from(new URLSearchParams({ state, code }).toString(), "utf8").toString("base64");
  return page({
    title: "Enter this code where your program asks for it",
    body: html`<p class="code">${carried}</p>`,
  });
}

function answerTo({ redirectUri, state }: Wish, answer: Readonly<Record<string, string>>): SiteAnswer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, state })) url.searchParams.set(name, value);
  return redirect(url.href);
}

/** Who asks, and where the answer goes, are not believed before they are known: what is wrong with them stays here. */
function requireWish(query: URLSearchParams, { endpoint }: Pick<SiteRequest, "endpoint">): Wish {
  const clientId = query.get("client_id") ?? "";
  const client = developerClient(clientId);
  if (client === undefined) throw invalidAuthorizationRequest("client_id");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!mayReturnTo(redirectUri, client, endpoint)) throw invalidAuthorizationRequest("redirect_uri");
  if (query.get("response_type") !== "code") throw invalidAuthorizationRequest("response_type");
  if (query.get("scope") !== "openid") throw invalidAuthorizationRequest("scope");
  if (query.get("code_challenge_method") !== "SHA-256") throw invalidAuthorizationRequest("code_challenge_method");
  const challenge = query.get("code_challenge") ?? "";
  if (!/^[\w-]{43}$/.test(challenge)) throw invalidAuthorizationRequest("code_challenge");
  return { clientId, redirectUri, challenge, state: query.get("state") ?? "" };
}

/** The sign-in's address for whoever reached the cloud by another name. */
function signInUrl({ endpoint, host }: SiteRequest, path: string): string {
  const url = new URL(path, endpoint);
  if (!/^(?:[a-z0-9-]+\.)?signin\./.test(host)) url.hostname = "signin.localhost";
  return url.href;
}
