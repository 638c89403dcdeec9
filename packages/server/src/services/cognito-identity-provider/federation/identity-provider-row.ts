/** External identity providers of a pool, as they are kept. */
import type { IdentityProviderTypeType } from "@aws-sdk/client-cognito-identity-provider";
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { SamlKey } from "./saml-certificate.ts";

export interface Provider {
  readonly poolId: string;
  readonly name: string;
  readonly type: IdentityProviderTypeType;
  /** Sealed: there are secrets among them. */
  readonly sealedDetails: string;
  readonly mapping: Readonly<Record<string, string>>;
  /** Further names that sign-in pages find it by. */
  readonly identifiers: readonly string[];
  readonly createdMs: number;
  readonly changedMs: number;
  /** What a SAML provider may encrypt its assertions with. */
  readonly encryption?: SamlKey;
}

export const providers = table<Provider>("cognito-idp.provider", "global", ({ poolId, name }) => [poolId, name]);

export type Details = Readonly<Record<string, string>>;

const PURPOSE = "cognito-idp identity provider";

export const sealDetails = (details: Details, { keys }: Pick<Context, "keys">): string =>
  keys.seal(JSON.stringify(details), PURPOSE);

export function openDetails({ sealedDetails }: Provider, { keys }: Pick<Context, "keys">): Details {
  const bytes = keys.open(sealedDetails, PURPOSE);
  assert(bytes !== undefined, "a provider's details were sealed here");
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}
