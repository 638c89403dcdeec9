/**
 * Configurations of S3 Storage Lens.
 * Differs: they are kept, and without effect: no metrics are gathered or exported.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage_lens_basics_metrics_recommendations.html
 */
import type { StorageLensConfiguration } from "@aws-sdk/client-s3-control";
import { page, type PageRequest } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { ask, type AccountInput } from "./access.ts";
import { invalidNextToken, noSuchConfiguration } from "./errors.ts";
import { arn, operation } from "./kit.ts";
import { PAGE_ITEMS_MAX } from "./limits.ts";
import { formatTags, requestTagsOf, toTags } from "./tag.ts";

interface Lens {
  readonly id: string;
  /** As JSON. */
  readonly configuration: string;
  readonly tags: Tags;
}

const lenses = table<Lens>("s3.storage-lens", "region", ({ id }) => [id]);

interface LensInput extends AccountInput {
  readonly ConfigId: string;
}

async function askAboutLens(
  action: string,
  input: LensInput,
  { context, tags }: { readonly context: Context; readonly tags?: Parameters<typeof requestTagsOf>[0] | undefined },
): Promise<Access> {
  const lens = await context.tx.get(lenses, input.ConfigId);
  const requestTags = tags?.length ? { requestTags: requestTagsOf(tags) } : {};
  const resource = arn(context, `storage-lens/${input.ConfigId}`);
  return ask(input, { action, resource, resourceTags: lens?.tags, ...requestTags }, context);
}

async function requireLens({ ConfigId }: LensInput, { tx }: Pick<Context, "tx">): Promise<Lens> {
  const lens = await tx.get(lenses, ConfigId);
  if (lens === undefined) throw noSuchConfiguration();
  return lens;
}

function configurationOf({ configuration, id }: Lens, context: Context): StorageLensConfiguration {
  const read: StorageLensConfiguration = JSON.parse(configuration);
  return { ...read, StorageLensArn: arn(context, `storage-lens/${id}`) };
}

export const putStorageLensConfiguration = operation("PutStorageLensConfiguration", {
  authorize: (input, context) => askAboutLens("s3:PutStorageLensConfiguration", input, { context, tags: input.Tags }),

  async handle({ ConfigId: id, StorageLensConfiguration: asked, Tags }, { tx }) {
    const before = await tx.get(lenses, id);
    const tags = Tags === undefined ? (before?.tags ?? {}) : toTags(Tags);
    tx.put(lenses, { id, configuration: JSON.stringify(asked), tags });
    return {};
  },
});

export const getStorageLensConfiguration = operation("GetStorageLensConfiguration", {
  authorize: (input, context) => askAboutLens("s3:GetStorageLensConfiguration", input, { context }),

  async handle(input, context) {
    return { StorageLensConfiguration: configurationOf(await requireLens(input, context), context) };
  },
});

const pageAfter = (token: string | undefined): Omit<PageRequest, "prefix"> => ({
  token,
  max: PAGE_ITEMS_MAX,
  invalidToken: invalidNextToken,
});

export const listStorageLensConfigurations = operation("ListStorageLensConfigurations", {
  authorize: (input, context) => ask(input, { action: "s3:ListStorageLensConfigurations", resource: "*" }, context),

  async handle({ NextToken }, context) {
    const { rows, next } = await page(context.tx, lenses, pageAfter(NextToken));
    const StorageLensConfigurationList = rows.map((lens) => {
      const { Id, IsEnabled, StorageLensArn } = configurationOf(lens, context);
      return { Id, StorageLensArn, HomeRegion: context.region, IsEnabled };
    });
    return { StorageLensConfigurationList, NextToken: next };
  },
});

export const deleteStorageLensConfiguration = operation("DeleteStorageLensConfiguration", {
  authorize: (input, context) => askAboutLens("s3:DeleteStorageLensConfiguration", input, { context }),

  async handle(input, context) {
    const { id } = await requireLens(input, context);
    context.tx.delete(lenses, id);
    return {};
  },
});

export const putStorageLensConfigurationTagging = operation("PutStorageLensConfigurationTagging", {
  authorize: (input, context) =>
    askAboutLens("s3:PutStorageLensConfigurationTagging", input, { context, tags: input.Tags }),

  async handle(input, context) {
    context.tx.put(lenses, { ...(await requireLens(input, context)), tags: toTags(input.Tags) });
    return {};
  },
});

export const getStorageLensConfigurationTagging = operation("GetStorageLensConfigurationTagging", {
  authorize: (input, context) => askAboutLens("s3:GetStorageLensConfigurationTagging", input, { context }),

  async handle(input, context) {
    return { Tags: formatTags((await requireLens(input, context)).tags) };
  },
});

export const deleteStorageLensConfigurationTagging = operation("DeleteStorageLensConfigurationTagging", {
  authorize: (input, context) => askAboutLens("s3:PutStorageLensConfigurationTagging", input, { context }),

  async handle(input, context) {
    context.tx.put(lenses, { ...(await requireLens(input, context)), tags: {} });
    return {};
  },
});
