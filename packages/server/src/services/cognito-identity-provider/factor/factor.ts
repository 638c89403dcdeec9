/** Second factors. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html */
import type { AuthFactorType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import {
  invalidParameter,
  invalidSession,
  missingParameter,
  softwareTokenMismatch,
  softwareTokenNotFound,
} from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { findPool, onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { challengedUser, requireChallenge, putChallenge, type Challenge } from "../sign-in/challenge-row.ts";
import { requireHolder } from "../token/access-token.ts";
import { hasPassword } from "../user/password.ts";
import { requireUser, users, type Factor, type User } from "../user/user-row.ts";
import { formatFactors } from "../user/user-view.ts";
import { isTwoFactors, passkeysOf, type Passkey } from "./passkey-row.ts";
import { newSeed, stepOf, withStep } from "./totp.ts";

/** The factors that a pool knows, those that its users may set up. */
export function factorsOf({ factors, settings }: Pool): readonly Factor[] {
  if ((settings.MfaConfiguration ?? "OFF") === "OFF") return [];
  return [
    ...(factors.sms === true ? (["SMS_MFA"] as const) : []),
    ...(factors.SoftwareTokenMfaConfiguration?.Enabled === true ? (["SOFTWARE_TOKEN_MFA"] as const) : []),
    ...(factors.EmailMfaConfiguration !== undefined ? (["EMAIL_OTP"] as const) : []),
  ];
}

/** Who sets an app up: by an access token, or in the middle of signing in. */
interface SettingUp {
  readonly pool: Pool;
  readonly user: User;
  readonly challenge: Challenge | undefined;
}

interface Shown {
  readonly AccessToken?: string | undefined;
  readonly Session?: string | undefined;
}

async function whoSetsUp({ AccessToken: token, Session: session }: Shown, context: Context): Promise<SettingUp> {
  if (token !== undefined) return { ...(await requireHolder(token, context)), challenge: undefined };
  if (session === undefined) throw missingParameter("AccessToken");
  const challenge = await requireChallenge(session, context);
  const pool = await findPool(challenge.poolId, context.tx);
  const user = await challengedUser(challenge, context.tx);
  if (!pool || !user || challenge.name !== "MFA_SETUP") throw invalidSession();
  return { pool, user, challenge };
}

export const associateSoftwareToken = operation("AssociateSoftwareToken", {
  callers: "open",
  authorize: nobodyAsked,

  async handle(input, context) {
    const { pool, user, challenge } = await whoSetsUp(input, context);
    if (!factorsOf(pool).includes("SOFTWARE_TOKEN_MFA")) throw softwareTokenNotFound();
    const seed = newSeed(context);
    context.tx.put(users, { ...user, seedWaiting: seed.sealed });
    return { SecretCode: seed.shown, ...(challenge && { Session: putChallenge(challenge, context) }) };
  },
});

export const verifySoftwareToken = operation("VerifySoftwareToken", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ UserCode: code, ...shown }, context) {
    const { user, challenge } = await whoSetsUp(shown, context);
    const { seedWaiting: sealed, ...rest } = user;
    if (sealed === undefined) throw softwareTokenMismatch();
    const fresh: User = { ...rest, stepsUsed: [] };
    const step = stepOf(sealed, code, context);
    if (step === undefined) throw softwareTokenMismatch();
    context.tx.put(users, withStep({ ...fresh, seed: sealed }, step));
    const Session = challenge && putChallenge({ ...challenge, verified: true }, context);
    return { Status: "SUCCESS" as const, ...(Session !== undefined && { Session }) };
  },
});

export const getUserAuthFactors = operation("GetUserAuthFactors", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    return formatAuthFactors(pool, user, await passkeysOf(user, context.tx));
  },
});

export const adminGetUserAuthFactors = operation("AdminGetUserAuthFactors", {
  authorize: onPool("AdminGetUserAuthFactors"),

  async handle({ UserPoolId, Username }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    return formatAuthFactors(pool, user, await passkeysOf(user, context.tx));
  },
});

/** What the user can begin with, where the pool lets them choose, and their second factors. */
function formatAuthFactors({ settings }: Pool, user: User, known: readonly Passkey[]) {
  const has: Readonly<Record<AuthFactorType, boolean>> = {
    PASSWORD: hasPassword(user),
    EMAIL_OTP: user.attributes["email"] !== undefined,
    SMS_OTP: user.attributes["phone_number"] !== undefined,
    SOFTWARE_TOKEN: user.seed !== undefined,
    WEB_AUTHN: known.length > 0,
  };
  const allowed = settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  const ConfiguredUserAuthFactors = allowed.filter((factor) => has[factor]);
  return { Username: user.username, ...formatFactors(user), ConfiguredUserAuthFactors };
}

/** The factor goes with its seed. */
export const adminDeleteSoftwareToken = operation("AdminDeleteSoftwareToken", {
  authorize: onPool("AdminDeleteSoftwareToken"),

  async handle({ UserPoolId, Username }, context) {
    const pool = await requirePool(UserPoolId, context);
    const { seed, preferredFactor, ...rest } = await requireUser(pool, Username, context.tx);
    if (seed === undefined) throw softwareTokenNotFound();
    const factors: readonly Factor[] = rest.factors.filter((factor) => factor !== "SOFTWARE_TOKEN_MFA");
    const kept = preferredFactor !== undefined && factors.includes(preferredFactor) ? { preferredFactor } : {};
    context.tx.put(users, { ...rest, factors, ...kept });
    return {};
  },
});

interface Preference {
  readonly Enabled?: boolean | undefined;
  readonly PreferredMfa?: boolean | undefined;
}

interface Preferences {
  readonly SMSMfaSettings?: Preference | undefined;
  readonly SoftwareTokenMfaSettings?: Preference | undefined;
  readonly EmailMfaSettings?: Preference | undefined;
  readonly WebAuthnMfaSettings?: Preference | undefined;
}

export const setUserMfaPreference = operation("SetUserMFAPreference", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, ...preferences }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    context.tx.put(users, preferAll(pool, user, preferences));
    return {};
  },
});

export const adminSetUserMfaPreference = operation("AdminSetUserMFAPreference", {
  authorize: onPool("AdminSetUserMFAPreference"),

  async handle({ UserPoolId, Username, ...preferences }, context) {
    const pool = await requirePool(UserPoolId, context);
    context.tx.put(users, preferAll(pool, await requireUser(pool, Username, context.tx), preferences));
    return {};
  },
});

/** @throws {AwsError} `InvalidParameterException` */
function prefer(pool: Pool, user: User, asked: Omit<Preferences, "WebAuthnMfaSettings">): User {
  const all: readonly (readonly [Factor, Preference | undefined])[] = [
    ["SMS_MFA", asked.SMSMfaSettings],
    ["SOFTWARE_TOKEN_MFA", asked.SoftwareTokenMfaSettings],
    ["EMAIL_OTP", asked.EmailMfaSettings],
  ];
  const preferred = all.filter(([, setting]) => setting?.PreferredMfa === true).map(([factor]) => factor);
  if (preferred.length > 1) throw invalidParameter("Only one MFA method may be preferred.");
  for (const [factor, setting] of all) {
    if (setting?.Enabled === true || setting?.PreferredMfa === true) requireSettable(pool, user, factor);
  }
  const isOn = ([factor, setting]: (typeof all)[number]): boolean =>
    setting?.PreferredMfa === true || (setting?.Enabled ?? user.factors.includes(factor));
  const factors = all.filter(isOn).map(([factor]) => factor);
  const keeps = (factor: Factor | undefined): boolean =>
    factor !== undefined &&
    factors.includes(factor) &&
    !all.some(([each, setting]) => each === factor && setting?.PreferredMfa === false);
  const { preferredFactor: before, ...rest } = user;
  const [chosen = keeps(before) ? before : undefined] = preferred;
  return { ...rest, factors, ...(chosen !== undefined && { preferredFactor: chosen }) };
}

/** The same, and whether a passkey is two factors. @throws {AwsError} `InvalidParameterException` */
function preferAll(pool: Pool, user: User, { WebAuthnMfaSettings: passkey, ...asked }: Preferences): User {
  const changed = prefer(pool, user, asked);
  if (passkey?.Enabled === undefined) return changed;
  if (passkey.Enabled) requirePasskeyFactor(pool, changed.factors);
  return { ...changed, passkeyFactor: passkey.Enabled };
}

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html */
function requirePasskeyFactor(pool: Pool, others: readonly Factor[]): void {
  if (!isTwoFactors(pool)) throw invalidParameter("Passkeys of the user pool are one factor.");
  if (others.length === 0) throw invalidParameter("At least one other MFA method has to be activated.");
}

function requireSettable(pool: Pool, user: User, factor: Factor): void {
  switch (factor) {
    case "SOFTWARE_TOKEN_MFA":
      if (user.seed === undefined) throw invalidParameter("User has not verified software token mfa");
      return;
    case "SMS_MFA":
      if (user.attributes["phone_number"] === undefined) {
        throw invalidParameter("User does not have delivery config set to turn on SMS_MFA");
      }
      return;
    case "EMAIL_OTP":
      if (user.attributes["email"] === undefined || pool.factors.EmailMfaConfiguration === undefined) {
        throw invalidParameter("User does not have delivery config set to turn on EMAIL_OTP");
      }
      return;
  }
}
