/**
 * Tokens by which principals prove themselves outside of AWS.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
import { sign } from "node:crypto";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { assert } from "../../kernel/assert.ts";
import { isoSeconds } from "../../kernel/iso-seconds.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { durationEscalation, outboundFederationDisabled, signingAlgorithmUnknown } from "./errors.ts";
import { operation } from "./kit.ts";
import { WEB_IDENTITY_TOKEN_SECONDS_USUAL } from "./limits.ts";
import { requireOwnKeysOrRole } from "./session-rights.ts";
import { requireTags } from "./session-tag.ts";
import { signingKey, type SigningAlgorithm, type SigningKey } from "./web-identity-key.ts";

export const getWebIdentityToken = operation("GetWebIdentityToken", {
  authorize({ Audience, SigningAlgorithm, DurationSeconds = WEB_IDENTITY_TOKEN_SECONDS_USUAL, Tags = [] }, context) {
    requireOwnKeysOrRole(context, "GetWebIdentityToken");
    const requestTags = Tags.length === 0 ? undefined : requireTags(Tags);
    const question: Omit<Access, "action"> = {
      resource: "*",
      requestTags,
      keys: {
        "sts:IdentityTokenAudience": Audience,
        "sts:SigningAlgorithm": SigningAlgorithm,
        "sts:DurationSeconds": String(DurationSeconds),
      },
    };
    const actions = ["sts:GetWebIdentityToken", ...(requestTags === undefined ? [] : ["sts:TagGetWebIdentityToken"])];
    return actions.map((action) => ({ ...question, action }));
  },

  async handle(input, context) {
    const { principal, directory, account, tx } = context;
    assert(principal.type !== "anonymous" && principal.type !== "service", "a client's call has an account");
    const issuer = await directory.outboundIssuer(account, tx);
    if (issuer === undefined) throw outboundFederationDisabled();
    const algorithm = requireAlgorithm(input.SigningAlgorithm);
    const issuedAt = Math.floor(context.now().getTime() / 1000);
    const expiresAt = issuedAt + (input.DurationSeconds ?? WEB_IDENTITY_TOKEN_SECONDS_USUAL);
    if (expiresAt * 1000 > (principal.session?.expiresAtMs ?? Infinity)) throw durationEscalation();
    const claims = {
      iss: issuer,
      aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience,
      sub: subjectOf(principal),
      iat: issuedAt,
      exp: expiresAt,
      jti: context.newId(),
      "https://sts.amazonaws.com/": await identityClaims(principal, requireTags(input.Tags ?? []), context),
    };
    const token = signToken(claims, algorithm, await signingKey(algorithm, context));
    return { WebIdentityToken: token, Expiration: new Date(expiresAt * 1000) };
  },
});

/** @throws {AwsError} `ValidationError` */
function requireAlgorithm(name: string): SigningAlgorithm {
  if (name !== "RS256" && name !== "ES384") throw signingAlgorithmUnknown(name);
  return name;
}

const subjectOf = (principal: AccountPrincipal): string =>
  principal.type === "role-session" ? principal.roleArn : principal.arn;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html; the path of units is a list in the tokens that AWS gives, as the condition key is. */
async function identityClaims(principal: AccountPrincipal, requestTags: Tags, context: Context): Promise<object> {
  const { directory, region, account, tx } = context;
  const policies = await directory.policiesOf(principal, tx);
  const organization = await directory.organizationOf(account, tx);
  const sessionEndMs = principal.session?.expiresAtMs;
  const tags = { ...policies?.tags, ...principal.session?.tags };
  return {
    aws_account: account,
    source_region: region,
    principal_id: subjectOf(principal),
    ...(sessionEndMs !== undefined && { original_session_exp: isoSeconds(sessionEndMs) }),
    ...(organization !== undefined && { org_id: organization.organizationId, ou_path: [organization.path] }),
    ...(Object.keys(tags).length > 0 && { principal_tags: tags }),
    ...(Object.keys(requestTags).length > 0 && { request_tags: requestTags }),
  };
}

/** A JSON web token in its compact form. Source: https://www.rfc-editor.org/rfc/rfc7515#section-3.1 */
function signToken(claims: object, algorithm: SigningAlgorithm, { keyId, key }: SigningKey): string {
  const header = { alg: algorithm, kid: keyId, typ: "JWT" };
  const signed = `${encodePart(header)}.${encodePart(claims)}`;
  const hash = algorithm === "RS256" ? "sha256" : "sha384";
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

const encodePart = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
