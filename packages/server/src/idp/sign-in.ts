/**
 * Signing in with a browser: the authorization code flow, for any user that one names.
 * Source: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth, https://www.rfc-editor.org/rfc/rfc7636
 */
import { createHash } from "node:crypto";
import { mintToken, readOwnToken, TOKEN_SECONDS_USUAL, type Minting } from "./oidc.ts";

const CODE_SECONDS = 60;
/** What a code is for: it is a token of this provider's own, and no other one is a code. */
const CODE_AUDIENCE = "urn:kumobako:authorization-code";

export type SignIn =
  | { readonly kind: "refused"; readonly why: string }
  /** The page that asks for a name; `fields` are to be sent along. */
  | { readonly kind: "ask"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "done"; readonly location: string };

/** @param query of the authorization endpoint; `login_hint` is the user's name */
export async function signIn(query: URLSearchParams, minting: Minting): Promise<SignIn> {
  const [clientId, target, user] = ["client_id", "redirect_uri", "login_hint"].map((name) => query.get(name) ?? "");
  if (!clientId || !target) return { kind: "refused", why: "client_id and redirect_uri are required" };
  if (!isLocal(target)) return { kind: "refused", why: "redirect_uri has to be on this machine" };
  if (query.get("response_type") !== "code") return { kind: "refused", why: "response_type has to be `code`" };
  const method = query.get("code_challenge_method") ?? "S256";
  if (method !== "S256") return { kind: "refused", why: "code_challenge_method has to be `S256`" };
  if (!user) return { kind: "ask", fields: Object.fromEntries(query) };
  const facts = {
    sub: user,
    target,
    client: clientId,
    nonce: query.get("nonce"),
    challenge: query.get("code_challenge"),
  };
  const code = await mintToken({ ...facts, aud: CODE_AUDIENCE }, minting, CODE_SECONDS);
  const location = new URL(target);
  location.searchParams.set("code", code);
  const state = query.get("state");
  if (state !== null) location.searchParams.set("state", state);
  return { kind: "done", location: location.href };
}

/** Only applications on this machine are given codes: the page asks for no password. */
export function isLocal(target: string): boolean {
  const url = URL.parse(target);
  return (
    url !== null &&
    /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname) &&
    /^https?:$/.test(url.protocol)
  );
}

/** The answer of the token endpoint; `undefined`: the code is not good for what is asked. */
export async function redeem(form: URLSearchParams, minting: Minting): Promise<object | undefined> {
  if (form.get("grant_type") !== "authorization_code") return undefined;
  const code = await readOwnToken(form.get("code") ?? "", minting);
  if (code === undefined || code.aud !== CODE_AUDIENCE || code.sub === undefined) return undefined;
  if (code["client"] !== form.get("client_id") || code["target"] !== form.get("redirect_uri")) return undefined;
  const challenge = code["challenge"];
  if (typeof challenge === "string" && challenge !== challengeOf(form.get("code_verifier") ?? "")) return undefined;
  const nonce = code["nonce"];
  const claims = { sub: code.sub, aud: String(code["client"]), ...(typeof nonce === "string" && { nonce }) };
  const token = await mintToken(claims, minting);
  return { access_token: token, id_token: token, token_type: "Bearer", expires_in: TOKEN_SECONDS_USUAL };
}

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");
