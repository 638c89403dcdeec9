/**
 * An identity provider to try federation with: OpenID Connect and SAML, offline. It vouches for
 * whomever it is told to, so it is for the person at this machine, as the control API is.
 */
import { findOwn } from "../kernel/lookup.ts";
import { amazonTokenFacts, facebookTokenFacts, mintAccessToken } from "./access-token.ts";
import { discovery, keySet, mintToken, TOKEN_SECONDS_USUAL, type Minting } from "./oidc.ts";
import { samlMetadata, samlResponse } from "./saml-response.ts";
import { readAccessTokenOrder, readSamlOrder, readTokenOrder } from "./order.ts";
import { samlSignIn } from "./saml-sign-in.ts";
import { redeem, signIn } from "./sign-in.ts";
import { returnPage, signInPage } from "./sign-in-page.ts";
import { idpKey, newIdpKey, type KeyPlace } from "./signing-key.ts";

export interface IdpRequest {
  readonly method: string;
  /** What follows the provider's own path: `jwks`. */
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** The provider's own address: the issuer of its tokens and the entity of its assertions. */
  readonly issuer: string;
}

export interface IdpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Route = (request: IdpRequest, minting: Minting, place: KeyPlace) => IdpAnswer | Promise<IdpAnswer>;

export const IDP_ROUTES: Readonly<Record<string, Route>> = {
  "GET .well-known/openid-configuration": ({ issuer }) => json(200, discovery(issuer)),
  "GET jwks": async (_request, { key }) => json(200, await keySet(key)),
  "GET authorize": async ({ query, issuer }, minting) => {
    const outcome = await signIn(new URLSearchParams(query), minting);
    if (outcome.kind === "refused") return json(400, { error: "invalid_request", error_description: outcome.why });
    if (outcome.kind === "done") return { status: 302, headers: { location: outcome.location }, body: "" };
    return answer(200, "text/html; charset=utf-8", signInPage(`${issuer}/authorize`, outcome.fields));
  },
  "POST token": async ({ body }, minting) => {
    const tokens = await redeem(new URLSearchParams(body), minting);
    return tokens === undefined ? json(400, { error: "invalid_grant" }) : json(200, tokens);
  },
  "POST issue": async ({ body }, minting) => {
    const order = readTokenOrder(body);
    if (typeof order === "string") return json(400, { error: order });
    return json(200, { token: await mintToken(order.claims, minting, order.seconds ?? TOKEN_SECONDS_USUAL) });
  },
  "POST login/issue": async ({ body }, minting) => {
    const order = readAccessTokenOrder(body);
    if (typeof order === "string") return json(400, { error: order });
    return json(200, { token: await mintAccessToken(order, minting) });
  },
  "GET auth/o2/tokeninfo": async ({ query }, minting) => {
    const told = await amazonTokenFacts(accessTokenIn(query), minting);
    return told === undefined ? json(400, { error: "invalid_token" }) : json(200, told);
  },
  "GET app": async ({ query }, minting) => {
    const told = await facebookTokenFacts(accessTokenIn(query), minting);
    return told === undefined ? json(400, FACEBOOK_REFUSAL) : json(200, told.app);
  },
  "GET me": async ({ query }, minting) => {
    const told = await facebookTokenFacts(accessTokenIn(query), minting);
    return told === undefined ? json(400, FACEBOOK_REFUSAL) : json(200, told.me);
  },
  "POST rotate": async (_request, _minting, place) => json(200, { keyId: (await newIdpKey(place)).keyId }),
  "GET saml/metadata": ({ issuer }, { key }) => answer(200, "application/samlmetadata+xml", samlMetadata(issuer, key)),
  "GET saml/sign-in": ({ query, issuer }, minting) => {
    const outcome = samlSignIn(new URLSearchParams(query), minting);
    if (outcome.kind === "refused") return json(400, { error: outcome.why });
    const page =
      outcome.kind === "ask"
        ? signInPage(`${issuer}/saml/sign-in`, outcome.fields)
        : returnPage(outcome.action, outcome.fields);
    return answer(200, "text/html; charset=utf-8", page);
  },
  "POST saml/issue": ({ body, issuer }, { key, nowMs }) => {
    const order = readSamlOrder(body);
    if (typeof order === "string") return json(400, { error: order });
    const response = samlResponse({ ...order, issuer, issuedAtMs: nowMs }, key, order.sign);
    return json(200, { response: Buffer.from(response).toString("base64") });
  },
};

const accessTokenIn = (query: string): string => new URLSearchParams(query).get("access_token") ?? "";

/** Source: https://developers.facebook.com/docs/graph-api/guides/error-handling */
const FACEBOOK_REFUSAL = { error: { message: "Invalid OAuth access token.", type: "OAuthException", code: 190 } };

/** Answers requests by the keys and the clock of one cloud. */
export function identityProvider(place: KeyPlace): (request: IdpRequest) => Promise<IdpAnswer> {
  return async (request) => {
    const name = `${request.method} ${request.path}`;
    const route = findOwn(IDP_ROUTES, name);
    if (route === undefined) return json(404, { error: `no such call of the identity provider: \`${name}\`` });
    const minting = { key: await idpKey(place), issuer: request.issuer, nowMs: place.clock.now() };
    return route(request, minting, place);
  };
}

const answer = (status: number, type: string, body: string): IdpAnswer => ({
  status,
  headers: { "content-type": type, "cache-control": "no-store" },
  body,
});

const json = (status: number, body: object): IdpAnswer =>
  answer(status, "application/json", `${JSON.stringify(body)}\n`);
