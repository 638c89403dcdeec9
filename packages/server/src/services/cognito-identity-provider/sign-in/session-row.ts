/** What a sign-in leaves: the one thing that its tokens, first and refreshed, hang on. */
import { table } from "../../../kernel/table.ts";

export interface Session {
  /** The `event_id` of its tokens. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  /** The user's key. */
  readonly user: string;
  /** What the user's was when they signed in. */
  readonly generation: number;
  readonly originJti: string;
  readonly authTimeMs: number;
  readonly scopes: readonly string[] | undefined;
  readonly nonce?: string | undefined;
  readonly deviceKey?: string | undefined;
  readonly expiresMs: number;
  readonly revoked: boolean;
  /** The refresh token that is good now, by its number, and until when the one before it still is. */
  readonly refresh: number;
  readonly previousUntilMs?: number | undefined;
  /** Its id in the list of the user's sessions, where the pool keeps one. */
  readonly tracked?: string | undefined;
}

export const sessions = table<Session>("cognito-idp.session", "global", ({ id }) => [id]);

/** The job that takes a session out when its refresh token has expired. */
export const EXPIRE_SESSION = "expire-session";
