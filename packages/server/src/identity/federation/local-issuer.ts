/**
 * Issuers that this cloud is itself: what they signed is verified with the keys in the store, and nobody is asked over
 * the network, for the addresses they go by are AWS's own.
 */
import type { JSONWebKeySet, JWK } from "jose";
import type { Transaction } from "../../kernel/table.ts";

/** The keys that an issuer of this cloud publishes; `undefined` where there is no such issuer. */
type KeySetOf = (issuer: string, tx: Transaction) => Promise<{ readonly keys: readonly JWK[] } | undefined>;

/** What a token says, its signature checked. */
type Claims = Readonly<Record<string, unknown>>;

export interface LocalIssuers {
  /** `undefined`: the issuer is somebody else's. No keys: it would be ours, and is not there. */
  keySetOf(issuer: string, tx: Transaction): Promise<JSONWebKeySet | undefined>;
  /** Whether the issuer would still give the token out: its user is there, and signed in. Of others' that is not known, and taken to be so. */
  standsBy(issuer: string, claims: Claims, tx: Transaction): Promise<boolean>;
}

/** A service that issues tokens. */
interface IssuingService {
  readonly keySetOf: KeySetOf;
  /** Left out where tokens cannot be taken back. */
  readonly standsBy?: (claims: Claims, tx: Transaction) => Promise<boolean>;
}

/** Such services, loaded when an issuer looks like one of theirs. */
export interface IssuerLoaders {
  readonly identityPools: () => Promise<IssuingService>;
  readonly userPools: () => Promise<IssuingService>;
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html */
const USER_POOL = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[\w-]+_[0-9a-zA-Z]+$/;

const IDENTITY_POOLS = "https://cognito-identity.amazonaws.com";

export function localIssuers({ identityPools, userPools }: IssuerLoaders): LocalIssuers {
  const loaderOf = (issuer: string): (() => Promise<IssuingService>) | undefined => {
    if (issuer === IDENTITY_POOLS) return identityPools;
    return USER_POOL.test(issuer) ? userPools : undefined;
  };
  return {
    async keySetOf(issuer, tx) {
      const service = await loaderOf(issuer)?.();
      return service && { keys: [...((await service.keySetOf(issuer, tx))?.keys ?? [])] };
    },
    async standsBy(issuer, claims, tx) {
      const service = await loaderOf(issuer)?.();
      return (await service?.standsBy?.(claims, tx)) ?? true;
    },
  };
}
