/**
 * Where somebody goes once signed in: links to the sign-in come from anywhere, so they lead nowhere but to the console
 * and to this server. Pages of AWS's own console are not on this machine; one that is asked for is named on the page of
 * the session instead.
 */
import { isLoopbackHost } from "../../kernel/loopback.ts";
import type { SiteRequest } from "../../service/site.ts";
import { foreignDestination } from "./errors.ts";

export const CONSOLE_PATH = "/console/home";

/** Source: https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html */
const CONSOLE_HOST = /^(?:[a-z0-9-]+\.)*console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;

/**
 * The location to go to.
 * @throws {SignInRefused} where it is neither the console's nor this server's.
 */
export function requireDestination(destination: string, { endpoint }: Pick<SiteRequest, "endpoint">): string {
  const url = URL.parse(destination);
  if (url === null || url.username !== "" || url.password !== "") throw foreignDestination();
  if (url.protocol === "https:" && url.port === "" && CONSOLE_HOST.test(url.hostname)) {
    return `${CONSOLE_PATH}?${new URLSearchParams({ destination: url.href })}`;
  }
  if (!isOfHere(url, endpoint)) throw foreignDestination();
  return url.href;
}

/** Whether it is reached as this request was, or by another name of this machine. */
export function isOfHere(url: URL, endpoint: string): boolean {
  const here = new URL(endpoint);
  return (
    url.origin === here.origin ||
    (/^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname) && url.port === here.port)
  );
}
