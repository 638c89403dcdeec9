/** Which addresses an issuer may have, and which its documents may be fetched from. */
import { isIP } from "node:net";
import { isLoopbackHost } from "../../kernel/loopback.ts";
import { noVerificationKey } from "./refusals.ts";

/** @throws {IdentityRefused} where `text` is no address that an issuer may have. */
export function issuerAddress(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "" || !isFetchable(url)) {
    throw noVerificationKey();
  }
  return url;
}

/**
 * The address of the keys, as the discovery document names it: on the issuer's own machine or out in
 * the world, never from out there on this machine.
 * @throws {IdentityRefused}
 */
export function keySetAddress(text: unknown, issuer: URL): URL {
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null || url.username !== "" || !isFetchable(url)) throw noVerificationKey();
  if (isLoopbackHost(url.hostname) && !isLoopbackHost(issuer.hostname)) throw noVerificationKey();
  return url;
}

/** This very machine alone may go without TLS. */
function isFetchable({ protocol, hostname }: URL): boolean {
  if (isLoopbackHost(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && isIP(hostname) === 0 && !hostname.startsWith("[");
}
