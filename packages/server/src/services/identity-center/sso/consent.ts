/**
 * Where users let clients in: a device by its code, a program by its request for one.
 * Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html#cli-configure-sso-login
 */
import { hiddenField, html, type Html } from "../../../kernel/html.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import type { SiteAnswer } from "../../../service/site.ts";
import { authorizations, hashOf, type Authorization } from "../authorization-row.ts";
import { findClient } from "../application-client.ts";
import type { Client } from "../client-row.ts";
import { findByUserCode, putDeviceRequest, type DeviceRequest } from "../device-row.ts";
import type { SignedIn } from "../portal-session.ts";
import { alert, field, page, problem, redirect } from "./page.ts";
import { signInFirst } from "./sign-in.ts";
import { formToken, isOwnForm, signedInBy, type PageMaker, type Visit } from "./visit.ts";

const STALE = "The request is unknown, or has expired. Start again from your program.";
const NOT_OWN = "The form is not from your own session. Go back, load the page again, and repeat.";

export const showDevice: PageMaker = async (visit) => {
  const typed = visit.request.query.get("user_code");
  const signedIn = await signedInBy(visit);
  if (!signedIn) return signInFirst(visit);
  if (typed === null) return codePage();
  const device = await findPending(typed, visit);
  const client = device && (await findClient(device.clientId, visit.context.tx));
  if (!device || !client) return codePage("The code is unknown, or has expired.");
  const body = html`<p>Your program shows a code. Go on only if it is this one:</p>
    <p class="code">${device.userCode}</p>`;
  return consentPage(
    { client, signedIn, body, action: "/start/device", key: hiddenField("user_code", device.userCode) },
    visit,
  );
};

const codePage = (wrong?: string): SiteAnswer =>
  page({
    title: "Authorize a device",
    body: html`${alert(wrong)}
      <form method="get" action="/start/device">
        ${field({ name: "user_code", label: "Code", type: "text", autocomplete: "off" })}<button>Next</button>
      </form>`,
  });

interface Consent {
  readonly client: Client;
  readonly signedIn: SignedIn;
  readonly body: Html;
  readonly action: string;
  readonly key: Html;
}

function consentPage({ client, signedIn, body, action, key }: Consent, visit: Visit): SiteAnswer {
  const scopes = client.scopes.length === 0 ? ["sso:account:access"] : client.scopes;
  return page({
    title: `Allow ${client.name} to access your data?`,
    body: html`${body}
      <p>Signed in as <strong>${signedIn.user.attributes.UserName}</strong>. ${client.name} asks for:</p>
      <ul>
        ${scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post" action="${action}">
        ${key}${hiddenField("form", formToken(signedIn, visit))}
        <button name="answer" value="allow">Allow access</button><button name="answer" value="deny">Deny access</button>
      </form>`,
  });
}

export const takeDevice: PageMaker = async (visit) => {
  const signedIn = await signedInBy(visit);
  if (!signedIn || !isOwnForm(signedIn, visit)) return problem(403, NOT_OWN);
  const device = await findPending(visit.form.get("user_code") ?? "", visit);
  if (!device) return problem(400, STALE);
  const isAllowed = visit.form.get("answer") === "allow";
  const state = isAllowed
    ? ({ kind: "allowed", sessionId: signedIn.session.id } as const)
    : ({ kind: "denied" } as const);
  putDeviceRequest({ ...device, state }, visit.context.tx);
  return page({
    title: isAllowed ? "Request approved" : "Request denied",
    body: html`<p>You can close this window and go back to your program.</p>`,
  });
};

async function findPending(typed: string, { context, instance }: Visit): Promise<DeviceRequest | undefined> {
  const device = await findByUserCode(typed, context.tx);
  const isOpen =
    device?.state.kind === "pending" &&
    device.instanceId === instance.id &&
    device.expiresAtMs > context.now().getTime();
  return isOpen ? device : undefined;
}

export const showAuthorization: PageMaker = async (visit) => {
  const id = visit.request.query.get("request") ?? "";
  const authorization = await findAuthorization(id, visit);
  const client = authorization && (await findClient(authorization.clientId, visit.context.tx));
  if (!authorization || !client) return problem(400, STALE);
  const signedIn = await signedInBy(visit);
  if (!signedIn) return signInFirst(visit);
  const body = html`<p>It waits at ${new URL(authorization.redirectUri).origin}.</p>`;
  return consentPage({ client, signedIn, body, action: "/start/authorize", key: hiddenField("request", id) }, visit);
};

/** The code takes the place of the request. */
export const takeAuthorization: PageMaker = async (visit) => {
  const { form, context } = visit;
  const signedIn = await signedInBy(visit);
  if (!signedIn || !isOwnForm(signedIn, visit)) return problem(403, NOT_OWN);
  const authorization = await findAuthorization(form.get("request") ?? "", visit);
  if (!authorization) return problem(400, STALE);
  context.tx.delete(authorizations, authorization.hash);
  if (form.get("answer") !== "allow") return answerTo(authorization, { error: "access_denied" });
  const code = Buffer.from(newSecretBytes(32)).toString("base64url");
  context.tx.put(authorizations, { ...authorization, hash: hashOf(code), sessionId: signedIn.session.id });
  return answerTo(authorization, { code });
};

function answerTo({ redirectUri, state }: Authorization, answer: Readonly<Record<string, string>>): SiteAnswer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, state })) url.searchParams.set(name, value);
  return redirect(url.href);
}

async function findAuthorization(id: string, { context, instance }: Visit): Promise<Authorization | undefined> {
  const found = await context.tx.get(authorizations, hashOf(id));
  const isOpen =
    found?.sessionId === undefined && found?.instanceId === instance.id && found.expiresAtMs > context.now().getTime();
  return isOpen ? found : undefined;
}
