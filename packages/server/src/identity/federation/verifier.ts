/** The federation of one cloud. */
import type { Transaction } from "../../kernel/table.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Directory, OidcProviderRecord } from "../directory.ts";
import { readAccessToken, type AskProvider } from "./access-token.ts";
import { claimKeys } from "./claim-keys.ts";
import { claimedSession } from "./claimed-session.ts";
import type {
  AccessTokenIdentity,
  ExpectedAssertion,
  ExpectedToken,
  Federation,
  FederationPlace,
  LoginProvider,
  SamlIdentity,
  SamlSignIn,
  SamlSignInPlace,
  Verdict,
  VerifiedToken,
  WebIdentity,
} from "./federation.ts";
import { fetchDocument } from "./issuer-document.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import type { LocalIssuers } from "./local-issuer.ts";
import { checkSignature, checkSignatureBy, readToken, type OidcToken } from "./oidc-token.ts";
import { verdictOf } from "./refused.ts";
import { noProvider, samlProviderUnknown, tokenTakenBack, wrongAudience, wrongIssuer } from "./refusals.ts";
import { readSamlResponse } from "./saml-response.ts";
import { readSamlSignIn, readSignInPlace } from "./saml-sign-in.ts";
import { checkTimes } from "./token-time.ts";
import { wellKnownProvider } from "./well-known-provider.ts";

interface Parts {
  readonly clock: Clock;
  readonly directory: Pick<Directory, "findOidcProvider" | "findSamlProvider">;
  readonly localIssuers: LocalIssuers;
  readonly askProvider: AskProvider;
}

export class FederationVerifier implements Federation {
  readonly #clock: Clock;
  readonly #directory: Parts["directory"];
  readonly #localIssuers: LocalIssuers;
  readonly #keys: IssuerKeys;
  readonly #askProvider: AskProvider;

  constructor({ clock, directory, localIssuers, askProvider }: Parts) {
    this.#clock = clock;
    this.#localIssuers = localIssuers;
    this.#directory = directory;
    this.#askProvider = askProvider;
    this.#keys = new IssuerKeys({ clock, fetch: fetchDocument });
  }

  verifyWebIdentity(text: string, place: FederationPlace): Promise<Verdict<WebIdentity>> {
    return verdictOf(() => this.#webIdentity(text, place));
  }

  verifyAccessToken(token: string, provider: LoginProvider): Promise<Verdict<AccessTokenIdentity>> {
    return verdictOf(() => readAccessToken(token, provider, { ask: this.#askProvider, clock: this.#clock }));
  }

  verifyToken(text: string, expected: ExpectedToken, tx: Transaction): Promise<Verdict<VerifiedToken>> {
    return verdictOf(async () => {
      const token = readToken(text);
      if (withoutScheme(token.issuer) !== expected.issuer) throw wrongIssuer();
      await this.#checkToken(token, expected.thumbprints, tx);
      const isAsked = expected.standing === "asked";
      if (isAsked && !(await this.#localIssuers.standsBy(token.issuer, token.claims, tx))) throw tokenTakenBack();
      return { subject: token.subject, audiences: candidatesOf(token), claims: token.claims };
    });
  }

  verifySaml(response: string, providerArn: string, tx: Transaction): Promise<Verdict<SamlIdentity>> {
    return verdictOf(async () => {
      const provider = await this.#directory.findSamlProvider(providerArn, tx);
      if (provider === undefined) throw samlProviderUnknown();
      return readSamlResponse(response, provider, this.#clock);
    });
  }

  verifySamlSignIn(response: string, expected: ExpectedAssertion): Promise<Verdict<SamlSignIn>> {
    return verdictOf(async () => readSamlSignIn(response, expected, this.#clock));
  }

  async samlSignInPlace(metadata: string): Promise<SamlSignInPlace | undefined> {
    return readSignInPlace(metadata);
  }

  async #webIdentity(text: string, place: FederationPlace): Promise<WebIdentity> {
    const token = readToken(text);
    const provider = await this.#providerOf(token, place);
    const audience = audienceOf(token, provider);
    await this.#checkToken(token, provider.thumbprints, place.tx);
    return {
      provider: provider.name,
      issuer: token.issuer,
      subject: token.subject,
      audience,
      keys: claimKeys(provider.url, token, audience),
      session: claimedSession(token.claims),
    };
  }

  async #checkToken(token: OidcToken, thumbprints: readonly string[], tx: Transaction): Promise<void> {
    const { issuer } = token;
    const own = await this.#localIssuers.keySetOf(issuer, tx);
    if (own === undefined) await checkSignature(token, { issuer, thumbprints }, this.#keys);
    else await checkSignatureBy(token, own);
    checkTimes(token.times, this.#clock);
  }

  /** The account's own registration counts before the name that AWS knows. */
  async #providerOf({ issuer }: OidcToken, { account, tx }: FederationPlace): Promise<Provider> {
    const registered = await this.#directory.findOidcProvider(issuer, account, tx);
    if (registered !== undefined) return { ...registered, name: registered.arn };
    const name = wellKnownProvider(issuer);
    if (name === undefined) throw noProvider(issuer);
    return { name, url: name, clientIds: undefined, thumbprints: [] };
  }
}

interface Provider extends Pick<OidcProviderRecord, "url" | "thumbprints"> {
  readonly name: string;
  /** `undefined`: whoever the token was made for, the trust policy says whether it will do. */
  readonly clientIds: readonly string[] | undefined;
}

const withoutScheme = (issuer: string): string => issuer.replace(/^https?:\/\//, "");

/**
 * The one that the token was issued to counts, where it is named.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const candidatesOf = ({ audiences, authorizedParty }: OidcToken): readonly string[] =>
  authorizedParty === undefined ? audiences : [authorizedParty];

/** @throws {IdentityRefused} */
function audienceOf(token: OidcToken, { clientIds }: Provider): string {
  const audience = candidatesOf(token).find((each) => clientIds === undefined || clientIds.includes(each));
  if (audience === undefined) throw wrongAudience();
  return audience;
}
