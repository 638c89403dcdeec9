/**
 * The way of a sign-in once the first factor is shown: a new password, a second factor, the device, the tokens.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
 */
import type {
  AuthenticationResultType,
  ChallengeNameType,
  ChallengeResponseType,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { validityOf, type ClientInPool } from "../client/client-row.ts";
import { isKnownDevice, newDevice, replacesFactor } from "../device/device-memory.ts";
import { invalidParameter, userDisabled } from "../errors.ts";
import { factorsOf } from "../factor/factor.ts";
import { formatDelivery, sendSignInCode, type Destination } from "../message/message.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { TokenSource } from "../token/token-trigger.ts";
import { issueTokens, type Tokens } from "../token/token.ts";
import type { Metadata } from "../trigger.ts";
import { newCode } from "../user/code.ts";
import { hasPassword } from "../user/password.ts";
import { isVerified, type Factor, type User } from "../user/user-row.ts";
import { putChallenge, type Challenge } from "./challenge-row.ts";
import { askAfter } from "./sign-in-trigger.ts";

/** Who is on their way in. */
export interface Entrant extends ClientInPool {
  readonly user: User;
  /** The name that was typed in. */
  readonly typed: string;
  readonly deviceKey?: string | undefined;
  /** A second factor was shown, or none is wanted. */
  readonly factored?: boolean | undefined;
  /** They sign in on a page: at the end there are no tokens, for there it is a code that the app is given. */
  readonly onPages?: boolean | undefined;
  /** What the app says for functions. */
  readonly metadata?: Metadata | undefined;
  /** What the tokens will be made at the end of, where that is something special. */
  readonly source?: TokenSource | undefined;
}

/** The same, or somebody whom there is not, where the client does not tell. */
export type Guest = Omit<Entrant, "user"> & { readonly user: User | undefined };

/** What comes next: a question, or the tokens. */
export interface Step {
  readonly AuthenticationResult?: AuthenticationResultType;
  readonly ChallengeName?: ChallengeNameType;
  readonly ChallengeParameters: Record<string, string>;
  readonly Session?: string;
  /** Who has signed in, where it was on a page. */
  readonly entered?: User;
  readonly AvailableChallenges?: ChallengeNameType[];
}

type Asked = Pick<Challenge, "name"> & Partial<Pick<Challenge, "code" | "verified" | "webAuthn" | "custom">>;

/** Asks a question: a challenge under a new session. */
export function ask(
  guest: Guest,
  asked: Asked,
  parameters: Record<string, string>,
  context: Context,
): Step & { readonly Session: string } {
  const { pool, client, user, typed, deviceKey, factored, onPages } = guest;
  const expiresMs = context.now().getTime() + validityOf(client).authSessionMs;
  const shown = { typed, deviceKey, factored, onPages };
  const challenge = { poolId: pool.id, clientId: client.id, user: user?.key ?? "", sub: user?.sub, ...shown };
  const Session = putChallenge({ ...challenge, ...asked, expiresMs, failures: 0 }, context);
  return { ChallengeName: asked.name, Session, ChallengeParameters: parameters };
}

/** A session that signs a user in who has just been confirmed by a code. */
export const askAtOnce = (entrant: Entrant, context: Context): string =>
  ask(entrant, { name: "SELECT_CHALLENGE", verified: true }, {}, context).Session;

/** The next step of somebody who has shown the first factor. */
export async function proceed(entrant: Entrant, context: Context): Promise<Step> {
  const { pool, user } = entrant;
  // an administrator may have thought otherwise since the question before
  if (!user.enabled) throw userDisabled();
  if (user.status === "FORCE_CHANGE_PASSWORD") return askNewPassword(entrant, context);
  const isKnown = await isKnownDevice(entrant, context);
  const isEnough = entrant.factored === true || (isKnown && replacesFactor(pool));
  const step = isEnough || factorsOf(pool).length === 0 ? undefined : await askFactor(entrant, context);
  if (step) return step;
  if (isKnown) return ask(entrant, { name: "DEVICE_SRP_AUTH" }, {}, context);
  return finish(entrant, context);
}

/** The tokens, at the end of all questions. */
export async function finish(entrant: Entrant, context: Context): Promise<Step> {
  const { pool, client, user, deviceKey, metadata, source } = entrant;
  const device = entrant.onPages === true ? undefined : await newDevice(entrant, context);
  askAfter({ ...entrant, newDeviceUsed: device !== undefined }, context);
  if (entrant.onPages === true) return { entered: user, ChallengeParameters: {} };
  const shown = { deviceKey: device?.DeviceKey ?? deviceKey, challenges: shownBy(entrant), metadata, source };
  const signIn = { pool, client, user, ...shown };
  const tokens = await issueTokens(signIn, context);
  const AuthenticationResult = { ...formatTokens(tokens), ...(device && { NewDeviceMetadata: device }) };
  return { AuthenticationResult, ChallengeParameters: {} };
}

/** Where a pool lets users choose what to begin with, it is not known whether it was the password. */
function shownBy({ pool, factored }: Entrant): readonly ChallengeResponseType[] {
  const first = pool.settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ["PASSWORD"];
  if (first.length > 1 || first[0] !== "PASSWORD") return [];
  const names = factored === true ? (["Password", "Mfa"] as const) : (["Password"] as const);
  return names.map((ChallengeName) => ({ ChallengeName, ChallengeResponse: "Success" }));
}

export const formatTokens = ({
  accessToken,
  idToken,
  refreshToken,
  expiresInSeconds,
}: Tokens): AuthenticationResultType => ({
  AccessToken: accessToken,
  ExpiresIn: expiresInSeconds,
  TokenType: "Bearer",
  ...(refreshToken !== undefined && { RefreshToken: refreshToken }),
  ...(idToken !== undefined && { IdToken: idToken }),
});

function askNewPassword(entrant: Entrant, context: Context): Step {
  const { pool, user } = entrant;
  const missing = pool.schema
    .filter(({ Name = "", Required }) => Required === true && Name !== "sub" && user.attributes[Name] === undefined)
    .map(({ Name = "" }) => `userAttributes.${Name}`);
  const parameters = {
    USER_ID_FOR_SRP: user.username,
    requiredAttributes: JSON.stringify(missing),
    userAttributes: JSON.stringify(user.attributes),
  };
  return ask(entrant, { name: "NEW_PASSWORD_REQUIRED" }, parameters, context);
}

/** The user's second factors that the pool knows now. */
export const usableFactors = ({ pool, user }: Pick<Entrant, "pool" | "user">): readonly Factor[] =>
  user.factors.filter((factor) => factorsOf(pool).includes(factor));

/** The second factor that the user is asked for; `undefined` where none is wanted. */
function askFactor(entrant: Entrant, context: Context): Promise<Step> | undefined {
  const { pool, user } = entrant;
  const known = factorsOf(pool);
  const usable = usableFactors(entrant);
  const [only, ...others] = usable;
  if (user.preferredFactor !== undefined && usable.includes(user.preferredFactor)) {
    return askFor(user.preferredFactor, entrant, context);
  }
  if (only !== undefined && others.length > 0) {
    const parameters = { USER_ID_FOR_SRP: user.username, MFAS_CAN_CHOOSE: JSON.stringify(usable) };
    return Promise.resolve(ask(entrant, { name: "SELECT_MFA_TYPE" }, parameters, context));
  }
  if (only !== undefined) return askFor(only, entrant, context);
  if (hasSmsOption(user) && known.includes("SMS_MFA")) return askFor("SMS_MFA", entrant, context);
  return pool.settings.MfaConfiguration === "ON" ? askRequired(entrant, known, context) : undefined;
}

const hasSmsOption = ({ smsOptions, attributes }: User): boolean =>
  (smsOptions ?? []).length > 0 && attributes["phone_number"] !== undefined;

/** A pool that insists takes the app or address that is there, or has the user set a factor up. */
function askRequired(entrant: Entrant, known: readonly Factor[], context: Context): Promise<Step> {
  const { user } = entrant;
  if (known.includes("SOFTWARE_TOKEN_MFA") && user.seed !== undefined)
    return askFor("SOFTWARE_TOKEN_MFA", entrant, context);
  if (known.includes("SMS_MFA") && user.attributes["phone_number"] !== undefined)
    return askFor("SMS_MFA", entrant, context);
  if (known.includes("EMAIL_OTP") && isVerified(user, "email")) return askFor("EMAIL_OTP", entrant, context);
  const parameters = { USER_ID_FOR_SRP: user.username, MFAS_CAN_SETUP: JSON.stringify(known) };
  return Promise.resolve(ask(entrant, { name: "MFA_SETUP" }, parameters, context));
}

/** Asks for one factor; sends its code where it has one. */
export async function askFor(factor: Factor, entrant: Entrant, context: Context): Promise<Step> {
  const { user } = entrant;
  if (factor === "SOFTWARE_TOKEN_MFA") {
    return ask(entrant, { name: factor }, { USER_ID_FOR_SRP: user.username }, context);
  }
  return askCode(entrant, factor, context);
}

const ATTRIBUTE_OF = { SMS_MFA: "phone_number", SMS_OTP: "phone_number", EMAIL_OTP: "email" } as const;

/** Codes to addresses: eight digits by mail, six by SMS. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-sms-email-message.html */
const EMAIL_CODE_DIGITS = 8;
export const CODE_SEALED_FOR = "cognito-idp sign-in code";

/** Sends a code, and asks for it. */
export async function askCode(entrant: Entrant, name: keyof typeof ATTRIBUTE_OF, context: Context): Promise<Step> {
  const { pool, user } = entrant;
  const attribute = ATTRIBUTE_OF[name];
  const address = user.attributes[attribute];
  if (address === undefined) throw invalidParameter(`User does not have ${attribute} to deliver the code to.`);
  const destination: Destination = { attribute, address };
  const code = attribute === "email" ? newCode(EMAIL_CODE_DIGITS) : newCode();
  const { client, metadata } = entrant;
  const addressee = { pool, user, source: "Authentication", clientId: client.id, metadata } as const;
  await sendSignInCode(addressee, { ...destination, code }, context);
  const { DeliveryMedium = "", Destination: shown = "" } = formatDelivery(destination);
  const parameters = {
    USER_ID_FOR_SRP: user.username,
    CODE_DELIVERY_DELIVERY_MEDIUM: DeliveryMedium,
    CODE_DELIVERY_DESTINATION: shown,
  };
  return ask(entrant, { name, code: context.keys.seal(code, CODE_SEALED_FOR) }, parameters, context);
}

/** In the order in which users are told. */
const FIRST_FACTORS = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"] as const;
type FirstFactor = (typeof FIRST_FACTORS)[number];

/** What users may begin with, where the pool lets them choose. */
export function firstFactors({ settings }: Pool, user: User, hasPasskey: boolean): FirstFactor[] {
  const { password, attributes } = user;
  const allowed = settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ["PASSWORD"];
  const has: Readonly<Record<FirstFactor, boolean>> = {
    PASSWORD: hasPassword(user),
    PASSWORD_SRP: password !== undefined,
    EMAIL_OTP: attributes["email"] !== undefined,
    SMS_OTP: attributes["phone_number"] !== undefined,
    WEB_AUTHN: hasPasskey,
  };
  return FIRST_FACTORS.filter(
    (factor) => has[factor] && allowed.includes(factor === "PASSWORD_SRP" ? "PASSWORD" : factor),
  );
}
