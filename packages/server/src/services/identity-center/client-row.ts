/** Programs that registered to get tokens for users, as rows. */
import { table } from "../../kernel/table.ts";

export interface Client {
  readonly id: string;
  /** SHA-256, base64. */
  readonly secretHash: string;
  readonly name: string;
  /** None: a client of old, which gets a token as long as the session and none to refresh it with. */
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  /** None: any. */
  readonly grantTypes: readonly string[];
  /** The instance that it registered for. */
  readonly instanceId?: string | undefined;
  readonly expiresAtMs: number;
}

export const clients = table<Client>("sso-oidc.client", "global", ({ id }) => [id]);
