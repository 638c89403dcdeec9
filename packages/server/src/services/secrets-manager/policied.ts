/** Secrets and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../kernel/arn.ts";
import { policiedRows, shownPolicy } from "../../service/policied-rows.ts";
import { arnOf, secrets } from "./secret-row.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-secrets-manager */
export const policiedSecrets = policiedRows({
  type: "AWS::SecretsManager::Secret",
  rows: secrets,
  find(arn, { tx }) {
    const id = parseArn(arn)?.resource.replace(/^secret:/, "") ?? "";
    return tx.get(secrets, id.slice(0, -"-abcdef".length));
  },
  show: async (secret, place) => ({ arn: arnOf(secret), policy: await shownPolicy(secret.policy, place) }),
});
