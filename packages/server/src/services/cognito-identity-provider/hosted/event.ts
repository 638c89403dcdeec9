/**
 * What trails hear of the pages and endpoints of a pool's domain.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import type { Domain } from "../branding/domain-row.ts";
import { findHostDomain } from "./request.ts";

/** What requests are called: at the classic pages, and at those of managed login. Of others nothing is told. */
interface Names {
  readonly classic?: string;
  readonly managed?: string;
}

const always = (name: string): Names => ({ classic: name, managed: name });

const NAMES: Readonly<Record<string, Names>> = {
  "GET /oauth2/authorize": always("OAuth2_Authorize_GET"),
  "POST /oauth2/token": always("Token_POST"),
  "GET /oauth2/userInfo": always("UserInfo_GET"),
  "POST /oauth2/userInfo": always("UserInfo_POST"),
  "GET /oauth2/idpresponse": always("OAuth2Response_GET"),
  "POST /saml2/idpresponse": always("SAML2Response_POST"),
  "GET /logout": always("Logout"),
  "GET /login": { classic: "Login_GET" },
  "POST /login": { classic: "CognitoAuthentication", managed: "login_POST" },
  "POST /challenge": { classic: "Mfa_POST", managed: "selectChallenge_POST" },
  "GET /signup": { classic: "Signup_GET" },
  "POST /signup": { classic: "Signup_POST", managed: "signup_POST" },
  "POST /confirm": { classic: "Confirm_POST", managed: "signup_confirm_POST" },
  "GET /confirmUser": { classic: "Confirm_With_Link_GET", managed: "confirmUser_GET" },
  "GET /forgotPassword": { classic: "ForgotPassword_GET" },
  "POST /forgotPassword": { classic: "ForgotPassword_POST", managed: "forgotPassword_POST" },
  "POST /confirmForgotPassword": { classic: "ConfirmForgotPassword_POST", managed: "forgotPassword_POST" },
};

const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Says nothing of who somebody is, and proves nothing. What is not here is hidden. */
const SHOWN = new Set([
  "client_id",
  "code_challenge_method",
  "grant_type",
  "identity_provider",
  "idp_identifier",
  "lang",
  "logout_uri",
  "prompt",
  "redirect_uri",
  "response_type",
  "scope",
]);

/** `answer` is what the request at the domain was answered. */
export async function recordVisit(request: SiteRequest, answer: SiteAnswer, context: Context): Promise<void> {
  const key = `${request.method} ${request.path}`;
  const found = Object.hasOwn(NAMES, key) ? await findHostDomain(request, context) : undefined;
  const name = found && findOwn(NAMES, key)?.[versionOf(found.domain)];
  if (found === undefined || name === undefined) return;
  const { pool, domain } = found;
  context.recordOwn(
    {
      name,
      readOnly: request.method === "GET",
      details: { serviceAccountId: pool.account },
      additional: {
        responseParameters: { status: answer.status },
        requestParameters: parametersOf(request),
        userPoolDomain: hostOf(domain),
        userPoolId: pool.id,
      },
    },
    pool,
  );
}

const versionOf = ({ managedLoginVersion }: Domain): keyof Names => (managedLoginVersion === 2 ? "managed" : "classic");

const hostOf = ({ name, region }: Domain): string =>
  region === "" ? name : `${name}.auth.${region}.amazoncognito.com`;

/** Of the query and of the form. */
function parametersOf({ query, body, method }: SiteRequest): Readonly<Record<string, readonly string[]>> {
  const told = new Map<string, string[]>();
  const form = method === "POST" ? [...new URLSearchParams(body)] : [];
  for (const [name, value] of [...query, ...form])
    told.set(name, [...(told.get(name) ?? []), SHOWN.has(name) ? value : HIDDEN]);
  return Object.fromEntries(told);
}
