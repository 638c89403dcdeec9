/** Vaults and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../kernel/arn.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../service/policied.ts";
import { vaultArn } from "./kit.ts";
import { rowsOf } from "./row-walk.ts";
import { together } from "./vault-policies.ts";
import { vaults, type Vault } from "./vault-row.ts";

export const policiedVaults: Policied = {
  type: "AWS::Glacier::Vault",

  async list(place) {
    const found: PoliciedResource[] = [];
    for await (const vault of rowsOf(vaults, {}, place.tx)) found.push(await shown(vault, place));
    return found;
  },

  async find(of, place) {
    const arn = parseArn(of);
    const name = /^vaults\/(.+)$/.exec(arn?.resource ?? "")?.[1];
    if (arn?.service !== "glacier" || arn.region !== place.region || name === undefined) return undefined;
    const vault = await place.tx.get(vaults, name);
    return vault && shown(vault, place);
  },
};

async function shown({ name, policy, lock }: Vault, place: PoliciedPlace): Promise<PoliciedResource> {
  const texts: string[] = [];
  for (const each of [policy, lock?.policy]) if (each) texts.push(await place.directory.showPrincipals(each, place));
  return {
    arn: vaultArn(place, name),
    owner: place.account,
    policy: texts.length > 1 ? together(...texts) : texts[0],
    publicAccess: "possible",
  };
}
