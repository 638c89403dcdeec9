/**
 * Roles taken on with a token of an OpenID Connect provider or of a login provider, without credentials.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
import type { LoginProvider } from "../../identity/federation/federation.ts";
import { providerIdUnknown } from "./errors.ts";
import { requireRoleArn } from "./assumed-role.ts";
import { requireVerified, takeRole } from "./federated-role.ts";
import { streaming } from "./kit.ts";

export const assumeRoleWithWebIdentity = streaming("AssumeRoleWithWebIdentity", {
  callers: "open",
  // the token is asked for who comes; the role is asked in `handle`, when that is known
  authorize: () => [],

  async receive({ RoleArn, WebIdentityToken, ProviderId }, { federation, tx }) {
    const { account } = requireRoleArn(RoleArn);
    if (ProviderId !== undefined) {
      return requireVerified(await federation.verifyAccessToken(WebIdentityToken, requireProvider(ProviderId)));
    }
    return requireVerified(await federation.verifyWebIdentity(WebIdentityToken, { account, tx }));
  },

  async handle(input, context, { provider, issuer, subject, audience, keys, session }) {
    const principalId = `${provider}:${audience}:${subject}`;
    const caller = { type: "WebIdentityUser", principalId, userName: subject, identityProvider: provider } as const;
    context.identified(caller, requireRoleArn(input.RoleArn).account);
    const taken = await takeRole(
      input,
      {
        action: "sts:AssumeRoleWithWebIdentity",
        provider,
        sessionName: input.RoleSessionName,
        claimed: session,
        keys,
        sessionKeys: keys,
      },
      context,
    );
    return { ...taken, Provider: issuer, Audience: audience, SubjectFromWebIdentityToken: subject };
  },
});

/** @throws {AwsError} `ValidationError` */
function requireProvider(id: string): LoginProvider {
  if (id !== "www.amazon.com" && id !== "graph.facebook.com") throw providerIdUnknown(id);
  return id;
}
