/** Passkeys of users, as they are kept. */
import type { JsonWebKey } from "node:crypto";
import { table, type Transaction } from "../../../kernel/table.ts";
import { domainsOfPool } from "../branding/domain-row.ts";
import { passkeysMisconfigured, passkeysNotEnabled } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { User } from "../user/user-row.ts";

export interface Passkey {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  /** Base64url. */
  readonly id: string;
  readonly publicKey: JsonWebKey;
  readonly signCount: number;
  readonly rpId: string;
  readonly name: string;
  readonly attachment?: string | undefined;
  readonly transports: readonly string[];
  readonly createdMs: number;
}

export const passkeys = table<Passkey>("cognito-idp.passkey", "global", ({ poolId, user, id }) => [poolId, user, id]);

/** A passkey that a user is about to make. */
interface Registration {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  /** Base64url. */
  readonly challenge: string;
  readonly expiresMs: number;
}

export const registrations = table<Registration>("cognito-idp.passkey-registration", "global", ({ poolId, user }) => [
  poolId,
  user,
]);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html */
export const PASSKEYS_PER_USER_MAX = 20;

export const passkeysOf = ({ poolId, key }: User, tx: Transaction): Promise<Passkey[]> =>
  tx.scan(passkeys, { prefix: [poolId, key], limit: PASSKEYS_PER_USER_MAX });

const takesPasskeys = ({ settings }: Pool): boolean =>
  (settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []).includes("WEB_AUTHN");

/**
 * The domain that passkeys are made for: the one that is set, or else that of the pool's pages, its own first.
 * @throws {AwsError} `WebAuthnNotEnabledException`, `WebAuthnConfigurationMissingException`
 */
export async function requireRelyingParty(pool: Pool, tx: Transaction): Promise<string> {
  if (!takesPasskeys(pool)) throw passkeysNotEnabled();
  const named = pool.factors.WebAuthnConfiguration?.RelyingPartyId;
  if (named !== undefined) return named;
  const domains = await tx.scan(domainsOfPool, { prefix: [pool.id], limit: 2 });
  const [domain] = domains.toSorted((one, other) => (one.region < other.region ? -1 : 1));
  if (!domain) throw passkeysMisconfigured();
  return domain.region === "" ? domain.name : `${domain.name}.auth.${domain.region}.amazoncognito.com`;
}

export const requiresVerification = ({ factors }: Pool): boolean =>
  factors.WebAuthnConfiguration?.UserVerification === "required";

export const isTwoFactors = ({ factors }: Pool): boolean =>
  factors.WebAuthnConfiguration?.FactorConfiguration === "MULTI_FACTOR_WITH_USER_VERIFICATION";
