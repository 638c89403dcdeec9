/**
 * What services ask of identities that others vouch for: tokens of OpenID Connect providers and
 * assertions of SAML providers. Verifying may talk to the provider, so it never happens inside a
 * transaction: an operation asks from its `receive`.
 */
import type { AccountId } from "../../kernel/arn.ts";
import type { AssertionEncryption } from "../directory.ts";
import type { AccountPrincipal } from "../principal.ts";
import type { Transaction } from "../../kernel/table.ts";

/** Why an identity is not believed. `words` are AWS's. */
export interface Refusal {
  /** `invalid`: not a proof of anything. `expired`: once was. `unreachable`: its issuer does not answer. `rejected`: not meant for AWS. */
  readonly kind: "invalid" | "expired" | "unreachable" | "rejected";
  readonly words: string;
}

/** A token that is what it says it is. */
export interface WebIdentity {
  /** What a trust policy calls the provider as `Federated`: an ARN, or the name of a well-known one. */
  readonly provider: string;
  /** `iss` as the token has it. */
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Condition keys: `accounts.google.com:sub` and its like. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  readonly session: ClaimedSession;
}

/**
 * Providers whose access tokens say nothing to anybody but themselves: they are asked whose one is.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (ProviderId)
 */
export type LoginProvider = "www.amazon.com" | "graph.facebook.com";

/** Whose an access token is, as its provider says. */
export interface AccessTokenIdentity extends WebIdentity {
  readonly provider: LoginProvider;
  /** The application that the user gave it to, by the id that policies and pools name. */
  readonly applicationId: string;
}

/** What is expected of a token that a service takes for a log-in, whatever providers its account has registered. */
export interface ExpectedToken {
  /** `iss`, without its scheme. */
  readonly issuer: string;
  /** SHA-1 of certificates that are trusted where no authority vouches for the issuer's. */
  readonly thumbprints: readonly string[];
  /** Whether an issuer of this cloud is asked too if its user is still there and signed in. */
  readonly standing?: "asked";
}

/** A token that is its issuer's. Whether it was made for an audience that will do, is for the service to say. */
export interface VerifiedToken {
  readonly subject: string;
  /** The one that it was issued to where that is named, all that it was made for where not. */
  readonly audiences: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What the provider wants the session to be. */
export interface ClaimedSession {
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
}

/** An assertion that is what it says it is. */
export interface SamlIdentity {
  /** Unique among the assertions of its issuer. */
  readonly assertionId: string;
  /** Virtual epoch milliseconds after which nobody takes it. */
  readonly goodUntilMs: number;
  readonly issuer: string;
  /** Where it was sent. */
  readonly recipient: string;
  readonly subject: string;
  readonly subjectType: string;
  readonly nameQualifier: string;
  /** The pairs that the provider lets its user take: a role and this provider, as ARNs. */
  readonly roles: readonly { readonly roleArn: string; readonly providerArn: string }[];
  readonly sessionName: string;
  /** Virtual epoch milliseconds at which the user's session with the provider ends. */
  readonly sessionEndsAtMs: number | undefined;
  /** Condition keys: `saml:aud` and its like. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  /** All attributes by their names. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly session: ClaimedSession;
}

/** What is expected of an assertion that a service takes for a sign-in. */
export interface ExpectedAssertion {
  /** What the provider says of itself. */
  readonly metadata: string;
  /** The addresses that it may have been sent to. */
  readonly recipients: readonly string[];
  readonly audience: string;
  readonly encryption?: AssertionEncryption | undefined;
}

/** Whom an assertion signs in. */
export interface SamlSignIn {
  readonly issuer: string;
  readonly subject: string;
  /** The request that it answers. */
  readonly inResponseTo: string | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Where a SAML provider is asked to sign somebody in. */
export interface SamlSignInPlace {
  readonly entityId: string;
  /** `undefined`: it takes no requests in an address. */
  readonly redirectUrl: string | undefined;
}

/**
 * Who an identity provider says came, in CloudTrail's terms.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export type FederatedCaller =
  | {
      readonly type: "WebIdentityUser" | "SAMLUser" | "Unknown";
      /** `PROVIDER:AUDIENCE:SUBJECT`, or `NAMEQUALIFIER:SUBJECT`. */
      readonly principalId: string;
      readonly userName: string;
      readonly identityProvider: string;
    }
  | {
      readonly type: "IdentityCenterUser";
      readonly accountId: AccountId;
      readonly onBehalfOf: { readonly userId: string; readonly identityStoreArn: string };
      /** The user's session with the access portal. */
      readonly credentialId: string;
    };

/** Who proves with the call itself who it is: somebody from elsewhere, or one of IAM's own that signs nothing yet. */
export type VouchedCaller = FederatedCaller | AccountPrincipal;

export type Verdict<Identity> =
  | { readonly verdict: "verified"; readonly identity: Identity }
  | { readonly verdict: "refused"; readonly refusal: Refusal };

/** Where a provider has to be registered. */
export interface FederationPlace {
  readonly account: AccountId;
  readonly tx: Transaction;
}

export interface Federation {
  /** @param token as its issuer gave it out */
  verifyWebIdentity(token: string, place: FederationPlace): Promise<Verdict<WebIdentity>>;
  /** @param token as the provider gave it to one of its applications */
  verifyAccessToken(token: string, provider: LoginProvider): Promise<Verdict<AccessTokenIdentity>>;
  /** @param token as its issuer gave it out */
  verifyToken(token: string, expected: ExpectedToken, tx: Transaction): Promise<Verdict<VerifiedToken>>;
  /** @param response in base64, as the provider's page posts it */
  verifySaml(response: string, providerArn: string, tx: Transaction): Promise<Verdict<SamlIdentity>>;
  /** @param response in base64, as the provider's page posts it; asks nobody, so it may happen inside a transaction */
  verifySamlSignIn(response: string, expected: ExpectedAssertion): Promise<Verdict<SamlSignIn>>;
  /** What a provider's metadata say; `undefined` where they are none. */
  samlSignInPlace(metadata: string): Promise<SamlSignInPlace | undefined>;
}
