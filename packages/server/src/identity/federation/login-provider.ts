/** Where login providers are asked about their access tokens. */
import type { AskProvider } from "./access-token.ts";
import type { LoginProvider } from "./federation.ts";
import { fetchAnswer } from "./issuer-document.ts";

/**
 * Source: https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html,
 * https://developers.facebook.com/docs/graph-api/overview (host)
 */
const ADDRESSES: Readonly<Record<LoginProvider, string>> = {
  "www.amazon.com": "https://api.amazon.com",
  "graph.facebook.com": "https://graph.facebook.com",
};

/**
 * Asks over the network.
 * @param instead where somebody else answers for all of them: over TLS, or on this machine
 */
export function askOverNetwork(instead?: string): AskProvider {
  return (provider, path, query) => {
    const base = (instead ?? ADDRESSES[provider]).replace(/\/$/, "");
    return fetchAnswer(new URL(`${base}${path}?${new URLSearchParams(query)}`), []);
  };
}
