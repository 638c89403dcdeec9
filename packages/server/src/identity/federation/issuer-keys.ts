/** The keys that issuers publish, kept for a while of virtual time. */
import type { JSONWebKeySet } from "jose";
import type { Clock } from "../../clock/clock.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import { issuerAddress, keySetAddress } from "./issuer-address.ts";
import type { FetchDocument } from "./issuer-document.ts";
import { isRecord } from "./json-object.ts";
import { noVerificationKey } from "./refusals.ts";

/** How long keys are believed. (assumed) */
const KEPT_MS = 10 * 60 * 1000;
const ISSUERS_KEPT = 100;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html (100 RSA keys and 100 EC keys) */
const KEYS_MAX = 200;

interface Kept {
  readonly keySet: JSONWebKeySet;
  readonly fetchedAtMs: number;
}

export interface IssuerFacts {
  /** `iss` as the token has it. */
  readonly issuer: string;
  readonly thumbprints: readonly string[];
}

export class IssuerKeys {
  readonly #clock: Clock;
  readonly #fetch: FetchDocument;
  readonly #kept = new BoundedCache<string, Kept>(ISSUERS_KEPT);

  constructor({ clock, fetch }: { readonly clock: Clock; readonly fetch: FetchDocument }) {
    this.#clock = clock;
    this.#fetch = fetch;
  }

  /** @throws {IdentityRefused} where the issuer cannot be reached, or publishes no keys. */
  async of(facts: IssuerFacts): Promise<JSONWebKeySet> {
    const kept = this.#kept.get(cacheKey(facts));
    const age = kept && Math.abs(this.#clock.now() - kept.fetchedAtMs);
    return kept !== undefined && age !== undefined && age < KEPT_MS ? kept.keySet : this.fresh(facts);
  }

  /** As the issuer publishes them at this moment: for a token whose key is not among those kept. */
  async fresh(facts: IssuerFacts): Promise<JSONWebKeySet> {
    const { issuer, thumbprints } = facts;
    const base = issuerAddress(issuer.includes("://") ? issuer : `https://${issuer}`);
    const discovery = await this.#fetch(discoveryAddress(base), thumbprints);
    if (!isRecord(discovery) || !sameIssuer(discovery["issuer"], issuer)) throw noVerificationKey();
    const keySet = await this.#fetch(keySetAddress(discovery["jwks_uri"], base), thumbprints);
    if (!isKeySet(keySet)) throw noVerificationKey();
    this.#kept.set(cacheKey(facts), { keySet, fetchedAtMs: this.#clock.now() });
    return keySet;
  }
}

/** Accounts that pin other certificates do not share what one of them fetched. */
const cacheKey = ({ issuer, thumbprints }: IssuerFacts): string => [issuer, ...thumbprints].join(" ");

/** Source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest */
function discoveryAddress(issuer: URL): URL {
  return new URL(`${issuer.href.replace(/\/$/, "")}/.well-known/openid-configuration`);
}

/** Some issuers leave their scheme out of their tokens. */
const sameIssuer = (published: unknown, issuer: string): boolean =>
  published === issuer || published === `https://${issuer}`;

const isKeySet = (value: unknown): value is JSONWebKeySet =>
  isRecord(value) && Array.isArray(value["keys"]) && value["keys"].length <= KEYS_MAX && value["keys"].every(isRecord);
