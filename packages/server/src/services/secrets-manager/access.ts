/**
 * The questions that Secrets Manager's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
import type { OperationName } from "../../service/sdk.ts";
import type { Access, ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { secretArn, type SecretsManagerSdk } from "./kit.ts";
import { arnOf, findSecret, placeOf, type Secret } from "./secret-row.ts";

type Action = OperationName<SecretsManagerSdk>;

/** A question about a secret that its policy may answer too, also for those of other accounts. */
export async function onSecret(
  action: Action,
  secretId: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const place = placeOf(secretId, context);
  const secret = await findSecret(secretId, context);
  return {
    action: `secretsmanager:${action}`,
    resource: secret === undefined ? secretArn(place, place.named) : arnOf(secret),
    owner: place.account,
    resourcePolicy: secret?.policy && { name: `policy of secret ${secret.name}`, document: secret.policy.document },
    resourceTags: secret?.tags,
    ...more,
    keys: { ...(secret && secretKeys(secret)), ...more.keys },
  };
}

function secretKeys(secret: Secret): ConditionKeys {
  return {
    "secretsmanager:SecretId": arnOf(secret),
    "secretsmanager:SecretPrimaryRegion": secret.primary?.region ?? secret.region,
    "secretsmanager:resource/AllowRotationLambdaArn": secret.rotation?.functionArn,
  };
}
