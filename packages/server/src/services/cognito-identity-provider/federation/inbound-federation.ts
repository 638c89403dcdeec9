/**
 * What a function makes of what a provider says of a user.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
 */
import type { Context } from "../../../service/context.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { membersIn, textsOf } from "../json-document.ts";
import { askTrigger } from "../trigger.ts";
import type { Provider } from "./identity-provider-row.ts";
import type { Vouched } from "./oidc-sign-in.ts";

interface Coming extends ClientInPool {
  readonly provider: Provider;
  readonly vouched: Vouched;
}

/** All that the function says, and nothing else; what the provider says where it says nothing. */
export function inboundClaims(
  { pool, client, provider, vouched }: Coming,
  context: Context,
): Readonly<Record<string, string>> {
  const request = { providerName: provider.name, providerType: provider.type, attributes: vouched.sources };
  const response = { userAttributesToMap: {} };
  const asked = { trigger: "InboundFederation", source: "ExternalProvider", pool, clientId: client.id } as const;
  const said = askTrigger({ ...asked, userName: vouched.subject, request, response }, context);
  const given = textsOf(membersIn(said, "userAttributesToMap"));
  return Object.keys(given).length === 0 ? vouched.claims : given;
}
