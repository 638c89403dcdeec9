/** Buckets and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../kernel/arn.ts";
import type { Key } from "../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../service/policied.ts";
import { buckets, ownBuckets, type Bucket } from "./bucket-row.ts";
import { arn } from "./kit.ts";
import { canonicalIdOf } from "./owner.ts";

const ROWS = 500;

/** Lists of grants need no look: they name the owner alone. */
export const policiedBuckets: Policied = {
  type: "AWS::S3::Bucket",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(ownBuckets, { prefix: [place.account], after, limit: ROWS });
      const here = await Promise.all(rows.map(({ name }) => place.tx.get(buckets, name)));
      for (const bucket of here) if (bucket?.region === place.region) found.push(await shown(bucket, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = ownBuckets.keyOf(last);
    }
  },

  async find(of, place) {
    const bucket = await place.tx.get(buckets, parseArn(of)?.resource ?? "");
    return bucket?.owner === place.account && bucket.region === place.region ? shown(bucket, place) : undefined;
  },
};

async function shown(
  { name, owner, policy, publicAccessBlock }: Bucket,
  place: PoliciedPlace,
): Promise<PoliciedResource> {
  return {
    arn: arn(place, name),
    owner,
    canonicalOwner: canonicalIdOf(owner),
    policy: policy && (await place.directory.showPrincipals(policy, place)),
    publicAccess: publicAccessBlock?.RestrictPublicBuckets === true ? "shut out" : "possible",
  };
}
