/** Resource servers, whose scopes tokens may carry, as they are kept. */
import type { ResourceServerScopeType } from "@aws-sdk/client-cognito-identity-provider";
import { table } from "../../../kernel/table.ts";

export interface ResourceServer {
  readonly poolId: string;
  readonly identifier: string;
  readonly name: string;
  readonly scopes?: readonly ResourceServerScopeType[] | undefined;
}

export const resourceServers = table<ResourceServer>("cognito-idp.resource-server", "global", (row) => [
  row.poolId,
  row.identifier,
]);
