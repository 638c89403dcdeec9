/** Requests of clients to be given a code, and the codes that came of them, as rows. */
import { createHash } from "node:crypto";
import { table } from "../../kernel/table.ts";

export interface Authorization {
  /** SHA-256, base64, of the request's id, and once it is granted of its code. */
  readonly hash: string;
  readonly clientId: string;
  readonly instanceId: string;
  readonly redirectUri: string;
  readonly state: string;
  /** The verifier's SHA-256, base64url. */
  readonly challenge: string;
  readonly expiresAtMs: number;
  /** Present once a user has granted it. */
  readonly sessionId?: string | undefined;
}

export const authorizations = table<Authorization>("sso-oidc.authorization", "global", ({ hash }) => [hash]);

/** How secrets that are only compared lie in the store. */
export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64");
