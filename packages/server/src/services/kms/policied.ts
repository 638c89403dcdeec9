/** Keys, their policies and their grants, for those who look for what they let others do. */
import { parseAccountId, parseArn, type AccountId } from "../../kernel/arn.ts";
import type { Key as RowKey } from "../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../service/policied.ts";
import { grantsOf, type Grant } from "./grant-row.ts";
import { keyArn, keys, type Key } from "./key-row.ts";

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

/** Grants stand in the policy as statements that allow: what it denies, it denies to those who have a grant too. */
async function shown(key: Key, place: PoliciedPlace): Promise<PoliciedResource> {
  const { Statement, ...rest }: Document = JSON.parse(key.policy.document);
  const grants = (await grantsOf(key, place.tx)).filter(isToSomebody);
  const document = JSON.stringify({ ...rest, Statement: [Statement, grants.map(statementOf)].flat(2) });
  const accounts = { ...key.policy.accounts, ...Object.fromEntries(grants.flatMap(accountOfId)) };
  return {
    arn: keyArn(key),
    owner: key.account,
    policy: await place.directory.showPrincipals({ kind: "pinned", document, accounts }, place),
    publicAccess: "possible",
  };
}

interface Document {
  readonly Statement: object | readonly object[];
}

/** Services have rights of their own accord. */
const isToSomebody = ({ grantee }: Grant): boolean => !grantee.name.endsWith(".amazonaws.com");

/** What constrains a grant, the encryption context, whoever calls says. */
const statementOf = ({ grantee, operations }: Grant): object => ({
  Effect: "Allow",
  Principal: { AWS: grantee.id },
  Action: operations.map((operation) => `kms:${operation}`),
  Resource: "*",
});

function accountOfId({ grantee: { id, name } }: Grant): readonly (readonly [string, AccountId])[] {
  const account = parseAccountId(parseArn(name)?.account ?? "");
  return account === undefined || id === name ? [] : [[id, account]];
}
