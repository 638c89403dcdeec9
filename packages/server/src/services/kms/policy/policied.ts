/** Keys, their policies and their grants, for those who look for what they let others do. */
import { parsePolicy } from "../../../identity/policy/parse.ts";
import { parseAccountId, parseArn } from "../../../kernel/arn.ts";
import type { Key as RowKey } from "../../../kernel/table.ts";
import type { Policied, PoliciedGrant, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { grantsOf, type Grant, type Grantee } from "../grant/row.ts";
import { keyArn, keys, type Key } from "../key/row.ts";

const ROWS = 500;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-kms-key */
export const policiedKeys: Policied = {
  type: "AWS::KMS::Key",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: RowKey | undefined; ;) {
      const rows = await place.tx.scan(keys, { after, limit: ROWS });
      for (const key of rows) found.push(await shown(key, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = keys.keyOf(last);
    }
  },

  async find(arn, place) {
    const key = await place.tx.get(keys, parseArn(arn)?.resource.replace("key/", "") ?? "");
    return key !== undefined && keyArn(key) === arn ? shown(key, place) : undefined;
  },
};

async function shown(key: Key, place: PoliciedPlace): Promise<PoliciedResource> {
  const grants = await grantsOf(key, place.tx);
  return {
    arn: keyArn(key),
    owner: key.account,
    policy: await place.directory.showPrincipals(key.policy, place),
    publicAccess: "possible",
    grants: await Promise.all(grants.filter(isToSomebody).map(async (grant) => shownGrant(grant, place))),
  };
}

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
