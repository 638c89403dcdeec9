/** Cookies of the hosted pages. They go with the browser: virtual time is not a browser's. */
import type { SiteRequest } from "../../../service/site.ts";

/** Under their names on AWS. */
type CookieName = "cognito" | "cognito-fl" | "XSRF-TOKEN";

export const cookieOf = ({ headers }: SiteRequest, name: CookieName): string | undefined =>
  (headers["cookie"] ?? "")
    .split(/; */)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The header that hands a cookie to the browser, or takes it away where the value is empty. */
export function cookieHeader(
  name: CookieName,
  value: string,
  { endpoint }: Pick<SiteRequest, "endpoint">,
): { readonly "set-cookie": string } {
  const secure = endpoint.startsWith("https:") ? "; Secure" : "";
  const end = value === "" ? "; Max-Age=0" : "";
  return { "set-cookie": `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${end}` };
}
