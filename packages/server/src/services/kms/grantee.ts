/** Those who have grants, or may retire them. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
import type { Context } from "../../service/context.ts";
import { grantPrincipalInvalid } from "./errors.ts";
import type { Grantee } from "./grant-row.ts";

const SERVICE = /^[a-z\d-]+(\.[a-z\d-]+)*\.amazonaws\.com(\.cn)?$/;

/** An account by its id alone, or an ARN of IAM or STS. */
const PRINCIPAL = /^(\d{12}|arn:[^:]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+))$/;

/**
 * Who goes by that name. Users and roles are held by their unique ids, as in a key's policy.
 * @throws {AwsError} `InvalidArnException` where there is nobody of that name.
 */
export async function requireGrantee(name: string, context: Context): Promise<Grantee> {
  if (SERVICE.test(name)) return { name, id: name };
  if (!PRINCIPAL.test(name)) throw grantPrincipalInvalid(name);
  const { directory, account, partition, tx } = context;
  const statement = { Effect: "Allow", Principal: { AWS: name }, Action: "kms:*", Resource: "*" };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const pinned = await directory.pinPrincipals(document, { tx, account, partition });
  if (pinned.kind === "unknown") throw grantPrincipalInvalid(name);
  const [id = name] = Object.keys(pinned.accounts);
  return { name, id: /^\d{12}$/.test(name) ? `arn:${partition}:iam::${name}:root` : id };
}
