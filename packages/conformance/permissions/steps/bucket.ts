/** Buckets with what lies in them. */
import type { BucketStep, CallStep, Input } from "../case-file.ts";
import type { World } from "../world.ts";
import { remove } from "./removal.ts";

export async function makeBucket(step: BucketStep, world: World): Promise<void> {
  const { bucket, account: as = "home", region, open, policy, tags, objects = {} } = step;
  const Bucket = world.newName(bucket);
  world.onCleanUp(() => remove({ kind: "bucket", name: Bucket, as }, world));
  const make = (call: string, input: Input) => {
    const made: CallStep = { call, as, with: { Bucket, ...input } };
    return world.make(region === undefined ? made : { ...made, region });
  };
  const place = region === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  await make("s3:CreateBucket", place);
  world.add(bucket, { name: Bucket, facts: { arn: `arn:aws:s3:::${Bucket}` } });
  if (open === true) await make("s3:DeletePublicAccessBlock", {});
  if (tags !== undefined) {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await make("s3:PutBucketTagging", { Tagging: { TagSet } });
  }
  for (const [Key, more] of Object.entries(objects)) await make("s3:PutObject", { Key, Body: "meow", ...more });
  if (policy !== undefined) await make("s3:PutBucketPolicy", { Policy: policy });
}
