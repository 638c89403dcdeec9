/** What users do on the pages that the API has operations for: done by those, as if the app had called. */
import { createHmac } from "node:crypto";
import type { Context } from "../../../service/context.ts";
import { openSecret, type ClientInPool } from "../client/client-row.ts";

/** Who calls what, where: nobody whom AWS knows, at the pool. */
export const atPool = ({ pool: { account, region } }: ClientInPool) =>
  ({ service: "cognito-identity-provider", as: { type: "anonymous" }, account, region }) as const;

/** What a client shows with every call for a user. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash */
export function shownBy({ client }: ClientInPool, username: string, context: Pick<Context, "keys">) {
  const [secret] = client.secrets;
  if (secret === undefined) return { ClientId: client.id, Username: username };
  const mac = createHmac("sha256", openSecret(secret, context)).update(username + client.id);
  return { ClientId: client.id, Username: username, SecretHash: mac.digest("base64") };
}
