/** What the sessions of users may ask of STS itself. */
import type { Context } from "../../service/context.ts";
import { sessionCredentials } from "./errors.ts";

/**
 * Federated users may only ask who they are, sessions of `GetSessionToken` may besides assume roles.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 * @throws {AwsError} `AccessDenied` where the caller is one of either
 */
export function requireOwnKeysOrRole({ principal }: Pick<Context, "principal">, operationName: string): void {
  const isUsersSession = (principal.type === "user" || principal.type === "root") && principal.session !== undefined;
  if (isUsersSession || principal.type === "federated-user") throw sessionCredentials(operationName);
}
