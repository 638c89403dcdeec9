/** The federation of one cloud. */
import type { Transaction } from "../../kernel/table.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Directory, OidcProviderRecord } from "../directory.ts";
import { claimKeys } from "./claim-keys.ts";
import { claimedSession } from "./claimed-session.ts";
import type { Federation, FederationPlace, SamlIdentity, Verdict, WebIdentity } from "./federation.ts";
import { fetchDocument } from "./issuer-document.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { checkSignature, readToken, type OidcToken } from "./oidc-token.ts";
import { verdictOf } from "./refused.ts";
import { noProvider, samlProviderUnknown, wrongAudience } from "./refusals.ts";
import { readSamlResponse } from "./saml-response.ts";
import { checkTimes } from "./token-time.ts";
import { wellKnownProvider } from "./well-known-provider.ts";

interface Parts {
  readonly clock: Clock;
  readonly directory: Pick<Directory, "findOidcProvider" | "findSamlProvider">;
}

export class FederationVerifier implements Federation {
  readonly #clock: Clock;
  readonly #directory: Parts["directory"];
  readonly #keys: IssuerKeys;

  constructor({ clock, directory }: Parts) {
    this.#clock = clock;
    this.#directory = directory;
    this.#keys = new IssuerKeys({ clock, fetch: fetchDocument });
  }

  verifyWebIdentity(text: string, place: FederationPlace): Promise<Verdict<WebIdentity>> {
    return verdictOf(() => this.#webIdentity(text, place));
  }

  verifySaml(response: string, providerArn: string, tx: Transaction): Promise<Verdict<SamlIdentity>> {
    return verdictOf(async () => {
      const provider = await this.#directory.findSamlProvider(providerArn, tx);
      if (provider === undefined) throw samlProviderUnknown();
      return readSamlResponse(response, provider, this.#clock);
    });
  }

  async #webIdentity(text: string, place: FederationPlace): Promise<WebIdentity> {
    const token = readToken(text);
    const provider = await this.#providerOf(token, place);
    const audience = audienceOf(token, provider);
    await checkSignature(token, { issuer: token.issuer, thumbprints: provider.thumbprints }, this.#keys);
    checkTimes(token.times, this.#clock);
    return {
      provider: provider.name,
      issuer: token.issuer,
      subject: token.subject,
      audience,
      keys: claimKeys(provider.url, token, audience),
      session: claimedSession(token.claims),
    };
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

/**
 * The one that the token was issued to counts, where it is named.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 * @throws {IdentityRefused}
 */
function audienceOf({ audiences, authorizedParty }: OidcToken, { clientIds }: Provider): string {
  const candidates = authorizedParty === undefined ? audiences : [authorizedParty];
  const audience = candidates.find((each) => clientIds === undefined || clientIds.includes(each));
  if (audience === undefined) throw wrongAudience();
  return audience;
}
