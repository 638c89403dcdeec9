/**
 * Roles taken on with an assertion of a SAML provider, without credentials.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
import { requireRoleArn } from "./assumed-role.ts";
import { federatedNotAuthorized } from "./errors.ts";
import { requireVerified, takeRole } from "./federated-role.ts";
import { streaming } from "./kit.ts";
import { useAssertion } from "./used-assertion.ts";

/** Of the keys of an assertion these alone stay with the session. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml */
const SESSION_KEYS = ["saml:namequalifier", "saml:sub", "saml:sub_type"];

export const assumeRoleWithSaml = streaming("AssumeRoleWithSAML", {
  callers: "open",
  // the assertion is asked for who comes; the role is asked in `handle`, when that is known
  authorize: () => [],

  async receive({ RoleArn, PrincipalArn, SAMLAssertion }, { federation, tx }) {
    requireRoleArn(RoleArn);
    return requireVerified(await federation.verifySaml(SAMLAssertion, PrincipalArn, tx));
  },

  async handle(input, context, identity) {
    const { RoleArn, PrincipalArn } = input;
    const { nameQualifier, subject } = identity;
    const principalId = `${nameQualifier}:${subject}`;
    const caller = { type: "SAMLUser", principalId, userName: subject, identityProvider: nameQualifier } as const;
    context.identified(caller, requireRoleArn(RoleArn).account);
    const isListed = identity.roles.some(
      ({ roleArn, providerArn }) => roleArn === RoleArn && providerArn === PrincipalArn,
    );
    if (!isListed) throw federatedNotAuthorized("sts:AssumeRoleWithSAML");
    const taken = await takeRole(
      input,
      {
        action: "sts:AssumeRoleWithSAML",
        provider: PrincipalArn,
        sessionName: identity.sessionName,
        claimed: identity.session,
        keys: identity.keys,
        sessionKeys: Object.fromEntries(Object.entries(identity.keys).filter(([name]) => SESSION_KEYS.includes(name))),
        endsAtMs: identity.sessionEndsAtMs,
      },
      context,
    );
    await useAssertion(identity, RoleArn, context);
    return {
      ...taken,
      Issuer: identity.issuer,
      Audience: identity.recipient,
      Subject: identity.subject,
      SubjectType: identity.subjectType,
      NameQualifier: identity.nameQualifier,
    };
  },
});
