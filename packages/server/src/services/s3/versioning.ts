/** Versioning is never on here yet: what a bucket answers that never had it. */
import { onBucket } from "./access.ts";
import { requireBucket } from "./bucket-row.ts";
import { operation } from "./kit.ts";

export const getBucketVersioning = operation("GetBucketVersioning", {
  authorize: async (input, context) => onBucket("s3:GetBucketVersioning", await requireBucket(input, context), context),

  async handle(input, context) {
    await requireBucket(input, context);
    return {};
  },
});
