/**
 * What of public access is shut out: by the bucket, by its owner's account, by an access point; the strictest counts.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
import type { Context } from "../../../service/context.ts";
import { accessPointOf } from "../access-point/passage.ts";
import type { Bucket, PublicAccessBlock } from "../bucket/row.ts";

type Blocked = Pick<Bucket, "publicAccessBlock" | "accountBlock">;

/** Whether `setting` is on for a call that goes to `bucket`. */
export function isShut(setting: keyof PublicAccessBlock, bucket: Blocked, context: Pick<Context, "request">): boolean {
  const point = accessPointOf(context);
  return isShutFor(setting, bucket) || (point !== undefined && isShutFor(setting, point));
}

/** The same of a bucket, or an access point, with its account. */
export const isShutFor = (setting: keyof PublicAccessBlock, { publicAccessBlock, accountBlock }: Blocked): boolean =>
  publicAccessBlock?.[setting] === true || accountBlock?.[setting] === true;

/** What a request says of it: what it leaves out is off. */
export const toPublicAccessBlock = (
  asked: Readonly<Partial<Record<keyof PublicAccessBlock, boolean | undefined>>>,
) => ({
  BlockPublicAcls: asked.BlockPublicAcls === true,
  IgnorePublicAcls: asked.IgnorePublicAcls === true,
  BlockPublicPolicy: asked.BlockPublicPolicy === true,
  RestrictPublicBuckets: asked.RestrictPublicBuckets === true,
});
