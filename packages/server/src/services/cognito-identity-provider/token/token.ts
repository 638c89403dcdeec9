/**
 * The tokens of a sign-in. Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
import type { ChallengeResponseType } from "@aws-sdk/client-cognito-identity-provider";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { readableAttributes } from "../client/client-attributes.ts";
import { revokesTokens, validityOf, type Client } from "../client/client-row.ts";
import { issuerOf, type Pool } from "../pool/pool-row.ts";
import { recordAuthEvent } from "../protection/auth-event-row.ts";
import { EXPIRE_SESSION, sessions, type Session } from "../sign-in/session-row.ts";
import type { Metadata } from "../trigger.ts";
import { groupsOf, type Group } from "../user/group-row.ts";
import { isTrue, type User } from "../user/user-row.ts";
import { signToken, type Claims } from "./jwt.ts";
import { formatRefreshToken } from "./refresh-token-text.ts";
import { trackingOf } from "./session-tracking.ts";
import { signerOf } from "./signing-key.ts";
import { changesBy, saidOfTokens, type TokenSource } from "./token-trigger.ts";
import { makeRoom, track } from "./tracked-session-row.ts";

/** A user who has proved who they are to a client. */
export interface SignIn {
  readonly pool: Pool;
  readonly client: Client;
  readonly user: User;
  /** OAuth's scopes; left out for sign-ins by the API, which are given `aws.cognito.signin.user.admin`. */
  readonly scopes?: readonly string[] | undefined;
  readonly nonce?: string | undefined;
  readonly deviceKey?: string | undefined;
  /** The browser's session that the sign-in comes from, by its id in the list of the user's sessions. */
  readonly origin?: string | undefined;
  /** What the user was asked, and has shown, as far as that is known. */
  readonly challenges?: readonly ChallengeResponseType[];
  /** What the app says for functions. */
  readonly metadata?: Metadata | undefined;
  /** On a page or by the API where left out. */
  readonly source?: TokenSource | undefined;
  /** What the function has said of the tokens, where it was asked before. */
  readonly said?: unknown;
}

export interface Tokens {
  /** Sign-ins by the API have one, those of OAuth only with the scope `openid`. */
  readonly idToken: string | undefined;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Of the access token. */
  readonly expiresInSeconds: number;
}

export const API_SCOPE = "aws.cognito.signin.user.admin";

/** Signs a user in: the tokens, and the session that they hang on. */
export async function issueTokens(signIn: SignIn, context: Context): Promise<Tokens> {
  const { pool, client, user } = signIn;
  const nowMs = context.now().getTime();
  const { refreshMs, accessMs } = validityOf(client);
  const id = context.newId();
  const session: Session = {
    id,
    poolId: pool.id,
    clientId: client.id,
    user: user.key,
    generation: user.generation,
    originJti: context.newId(),
    authTimeMs: nowMs,
    scopes: signIn.scopes,
    nonce: signIn.nonce,
    deviceKey: signIn.deviceKey,
    expiresMs: nowMs + refreshMs,
    revoked: false,
    refresh: 0,
    tracked: await trackTokens(signIn, id, context),
  };
  context.tx.put(sessions, session);
  const { challenges } = signIn;
  await recordAuthEvent(pool, user, { id, type: "SignIn", response: "Pass", challenges, clientId: client.id }, context);
  context.at(nowMs + Math.max(refreshMs, accessMs), EXPIRE_SESSION, session.id);
  return { ...(await tokensOf(signIn, session, context)), refreshToken: formatRefreshToken(session, context) };
}

/** Its id in the list of the user's sessions, where the pool keeps one. */
async function trackTokens(
  { pool, client, user, origin }: SignIn,
  holds: string,
  context: Context,
): Promise<string | undefined> {
  if (!(await trackingOf(pool.id, context.tx)).isEnabled) return undefined;
  await makeRoom(pool, user, context);
  return track(user, { type: "TOKEN", clientId: client.id, holds, origin }, context);
}

/** The identity and access tokens of a session, as of now. */
export async function tokensOf(
  signIn: SignIn,
  session: Session,
  context: Context,
): Promise<Omit<Tokens, "refreshToken">> {
  const { pool, client, user } = signIn;
  const { accessMs, idMs } = validityOf(client);
  const groups = await groupsOf(user, context.tx);
  const common = { pool, client, user, session, groups };
  const said = signIn.said ?? (await askOfTokens({ ...signIn, scopes: session.scopes }, context));
  const changed = changesBy(said, pool);
  const idToken =
    session.scopes === undefined || session.scopes.includes("openid")
      ? signToken(
          changed.id({ ...idClaims(common), ...times(session, idMs, context) }),
          await signerOf(pool.id, "id", context),
        )
      : undefined;
  const accessToken = signToken(
    changed.access({ ...accessClaims(common), ...times(session, accessMs, context) }),
    await signerOf(pool.id, "access", context),
  );
  return { idToken, accessToken, expiresInSeconds: accessMs / SECOND_MS };
}

/** What the function says of the tokens of a sign-in. @throws {AwsError} what it refuses with */
export async function askOfTokens(signIn: SignIn, context: Context): Promise<unknown> {
  const { pool, client, user, metadata, scopes } = signIn;
  const source = signIn.source ?? (scopes ? "HostedAuth" : "Authentication");
  const groups = await groupsOf(user, context.tx);
  return saidOfTokens({ pool, client, user, groups, source, scopes: scopes ?? [API_SCOPE], metadata }, context);
}

/** The token of a client that acts for itself. */
export async function issueClientToken(
  { pool, client, scopes }: Pick<SignIn, "pool" | "client"> & { readonly scopes: readonly string[] },
  context: Context,
): Promise<Pick<Tokens, "accessToken" | "expiresInSeconds">> {
  const source = "ClientCredentials";
  const changed = changesBy(saidOfTokens({ pool, client, user: undefined, groups: [], source, scopes }, context), pool);
  const { accessMs } = validityOf(client);
  const nowMs = context.now().getTime();
  const claims: Claims = {
    sub: client.id,
    token_use: "access",
    scope: scopes.join(" "),
    iss: issuerOf(pool),
    client_id: client.id,
    version: 2,
    ...times({ authTimeMs: nowMs }, accessMs, context),
  };
  return {
    accessToken: signToken(changed.access(claims), await signerOf(pool.id, "access", context)),
    expiresInSeconds: accessMs / SECOND_MS,
  };
}

const inSeconds = (epochMs: number): number => Math.floor(epochMs / SECOND_MS);

function times({ authTimeMs }: Pick<Session, "authTimeMs">, validMs: number, context: Context): Claims {
  const nowMs = context.now().getTime();
  return {
    auth_time: inSeconds(authTimeMs),
    exp: inSeconds(nowMs + validMs),
    iat: inSeconds(nowMs),
    jti: context.newId(),
  };
}

interface Facts {
  readonly pool: Pool;
  readonly client: Client;
  readonly user: User;
  readonly session: Session;
  readonly groups: readonly Group[];
}

const groupClaims = (groups: readonly Group[]): Claims =>
  groups.length === 0 ? {} : { "cognito:groups": groups.map(({ name }) => name) };

const originClaims = ({ client, session }: Facts): Claims =>
  revokesTokens(client) ? { origin_jti: session.originJti } : {};

function idClaims(facts: Facts): Claims {
  const { pool, client, user, session, groups } = facts;
  const { identities } = user;
  return {
    sub: user.sub,
    ...groupClaims(groups),
    ...roleClaims(groups),
    iss: issuerOf(pool),
    "cognito:username": user.username,
    ...(session.nonce !== undefined && { nonce: session.nonce }),
    ...originClaims(facts),
    aud: client.id,
    event_id: session.id,
    token_use: "id",
    // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html (all of it as text)
    ...(identities !== undefined &&
      identities.length > 0 && {
        identities: identities.map((identity) => ({ ...identity, primary: String(identity.primary) })),
      }),
    ...attributeClaims(readableAttributes(pool, client, user), session.scopes),
  };
}

function accessClaims(facts: Facts): Claims {
  const { pool, client, user, session, groups } = facts;
  return {
    sub: user.sub,
    ...(session.deviceKey !== undefined && { device_key: session.deviceKey }),
    ...groupClaims(groups),
    iss: issuerOf(pool),
    ...(session.scopes !== undefined && { version: 2 }),
    client_id: client.id,
    ...originClaims(facts),
    event_id: session.id,
    token_use: "access",
    scope: session.scopes?.join(" ") ?? API_SCOPE,
    username: user.username,
  };
}

/**
 * The roles of the user's groups, and the one of the group that counts most, unless two of them count the same.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html#assigning-precedence-values-to-groups
 */
function roleClaims(groups: readonly Group[]): Claims {
  const roles = [...new Set(groups.flatMap(({ roleArn }) => (roleArn === undefined ? [] : [roleArn])))];
  if (roles.length === 0) return {};
  const first = groups.find(({ roleArn }) => roleArn !== undefined);
  const rivals = new Set(
    groups
      .filter(({ precedence, roleArn }) => roleArn !== undefined && precedence === first?.precedence)
      .map((group) => group.roleArn),
  );
  return {
    "cognito:roles": roles,
    ...(rivals.size === 1 && first?.precedence !== undefined && { "cognito:preferred_role": first.roleArn }),
  };
}

/** Source: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims */
const SCOPE_OF: Readonly<Record<string, string>> = {
  email: "email",
  email_verified: "email",
  phone_number: "phone",
  phone_number_verified: "phone",
};

/**
 * `openid` alone gives all that the client may read; beside others it gives what the others name.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
 */
export function attributeClaims(
  attributes: Readonly<Record<string, string>>,
  scopes: readonly string[] | undefined,
): Claims {
  const named = (scopes ?? []).filter((scope) => ["email", "phone", "profile"].includes(scope));
  const shown = Object.entries(attributes).filter(
    ([name]) => named.length === 0 || named.includes(findOwn(SCOPE_OF, name) ?? "profile"),
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, claimValue(name, value)]));
}

function claimValue(name: string, value: string): unknown {
  if (name === "address") return { formatted: value };
  if (name === "email_verified" || name === "phone_number_verified") return isTrue(value);
  return name === "updated_at" ? Number(value) : value;
}
