/**
 * Signing in with an external provider: the browser is led there, and comes back with its answer. Differs: providers of
 * the types Facebook, LoginWithAmazon and SignInWithApple are kept and not asked.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { findDomain, pagesOf } from "../branding/domain-row.ts";
import { federatedUser } from "../federation/federated-user.ts";
import { isOfBrowser, newAttempt, takeAttempt, type FederationAttempt } from "../federation/federation-attempt-row.ts";
import { providers, type Provider } from "../federation/identity-provider-row.ts";
import { redeemAtProvider, type Vouched } from "../federation/oidc-sign-in.ts";
import { oidcProvider } from "../federation/provider-address.ts";
import { samlRequestUrl } from "../federation/saml-provider.ts";
import { cookieHeader, cookieOf } from "./cookie.ts";
import { enter } from "./entry.ts";
import { redirect } from "./page.ts";
import { invalidState, refusedToApp, unknownDomain } from "./refusal.ts";
import { one, requireAuthorizeRequest, type AppRequest } from "./request.ts";

const OIDC_ANSWER = "/oauth2/idpresponse";
export const SAML_ANSWER = "/saml2/idpresponse";

/** To the provider. @throws {HostedRefusal} to the app, where the provider cannot be asked */
export const leadToProvider = (
  asked: AppRequest,
  provider: Provider,
  request: SiteRequest,
  context: Context,
): Promise<SiteAnswer> =>
  toldToApp(asked, async () => {
    const returnUrl = `${await pagesHere(request, context)}${provider.type === "SAML" ? SAML_ANSWER : OIDC_ANSWER}`;
    const attempt = newAttempt(asked, provider, returnUrl, context);
    const url = await requestUrl({ asked, provider, returnUrl, ...attempt }, context);
    return redirect(url, cookieHeader("cognito-fl", attempt.cookie, request));
  });

interface Asking {
  readonly asked: AppRequest;
  readonly provider: Provider;
  /** Where the answer is to come. */
  readonly returnUrl: string;
  readonly state: string;
  readonly nonce: string;
}

function requestUrl(asking: Asking, context: Context): string | Promise<string> {
  const { asked, provider, returnUrl, state, nonce } = asking;
  const { type } = provider;
  if (type === "SAML") return samlRequestUrl({ ...asking, pool: asked.pool }, context);
  if (type !== "OIDC" && type !== "Google")
    throw refusedToApp("invalid_request", asked, `signing in with ${type} is not built`);
  const { clientId, scopes, authorizeUrl } = oidcProvider(provider, context);
  const url = new URL(authorizeUrl);
  const parameters = { client_id: clientId, redirect_uri: returnUrl, scope: scopes, state, nonce, ...hints(asked) };
  for (const [name, value] of Object.entries({ response_type: "code", ...parameters }))
    url.searchParams.set(name, value);
  return url.href;
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (login_hint, prompt) */
const hints = ({ loginHint, prompts }: AppRequest): Readonly<Record<string, string>> => {
  const prompt = prompts.filter((each) => each !== "").join(" ");
  return { ...(loginHint !== undefined && { login_hint: loginHint }), ...(prompt !== "" && { prompt }) };
};

async function pagesHere(request: SiteRequest, { tx }: Context): Promise<string> {
  const found = await findDomain(request.host.replace(/\.amazoncognito\.localhost$/, ".amazoncognito.com"), tx);
  if (found === undefined) throw unknownDomain();
  return pagesOf(found.domain, request.endpoint);
}

/** The browser is back from a provider of OpenID Connect. */
export const takeOidcAnswer: Site = async (request, context) => {
  const { query } = request;
  const attempt = await takeAttempt(one(query, "state") ?? "", context);
  if (attempt === undefined || !isOfBrowser(attempt, cookieOf(request, "cognito-fl"))) throw invalidState();
  const asked = await requireAuthorizeRequest({ ...request, query: new URLSearchParams(attempt.query) }, context);
  return toldToApp(asked, async () => {
    const provider = await requireAsked(attempt, asked, context);
    const code = one(query, "code");
    if (code === undefined) throw refusalOfProvider(query, asked);
    const vouched = redeemAtProvider({ provider: oidcProvider(provider, context), attempt, code }, context);
    return welcome({ asked, provider, vouched, request }, context);
  });
};

interface Arrival {
  readonly asked: AppRequest;
  readonly provider: Provider;
  readonly vouched: Vouched;
  readonly request: SiteRequest;
}

export async function welcome({ asked, provider, vouched, request }: Arrival, context: Context): Promise<SiteAnswer> {
  const user = await federatedUser({ ...asked, provider, vouched }, context);
  return enter(user, asked, request, context);
}

export async function requireAsked(attempt: FederationAttempt, asked: AppRequest, { tx }: Context): Promise<Provider> {
  const provider = await tx.get(providers, asked.pool.id, attempt.provider);
  if (provider === undefined || attempt.poolId !== asked.pool.id) throw invalidState();
  return provider;
}

/** What the provider says goes on to the app. */
const refusalOfProvider = (query: URLSearchParams, asked: AppRequest) =>
  refusedToApp(
    query.get("error") === "access_denied" ? "access_denied" : "invalid_request",
    asked,
    one(query, "error_description") ?? one(query, "error"),
  );

/** What is refused goes to the app. @throws {HostedRefusal} */
export async function toldToApp(asked: AppRequest, work: () => Promise<SiteAnswer>): Promise<SiteAnswer> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? refusedToApp("invalid_request", asked, error.message) : error;
  }
}
