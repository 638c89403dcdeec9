/** Keys, their policies and their grants, for those who look for what they let others do. */
import { parsePolicy } from "../../../identity/policy/parse.ts";
import { parseAccountId, parseArn } from "../../../kernel/arn.ts";
import { policiedRows, shownPolicy } from "../../../service/policied-rows.ts";
import type { PoliciedGrant, PoliciedPlace } from "../../../service/policied.ts";
import { grantsOf, type Grant, type Grantee } from "../grant/row.ts";
import { keyArn, keys, type Key } from "../key/row.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-kms-key */
export const policiedKeys = policiedRows<Key>({
  type: "AWS::KMS::Key",
  rows: keys,
  find: (arn, { tx }) => tx.get(keys, parseArn(arn)?.resource.replace("key/", "") ?? ""),

  async show(key, place) {
    const grants = await grantsOf(key, place.tx);
    return {
      arn: keyArn(key),
      policy: await shownPolicy(key.policy, place),
      grants: await Promise.all(grants.filter(isToSomebody).map(async (grant) => shownGrant(grant, place))),
    };
  },
});

/** Services have rights of their own accord. */
const isToSomebody = ({ grantee }: Grant): boolean => !grantee.name.endsWith(".amazonaws.com");

async function shownGrant({ grantee, operations }: Grant, place: PoliciedPlace): Promise<PoliciedGrant> {
  return { to: await shownGrantee(grantee, place), actions: operations.map((operation) => `kms:${operation}`) };
}

/** The name that the id has today; the id, where it is gone. */
async function shownGrantee({ id, name }: Grantee, place: PoliciedPlace): Promise<string> {
  const account = parseAccountId(parseArn(name)?.account ?? "");
  if (account === undefined || id === name) return id;
  const statement = { Effect: "Allow", Principal: { AWS: id }, Action: "kms:*", Resource: "*" };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const text = await place.directory.showPrincipals({ kind: "pinned", document, accounts: { [id]: account } }, place);
  return parsePolicy(text).statements[0]?.principal?.entries[0]?.value ?? id;
}
