/**
 * What makes a bucket a website: setting, reading and removing it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
 */
import type { WebsiteConfiguration } from "@aws-sdk/client-s3";
import { table } from "../../../kernel/table.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { requireBucket } from "../bucket/row.ts";
import { requireDocumentSize } from "../body/document-size.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { WEBSITE_DOCUMENT_BYTES_MAX } from "../limits.ts";
import { noSuchWebsite } from "./errors.ts";
import { requireWebsite } from "./validation.ts";

export type Website = Validated<WebsiteConfiguration>;

interface WebsiteRow {
  readonly bucket: string;
  readonly website: Website;
}

/** Apart from the bucket's row: only visits and these operations touch it. */
export const websites = table<WebsiteRow>("s3.website", "global", ({ bucket }) => [bucket]);

export const putBucketWebsite = operation("PutBucketWebsite", {
  authorize: async (input, context) => onBucket("s3:PutBucketWebsite", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    requireDocumentSize(WEBSITE_DOCUMENT_BYTES_MAX, context);
    await requireIntegrity(context.request);
    requireWebsite(input.WebsiteConfiguration);
    context.tx.put(websites, { bucket: name, website: input.WebsiteConfiguration });
    return {};
  },
});

export const getBucketWebsite = operation("GetBucketWebsite", {
  authorize: async (input, context) => onBucket("s3:GetBucketWebsite", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    const row = await context.tx.get(websites, name);
    if (row === undefined) throw noSuchWebsite(name);
    const { RoutingRules, ...website } = row.website;
    return { ...website, ...(RoutingRules && { RoutingRules: [...RoutingRules] }) };
  },
});

export const deleteBucketWebsite = operation("DeleteBucketWebsite", {
  authorize: async (input, context) => onBucket("s3:DeleteBucketWebsite", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    context.tx.delete(websites, name);
    return {};
  },
});
