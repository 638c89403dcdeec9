/**
 * What the issuer of the pools' tokens publishes, for verifiers elsewhere.
 * Source: https://cognito-identity.amazonaws.com/.well-known/openid-configuration
 */
import type { Site, SiteAnswer } from "../../service/site.ts";
import { IDENTITY_POOLS } from "./login.ts";
import { identityPoolKeySet } from "./signing-key.ts";

const KEYS_PATH = "/.well-known/jwks_uri";

export const issuerDocuments: Site = async ({ method, path, endpoint }, { tx }) => {
  if (method !== "GET") return answer(405, {});
  if (path === KEYS_PATH) return answer(200, await identityPoolKeySet(tx));
  if (path !== "/.well-known/openid-configuration") return answer(404, {});
  return answer(200, {
    issuer: `https://${IDENTITY_POOLS}`,
    jwks_uri: `${endpoint}${KEYS_PATH}`,
    authorization_endpoint: `https://${IDENTITY_POOLS}/authorize`,
    response_types_supported: ["token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS512"],
  });
};

const answer = (status: number, body: object): SiteAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
