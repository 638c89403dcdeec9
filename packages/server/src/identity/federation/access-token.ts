/**
 * Access tokens of Login with Amazon and of Facebook: nobody but the provider can read them, so the provider is asked
 * whose one is, and to which application it was given.
 */
import type { Clock } from "../../clock/clock.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { AccessTokenIdentity, LoginProvider } from "./federation.ts";
import type { FetchedAnswer } from "./issuer-document.ts";
import { isRecord, parseJson } from "./json-object.ts";
import { accessTokenTooLong, issuerUnreachable, refusedByProvider, tokenExpired, unknownAnswer } from "./refusals.ts";

/** Asks a provider at one of its paths. The token goes into `query`, where no text of it ends the address. */
export type AskProvider = (
  provider: LoginProvider,
  path: string,
  query: Readonly<Record<string, string>>,
) => Promise<FetchedAnswer>;

/** More does not fit into the address that it is asked about at. Login with Amazon's have 2,048 bytes at most. */
const TOKEN_LENGTH_MAX = 8_192;

/** A token of these providers claims nothing about the session. */
const SESSION = { tags: [], transitiveTagKeys: [], sourceIdentity: undefined } as const;

interface Asking {
  readonly ask: AskProvider;
  readonly clock: Clock;
}

/** @throws {IdentityRefused} */
export function readAccessToken(token: string, provider: LoginProvider, asking: Asking): Promise<AccessTokenIdentity> {
  if (token.length > TOKEN_LENGTH_MAX) throw accessTokenTooLong(provider, TOKEN_LENGTH_MAX);
  switch (provider) {
    case "www.amazon.com":
      return amazonUser(token, asking);
    case "graph.facebook.com":
      return facebookUser(token, asking);
  }
}

/** Source: https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html (tokeninfo) */
async function amazonUser(token: string, { ask, clock }: Asking): Promise<AccessTokenIdentity> {
  const provider = "www.amazon.com";
  const answer = await answerOf(provider, ask(provider, "/auth/o2/tokeninfo", { access_token: token }));
  if (answer["iss"] !== `https://${provider}`) throw unknownAnswer(provider);
  // the seconds that are left of it, not an instant
  const secondsLeft = answer["exp"];
  if (typeof secondsLeft !== "number") throw unknownAnswer(provider);
  const now = Math.floor(clock.now() / 1000);
  if (secondsLeft <= 0) throw tokenExpired(now, now + secondsLeft);
  const [subject, applicationId] = [requireText(answer, "user_id", provider), requireText(answer, "app_id", provider)];
  const keys = { [`${provider}:app_id`]: applicationId, [`${provider}:user_id`]: subject };
  return identityOf({ provider, subject, applicationId, audience: requireText(answer, "aud", provider), keys });
}

/**
 * Source: https://developers.facebook.com/docs/graph-api/reference/user (`me`), …/application (`app`: of the token).
 * Whether the token has ended is Facebook's to say: it answers nothing about one that has.
 */
async function facebookUser(token: string, { ask }: Asking): Promise<AccessTokenIdentity> {
  const provider = "graph.facebook.com";
  const access_token = token;
  const application = await answerOf(provider, ask(provider, "/app", { access_token }));
  const user = await answerOf(provider, ask(provider, "/me", { fields: "id", access_token }));
  const [subject, applicationId] = [requireText(user, "id", provider), requireText(application, "id", provider)];
  const keys = { [`${provider}:app_id`]: applicationId, [`${provider}:id`]: subject };
  return identityOf({ provider, subject, applicationId, audience: applicationId, keys });
}

type Told = Pick<AccessTokenIdentity, "provider" | "subject" | "applicationId" | "audience" | "keys">;

const identityOf = (told: Told): AccessTokenIdentity => ({ ...told, issuer: told.provider, session: SESSION });

/** @throws {IdentityRefused} */
async function answerOf(
  provider: LoginProvider,
  asked: Promise<FetchedAnswer>,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await asked;
  if (answer.status >= 400 && answer.status < 500) throw refusedByProvider(provider, answer);
  if (answer.status !== 200) throw issuerUnreachable();
  const told = answer.text === undefined ? undefined : parseJson(answer.text);
  if (!isRecord(told)) throw unknownAnswer(provider);
  return told;
}

function requireText(told: Readonly<Record<string, unknown>>, name: string, provider: LoginProvider): string {
  const value = findOwn(told, name);
  if (typeof value !== "string" || value === "") throw unknownAnswer(provider);
  return value;
}
