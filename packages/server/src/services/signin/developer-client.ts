/**
 * The clients by which developers' tools are known to the sign-in: one on the browser's machine, one on another.
 * Source: https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html
 */
import { formatArn } from "../../kernel/arn.ts";
import { isLoopbackHost } from "../../kernel/loopback.ts";
import type { AccountPrincipal } from "../../identity/principal.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { isOfHere } from "./destination.ts";

/** As the ARNs of what is asked for name them. */
export type DeveloperClient = "localhost" | "remote";

const CLIENTS: ReadonlyMap<string, DeveloperClient> = new Map([
  ["arn:aws:signin:::devtools/same-device", "localhost"],
  ["arn:aws:signin:::devtools/cross-device", "remote"],
]);

export const developerClient = (id: string): DeveloperClient | undefined => CLIENTS.get(id);

/** Where a code is shown that is to be carried to another machine by hand. */
export const CONFIRMATION_PATH = "/v1/sessions/confirmation";

/** Whether a code may be sent there: to a program on the browser's own machine, or to the page here that shows it. */
export function mayReturnTo(redirectUri: string, client: DeveloperClient, endpoint: string): boolean {
  const url = URL.parse(redirectUri);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
  if (client === "remote") return isOfHere(url, endpoint) && url.pathname === CONFIRMATION_PATH;
  return url.protocol === "http:" && isLoopbackHost(url.hostname) && url.pathname === "/oauth/callback";
}

interface Asked {
  readonly action: "AuthorizeOAuth2Access" | "CreateOAuth2Token";
  readonly principal: AccountPrincipal;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly grantType?: string;
}

/**
 * Whether policies let the one who signed in have credentials for programs.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssignin.html
 */
export async function isLetIn(asked: Asked, context: Context): Promise<boolean> {
  const { action, principal, clientId, redirectUri, grantType } = asked;
  const { partition, region } = context;
  const client = developerClient(clientId) ?? "localhost";
  const resource = `oauth2/public-client/${client}`;
  const access: Access = {
    action: `signin:${action}`,
    resource: formatArn({ partition, service: "signin", region, account: principal.account, resource }),
    keys: {
      "signin:OAuthClientId": clientId,
      "signin:OAuthRedirectUri": redirectUri,
      "signin:OAuthGrantType": grantType,
    },
  };
  const { decision } = await context.as(principal).decide(access);
  return decision === "allow";
}
