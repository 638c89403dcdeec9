/**
 * Access tokens as Login with Amazon and Facebook give them to applications, and what those two say of one. A token is
 * signed, so that none has to be kept; to whoever else holds it, it is a text without a meaning.
 */
import { mintToken, readOwnToken, type Minting } from "./oidc.ts";

/** What a token of each provider begins with, and whom it is for: nobody else takes it. */
const PROVIDERS = {
  "www.amazon.com": { start: "Atza|", audience: "urn:kumobako:access-token:amazon" },
  "graph.facebook.com": { start: "EAA", audience: "urn:kumobako:access-token:facebook" },
} as const;

export type AccessTokenProvider = keyof typeof PROVIDERS;

export const isAccessTokenProvider = (name: unknown): name is AccessTokenProvider =>
  typeof name === "string" && Object.hasOwn(PROVIDERS, name);

export interface AccessTokenFacts {
  readonly provider: AccessTokenProvider;
  readonly subject: string;
  /** The id that policies and identity pools name. */
  readonly application: string;
  /** What Login with Amazon calls the client. */
  readonly client: string;
  readonly seconds: number;
}

export async function mintAccessToken(
  { provider, subject, application, client, seconds }: AccessTokenFacts,
  minting: Minting,
): Promise<string> {
  const { start, audience } = PROVIDERS[provider];
  const token = await mintToken({ sub: subject, aud: audience, application, client }, minting, seconds);
  return `${start}${token}`;
}

interface Read {
  readonly subject: string;
  readonly application: string;
  readonly client: string;
  readonly issuedAt: number;
  readonly secondsLeft: number;
}

async function read(token: string, provider: AccessTokenProvider, minting: Minting): Promise<Read | undefined> {
  const { start, audience } = PROVIDERS[provider];
  if (!token.startsWith(start)) return undefined;
  const claims = await readOwnToken(token.slice(start.length), minting);
  if (claims?.aud !== audience || claims.exp === undefined || claims.iat === undefined) return undefined;
  return {
    subject: String(claims.sub),
    application: String(claims["application"]),
    client: String(claims["client"]),
    issuedAt: claims.iat,
    secondsLeft: claims.exp - Math.floor(minting.nowMs / 1000),
  };
}

/**
 * What Login with Amazon says of a token; `undefined` where it is none.
 * Source: https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
 */
export async function amazonTokenFacts(token: string, minting: Minting): Promise<object | undefined> {
  const found = await read(token, "www.amazon.com", minting);
  return (
    found && {
      iss: "https://www.amazon.com",
      user_id: found.subject,
      aud: found.client,
      app_id: found.application,
      // the seconds that are left
      exp: found.secondsLeft,
      iat: found.issuedAt,
    }
  );
}

/**
 * What Facebook says of a token's application and user; `undefined` where it is none.
 * Source: https://developers.facebook.com/docs/graph-api/reference/application, …/user
 */
export async function facebookTokenFacts(
  token: string,
  minting: Minting,
): Promise<{ readonly app: object; readonly me: object } | undefined> {
  const found = await read(token, "graph.facebook.com", minting);
  return found && { app: { id: found.application, name: "test" }, me: { id: found.subject } };
}
