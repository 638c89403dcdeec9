/**
 * Signing in with a browser by SAML, for any user that one names: a request comes in the address, and the response goes
 * back by a form.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf (3.4, 3.5)
 */
import { inflateRawSync } from "node:zlib";
import { unescaped } from "../kernel/html.ts";
import { isLocal } from "./sign-in.ts";
import { samlResponse } from "./saml-response.ts";
import type { Minting } from "./oidc.ts";

const REQUEST_BYTES_MAX = 16 * 1024;
const GOOD_SECONDS = 300;

export type SamlSignIn =
  | { readonly kind: "refused"; readonly why: string }
  /** The page that asks for a name; `fields` are to be sent along. */
  | { readonly kind: "ask"; readonly fields: Readonly<Record<string, string>> }
  /** The form that goes to the application. */
  | { readonly kind: "done"; readonly action: string; readonly fields: Readonly<Record<string, string>> };

/** @param query as the application's redirection has it; `login_hint` is the user's name */
export function samlSignIn(query: URLSearchParams, { key, issuer, nowMs }: Minting): SamlSignIn {
  const { id, action, audience } = authnRequest(inflated(query.get("SAMLRequest") ?? ""));
  if (id === "" || audience === "") return { kind: "refused", why: "SAMLRequest is an AuthnRequest" };
  if (!isLocal(action)) return { kind: "refused", why: "AssertionConsumerServiceURL has to be on this machine" };
  const subject = query.get("login_hint") ?? "";
  if (subject === "") return { kind: "ask", fields: Object.fromEntries(query) };
  const said = { issuer, subject, sessionName: subject, roles: [], attributes: { email: [subject] } };
  const place = { recipient: action, audience, inResponseTo: id, issuedAtMs: nowMs, seconds: GOOD_SECONDS };
  const response = Buffer.from(samlResponse({ ...said, ...place }, key)).toString("base64");
  const relayState = query.get("RelayState");
  return {
    kind: "done",
    action,
    fields: { SAMLResponse: response, ...(relayState !== null && { RelayState: relayState }) },
  };
}

/** What the request does not say is an empty text. */
function authnRequest(request: string) {
  const first = (pattern: RegExp) => unescaped(pattern.exec(request)?.[1] ?? "");
  return {
    id: first(/ ID="([^"<>]+)"/),
    action: first(/ AssertionConsumerServiceURL="([^"<>]+)"/),
    audience: first(/<(?:\w+:)?Issuer[^<>]*>([^<>]+)</),
  };
}

/** What is no request is an empty text. */
function inflated(base64: string): string {
  try {
    const options = { maxOutputLength: REQUEST_BYTES_MAX };
    return inflateRawSync(Buffer.from(base64, "base64"), options).toString("utf8");
  } catch {
    return "";
  }
}
