/**
 * The authorization endpoint: programs send browsers here with a request for a code.
 * Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1, https://www.rfc-editor.org/rfc/rfc7636#section-4.3
 */
import { newSecretBytes } from "../../../kernel/ids.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { authorizations, hashOf } from "../authorization-row.ts";
import { findClient } from "../application-client.ts";
import type { Client } from "../client-row.ts";
import { findInstance } from "../instance-row.ts";
import { portalUrl } from "../portal-address.ts";
import { problem, redirect } from "./page.ts";

const GOOD_MS = 600_000;

export const FORGET_AUTHORIZATION = "forget-authorization";

/** Who asks, and where to, are not believed before they are known: what is wrong with them stays here. */
export async function authorize(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const { query } = request;
  const client = await findClient(query.get("client_id") ?? "", context.tx);
  const redirectUri = query.get("redirect_uri") ?? "";
  const nowMs = context.now().getTime();
  if (!client || client.expiresAtMs <= nowMs) return problem(400, "The client is not registered.");
  if (!isRegistered(redirectUri, client)) return problem(400, "The client is not registered for this redirect URI.");
  const instance = client.instanceId === undefined ? undefined : await findInstance(client.instanceId, context.tx);
  if (!instance) return problem(400, "The client has not registered for an access portal.");
  if (!isForCode(query)) return problem(400, "The request is not for a code with a challenge of the method S256.");
  const id = Buffer.from(newSecretBytes(32)).toString("base64url");
  const authorization = {
    hash: hashOf(id),
    clientId: client.id,
    instanceId: instance.id,
    redirectUri,
    state: query.get("state") ?? "",
    challenge: query.get("code_challenge") ?? "",
    expiresAtMs: nowMs + GOOD_MS,
  };
  context.tx.put(authorizations, authorization);
  context.at(authorization.expiresAtMs, FORGET_AUTHORIZATION, authorization.hash);
  return redirect(portalUrl(instance, request.endpoint, `/start/authorize?request=${id}`));
}

const isForCode = (query: URLSearchParams): boolean =>
  query.get("response_type") === "code" &&
  query.get("code_challenge_method") === "S256" &&
  /^[\w-]{43}$/.test(query.get("code_challenge") ?? "");

/** The port of a program on the user's own machine is its own affair. Source: https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */
function isRegistered(given: string, { redirectUris }: Client): boolean {
  const bare = withoutPort(given);
  return bare !== undefined && redirectUris.some((each) => each === given || withoutPort(each) === bare);
}

function withoutPort(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  if (url.protocol === "http:") url.port = "";
  return url.href;
}
