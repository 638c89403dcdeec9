/** Browsers that are signed in to the hosted pages, as they are kept. */
import { table } from "../../../kernel/table.ts";

export interface BrowserSession {
  /** Of the cookie's value: who reads the store is signed in nowhere. */
  readonly digest: string;
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  readonly generation: number;
  readonly expiresMs: number;
  /** When the user signed in. */
  readonly authTimeMs: number;
  /** Its id in the list of the user's sessions, where the pool keeps one. */
  readonly tracked?: string | undefined;
}

export const browserSessions = table<BrowserSession>("cognito-idp.browser-session", "global", ({ digest }) => [digest]);
