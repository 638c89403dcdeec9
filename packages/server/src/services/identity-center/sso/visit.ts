/** A request for a page of the portal, and who makes it. */
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import type { Instance } from "../instance-row.ts";
import { findSignedIn, type PortalSession, type SignedIn } from "../portal-session.ts";

export interface Visit {
  readonly request: SiteRequest;
  readonly context: Context;
  readonly instance: Instance;
  /** What a form brought. */
  readonly form: URLSearchParams;
}

export type PageMaker = (visit: Visit) => Promise<SiteAnswer>;

const COOKIE = "portal";
const COOKIE_PURPOSE = "sso.portal-cookie";
const FORM_PURPOSE = "sso.portal-form";

/** Who the browser's cookie says is signed in to this portal. */
export async function signedInBy({ request, context, instance }: Visit): Promise<SignedIn | undefined> {
  const sealed = (request.headers["cookie"] ?? "")
    .split(/; */)
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  const id = sealed === undefined ? undefined : context.keys.open(sealed, COOKIE_PURPOSE);
  const signedIn = id && (await findSignedIn(Buffer.from(id).toString("utf8"), context));
  return signedIn?.instance.id === instance.id ? signedIn : undefined;
}

/** No other site can send the cookie along with a form, and no script can read it. */
export function cookieFor({ id }: PortalSession, { request, context }: Visit) {
  const secure = request.endpoint.startsWith("https:") ? "; Secure" : "";
  const value = context.keys.seal(id, COOKIE_PURPOSE);
  return { "set-cookie": `${COOKIE}=${value}; Path=/start; HttpOnly; SameSite=Lax${secure}` };
}

export const NO_COOKIE = { "set-cookie": `${COOKIE}=; Path=/start; Max-Age=0` };

/** What a form carries to prove that it is from a page of this session. */
export const formToken = ({ session }: SignedIn, { context }: Visit): string =>
  context.keys.seal(session.id, FORM_PURPOSE);

export function isOwnForm({ session }: SignedIn, { form, context }: Visit): boolean {
  const opened = context.keys.open(form.get("form") ?? "", FORM_PURPOSE);
  return opened !== undefined && Buffer.from(opened).toString("utf8") === session.id;
}

/** A path of the portal to go on to; nothing else is gone to. */
export const pathGiven = (text: string | null): string =>
  text !== null && /^\/start(?:\/[a-z-]+)?(?:\?[\w=&.%~-]*)?$/.test(text) ? text : "/start";
