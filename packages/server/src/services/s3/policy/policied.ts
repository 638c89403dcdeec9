/** Buckets and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import type { ListedGrant, Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { listsCount } from "../acl/decision.ts";
import { buckets, ownBuckets, type Bucket } from "../bucket/row.ts";
import { arn } from "../kit.ts";
import { canonicalIdOf } from "../acl/owner.ts";
import { isShutFor } from "../public-access/block.ts";

export const policiedBuckets: Policied = {
  type: "AWS::S3::Bucket",

  async list(place) {
    const found: PoliciedResource[] = [];
    for await (const { name } of everyRow(place.tx, ownBuckets, { prefix: [place.account] })) {
      const bucket = await place.tx.get(buckets, name);
      if (bucket?.region === place.region) found.push(await shown(bucket, place));
    }
    return found;
  },

  async find(of, place) {
    const bucket = await place.tx.get(buckets, parseArn(of)?.resource ?? "");
    return bucket?.owner === place.account && bucket.region === place.region ? shown(bucket, place) : undefined;
  },
};

async function shown(bucket: Bucket, place: PoliciedPlace): Promise<PoliciedResource> {
  const { name, owner, policy } = bucket;
  return {
    arn: arn(place, name),
    owner,
    canonicalOwner: canonicalIdOf(owner),
    policy: policy && (await place.directory.showPrincipals(policy, place)),
    publicAccess: isShutFor("RestrictPublicBuckets", bucket) ? "shut out" : "possible",
    listed: othersListed(bucket),
  };
}

/** Groups of anybody are one: who has an account can be anybody. */
function othersListed(bucket: Bucket): readonly ListedGrant[] {
  const { acl = [], owner } = bucket;
  if (!listsCount(bucket)) return [];
  return acl.flatMap(({ grantee, permission }): readonly ListedGrant[] => {
    if (grantee.type === "user") {
      return grantee.id === canonicalIdOf(owner) ? [] : [{ to: { canonicalUser: grantee.id }, permission }];
    }
    const counts = grantee.group !== "LogDelivery" && !isShutFor("IgnorePublicAcls", bucket);
    return counts ? [{ to: "anybody", permission }] : [];
  });
}
