/**
 * Addresses of access portals. On AWS a portal is at `https://d-1111222233.awsapps.com/start`; here the same page is at
 * `http://d-1111222233.awsapps.localhost:4566/start`, which browsers find on this machine.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html
 */
import type { Transaction } from "../../kernel/table.ts";
import { findInstance, instanceOfStore, type Instance } from "./instance-row.ts";

const PORTAL_HOST = /^(d-[0-9a-f]{10})\.awsapps\.(?:com|localhost)$/;
const NEW_PORTAL_HOST = /^(ssoins-[0-9a-f]{16})\.portal\.[a-z0-9-]+\.app\.aws$/;
const ISSUER = /^https:\/\/identitycenter\.amazonaws\.com\/(ssoins-[0-9a-f]{16})\/?$/;

/** The identity store that a portal's host names; `undefined`: the host is no portal's. */
export const storeIdInHost = (host: string): string | undefined => PORTAL_HOST.exec(host)?.[1];

/** The instance that a start URL or an issuer URL means. */
export async function instanceAt(url: string, tx: Transaction): Promise<Instance | undefined> {
  const issuer = ISSUER.exec(url)?.[1];
  if (issuer !== undefined) return findInstance(issuer, tx);
  const parsed = URL.parse(url);
  if (parsed === null || !/^\/start(\/|$)/.test(parsed.pathname) || !/^https?:$/.test(parsed.protocol))
    return undefined;
  const storeId = storeIdInHost(parsed.hostname);
  if (storeId !== undefined) return instanceOfStore(storeId, tx);
  const id = NEW_PORTAL_HOST.exec(parsed.hostname)?.[1];
  return id === undefined ? undefined : findInstance(id, tx);
}

/** Where a browser finds a page of the portal, for a client that reached us at `endpoint`. */
export const portalUrl = ({ storeId }: Pick<Instance, "storeId">, endpoint: string, path: string): string =>
  `${originOf(endpoint, { onAws: `${storeId}.awsapps.com`, here: `${storeId}.awsapps.localhost` })}${path}`;

/** Where the console's sign-in takes assertions. */
export const samlSignInUrl = (endpoint: string): string =>
  `${originOf(endpoint, { onAws: "signin.aws.amazon.com", here: "signin.localhost" })}/saml`;

function originOf(endpoint: string, { onAws, here }: { readonly onAws: string; readonly here: string }): string {
  const { protocol, port, hostname } = new URL(endpoint);
  // under AWS's own names the browser comes to us as the client did
  if (/\.(amazonaws|awsapps)\.com$/.test(hostname)) return `https://${onAws}`;
  return `${protocol}//${here}${port === "" ? "" : `:${port}`}`;
}
