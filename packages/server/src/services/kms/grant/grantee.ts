/** Those who have grants, or may retire them. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
import type { Context } from "../../../service/context.ts";
import { grantPrincipalInvalid, grantPrincipalTwice } from "../errors.ts";
import type { Grantee } from "./row.ts";

const SERVICE = /^[a-z\d-]+(\.[a-z\d-]+)*\.amazonaws\.com(\.cn)?$/;

/** An account by its id alone, or an ARN of IAM or STS. */
const PRINCIPAL = /^(\d{12}|arn:[^:]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+))$/;

/** A call has two members for somebody, of which it uses one. */
export interface GranteeName {
  /** For anybody, services included. */
  readonly principal: string | undefined;
  /** For services alone. */
  readonly service: string | undefined;
}

/**
 * Who is meant.
 * @throws {AwsError} `ValidationException` where both members are used, `InvalidArnException` where there is nobody of that name
 */
export async function requireGrantee({ principal, service }: GranteeName, context: Context): Promise<Grantee> {
  if (service === undefined) return requirePrincipal(principal ?? "", context);
  if (principal !== undefined) throw grantPrincipalTwice();
  if (!SERVICE.test(service)) throw grantPrincipalInvalid(service);
  return { name: service, id: service, namedAs: "service" };
}

/** Users and roles are held by their unique ids, as in a key's policy. */
async function requirePrincipal(name: string, context: Context): Promise<Grantee> {
  const namedAs = "principal";
  if (SERVICE.test(name)) return { name, id: name, namedAs };
  if (!PRINCIPAL.test(name)) throw grantPrincipalInvalid(name);
  const { directory, account, partition, tx } = context;
  const statement = { Effect: "Allow", Principal: { AWS: name }, Action: "kms:*", Resource: "*" };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const pinned = await directory.pinPrincipals(document, { tx, account, partition });
  if (pinned.kind === "unknown") throw grantPrincipalInvalid(name);
  const [id = name] = Object.keys(pinned.accounts);
  return { name, id: /^\d{12}$/.test(name) ? `arn:${partition}:iam::${name}:root` : id, namedAs };
}
