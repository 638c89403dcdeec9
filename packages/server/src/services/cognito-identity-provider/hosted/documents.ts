/** The documents that a pool shows to those who check its tokens. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html */
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { domainsOfPool, pagesOf } from "../branding/domain-row.ts";
import { findPool, issuerOf, type Pool } from "../pool/pool-row.ts";
import { publishedKeys } from "../token/signing-key.ts";

const PATH = /^\/([\w-]+_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

const CACHED_SECONDS = 86_400;

const json = (status: number, value: object): SiteAnswer => ({
  status,
  headers: { "content-type": "application/json", "cache-control": `public, max-age=${CACHED_SECONDS}` },
  body: JSON.stringify(value),
});

/** Answers for `/POOL/.well-known/jwks.json` and `/POOL/.well-known/openid-configuration`. */
export async function userPoolSite(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const [, id = "", document] = PATH.exec(request.path) ?? [];
  const pool = await findPool(id, context.tx);
  if (!pool) return json(404, { message: `User pool ${id} does not exist.` });
  if (document === "jwks.json") return json(200, { keys: await publishedKeys(pool.id, context) });
  return json(200, await discovery(pool, request, context));
}

/** The issuer is AWS's own, so that tokens are what they would be there; the documents lie where the client reached us. */
async function discovery(pool: Pool, { endpoint }: SiteRequest, { tx }: Context): Promise<object> {
  const [domain] = await tx.scan(domainsOfPool, { prefix: [pool.id], limit: 1 });
  const pages = domain && pagesOf(domain, endpoint);
  return {
    ...(pages !== undefined && {
      authorization_endpoint: `${pages}/oauth2/authorize`,
      end_session_endpoint: `${pages}/logout`,
      revocation_endpoint: `${pages}/oauth2/revoke`,
      token_endpoint: `${pages}/oauth2/token`,
      userinfo_endpoint: `${pages}/oauth2/userInfo`,
    }),
    id_token_signing_alg_values_supported: ["RS256"],
    issuer: issuerOf(pool),
    jwks_uri: `${endpoint}/${pool.id}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  };
}
