/** Secrets and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../kernel/arn.ts";
import type { Key } from "../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../service/policied.ts";
import { arnOf, secrets, type Secret } from "./secret-row.ts";

const ROWS = 500;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-secrets-manager */
export const policiedSecrets: Policied = {
  type: "AWS::SecretsManager::Secret",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(secrets, { after, limit: ROWS });
      for (const secret of rows) found.push(await shown(secret, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = secrets.keyOf(last);
    }
  },

  async find(arn, place) {
    const id = parseArn(arn)?.resource.replace(/^secret:/, "") ?? "";
    const secret = await place.tx.get(secrets, id.slice(0, -"-abcdef".length));
    return secret !== undefined && arnOf(secret) === arn ? shown(secret, place) : undefined;
  },
};

const shown = async (secret: Secret, place: PoliciedPlace): Promise<PoliciedResource> => ({
  arn: arnOf(secret),
  owner: secret.account,
  policy: secret.policy && (await place.directory.showPrincipals(secret.policy, place)),
  publicAccess: "possible",
});
