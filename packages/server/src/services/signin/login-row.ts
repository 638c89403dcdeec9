/** What somebody lets a program have, as rows: first a code, then credentials again and again. */
import type { AccountPrincipal } from "../../identity/principal.ts";
import { table } from "../../kernel/table.ts";
import type { Job } from "../../service/service.ts";

interface Granted {
  /** Of the code or the refresh token: who reads the store has neither. */
  readonly digest: string;
  readonly principal: AccountPrincipal;
  readonly clientId: string;
  readonly redirectUri: string;
  /** When the console's session ends, and with it all that comes of it. */
  readonly endsAtMs: number;
}

/** A code that nobody has brought back yet. */
interface Authorization extends Granted {
  /** The SHA-256 of what the program has to bring with it, as base64url. */
  readonly challenge: string;
  readonly expiresAtMs: number;
}

export const authorizations = table<Authorization>("signin.authorization", "global", ({ digest }) => [digest]);

/** A program that has credentials, and may have them renewed. */
export interface Login extends Granted {
  /** The thumbprint of the key that it proves to have. */
  readonly thumbprint: string;
}

export const logins = table<Login>("signin.login", "global", ({ digest }) => [digest]);

export const FORGET_AUTHORIZATION = "forget-authorization";
export const FORGET_LOGIN = "forget-login";

export const forgetAuthorization: Job = async ({ tx }, digest) => tx.delete(authorizations, digest);
export const forgetLogin: Job = async ({ tx }, digest) => tx.delete(logins, digest);
