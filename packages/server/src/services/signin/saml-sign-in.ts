/**
 * Where identity providers post their assertions: the user takes a role, chosen among those that it lists.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-saml.html
 */
import type { SamlIdentity } from "../../identity/federation/federation.ts";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { html } from "../../kernel/html.ts";
import { unsealSession } from "../../kernel/session-token.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { consoleLogin } from "./console-login.ts";
import { openSession } from "./console-session.ts";
import { CONSOLE_PATH, requireDestination } from "./destination.ts";
import { invalidSamlResponse, refusedBySts } from "./errors.ts";
import type { StsSdk } from "./kit.ts";
import { SAML_SESSION_SECONDS_USUAL } from "./limits.ts";
import { page, redirect } from "./page.ts";

const SESSION_DURATION = "https://aws.amazon.com/SAML/Attributes/SessionDuration";

/** @throws {SignInRefused} where the response proves nothing, or STS gives no session for it. */
export async function signInBySaml(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const form = new URLSearchParams(request.body);
  const response = form.get("SAMLResponse") ?? "";
  const relayState = form.get("RelayState") ?? "";
  const identity = await requireIdentity(response, context);
  const chosen = form.get("roleIndex");
  const roles = identity.roles.filter(({ roleArn }) => chosen === null || roleArn === chosen);
  const [role, another] = roles;
  if (role === undefined) throw invalidSamlResponse();
  if (another !== undefined) return chooseRole(identity, { response, relayState });
  const location = relayState === "" ? CONSOLE_PATH : requireDestination(relayState, request);
  const principal = await takeRole(role, response, context);
  const seconds = secondsOf(identity, context);
  const cookie = openSession({ principal, seconds, issuer: identity.issuer }, request, context);
  return { ...redirect(location, cookie), event: consoleLogin(principal) };
}

/** What a response names is asked for before anything of it is believed. */
const PROVIDER = /arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w.-]{1,128}/g;
const ROLE = /arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}?(?=[\s,<])/;
const PROVIDERS_MAX = 10;

async function requireIdentity(response: string, context: Context): Promise<SamlIdentity> {
  const text = Buffer.from(response, "base64").toString("utf8");
  const [providerArn, ...others] = new Set(text.match(PROVIDER));
  const roleArn = text.match(ROLE)?.[0];
  if (providerArn === undefined || roleArn === undefined) throw invalidSamlResponse();
  for (const provider of [providerArn, ...others].slice(0, PROVIDERS_MAX)) {
    const verdict = await context.federation.verifySaml(response, provider, context.tx);
    if (verdict.verdict === "verified") return verdict.identity;
  }
  // STS says why, and the attempt is on record
  await takeRole({ roleArn, providerArn }, response, context);
  throw invalidSamlResponse();
}

type Role = SamlIdentity["roles"][number];

async function takeRole({ roleArn, providerArn }: Role, response: string, context: Context): Promise<AccountPrincipal> {
  try {
    const { Credentials } = await context.call<StsSdk, "AssumeRoleWithSAML">({
      service: "sts",
      operation: "AssumeRoleWithSAML",
      input: { RoleArn: roleArn, PrincipalArn: providerArn, SAMLAssertion: response },
      as: { type: "anonymous" },
    });
    const issued = unsealSession<AccountPrincipal>(context.keys, Credentials?.SessionToken ?? "");
    if (issued === undefined) throw invalidSamlResponse();
    return issued.principal;
  } catch (error) {
    throw error instanceof AwsError ? refusedBySts(error) : error;
  }
}

/** The console's session is not the role's: the provider says how long it lasts, an hour where it does not. */
function secondsOf({ attributes, sessionEndsAtMs = Infinity }: SamlIdentity, context: Context): number {
  const asked = Number(attributes[SESSION_DURATION]?.[0] ?? SAML_SESSION_SECONDS_USUAL);
  return Math.min(asked, Math.floor((sessionEndsAtMs - context.now().getTime()) / SECOND_MS));
}

/** The names of the classes and of the form's fields are those that tools know from AWS's own page. */
function chooseRole(
  { roles }: SamlIdentity,
  { response, relayState }: { readonly response: string; readonly relayState: string },
): SiteAnswer {
  const accounts = Object.entries(Object.groupBy(roles, ({ roleArn }) => roleArn.split(":")[4] ?? ""));
  const choices = accounts.map(
    ([account, own = []]) =>
      html`<div class="saml-account">
        <div class="saml-account-name">Account: ${account}</div>
        ${own.map(
          ({ roleArn }) =>
            html`<div class="saml-role">
              <input type="radio" name="roleIndex" value="${roleArn}" id="${roleArn}" />
              <label for="${roleArn}" class="saml-role-description">${roleArn.slice(roleArn.indexOf("/") + 1)}</label>
            </div> `,
        )}
      </div> `,
  );
  return page({
    title: "Select a role",
    body: html`<form id="saml_form" action="/saml" method="post">
      <input type="hidden" name="SAMLResponse" value="${response}" /><input
        type="hidden"
        name="RelayState"
        value="${relayState}"
      />
      <fieldset>${choices}</fieldset>
      <button id="signin_button">Sign in</button>
    </form>`,
  });
}
