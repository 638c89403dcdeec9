/** External identity providers of a pool, as they are kept. */
import type { IdentityProviderTypeType } from "@aws-sdk/client-cognito-identity-provider";
import { table } from "../../kernel/table.ts";

export interface Provider {
  readonly poolId: string;
  readonly name: string;
  readonly type: IdentityProviderTypeType;
  readonly details: Readonly<Record<string, string>>;
  readonly mapping: Readonly<Record<string, string>>;
  /** Further names that sign-in pages find it by. */
  readonly identifiers: readonly string[];
  readonly createdMs: number;
  readonly changedMs: number;
}

export const providers = table<Provider>("cognito-idp.provider", "global", ({ poolId, name }) => [poolId, name]);
