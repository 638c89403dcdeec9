import type { SiteRequest } from "./site.ts";

/**
 * Whether a posted form is from a page of this very site: browsers say where a form is from, unless the page forbids
 * them to refer to it at all. What is no browser says nothing.
 */
export function isFromHere({ headers, endpoint }: Pick<SiteRequest, "headers" | "endpoint">): boolean {
  const { origin } = headers;
  return origin === undefined || URL.parse(origin)?.host === new URL(endpoint).host;
}
