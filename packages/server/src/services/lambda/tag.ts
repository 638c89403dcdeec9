/**
 * Tags of functions, of event source mappings and of code signing configurations.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
 */
import type { Table, Transaction } from "../../kernel/table.ts";
import { removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { formatArn, parseAccountId, parseArn } from "../../kernel/arn.ts";
import { findSigningConfig, requireSigningConfig, signingConfigs } from "./code/signing-row.ts";
import { capacityProviderNotFound, notBuilt, qualifiedTags, tagsUnprocessable } from "./errors.ts";
import { placeOf } from "./function/name.ts";
import { findFunction, functions, requireFunction, type LambdaFunction } from "./function/row.ts";
import { operation, type LambdaAction } from "./kit.ts";
import { findMapping, mappings, requireMappingAt } from "./mapping/row.ts";
import { requireTags } from "./tag-rules.ts";

async function onTagged(
  action: LambdaAction,
  arn: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const parts = parseArn(arn);
  return {
    action: `lambda:${action}`,
    resource: parts === undefined ? "*" : formatArn(parts),
    owner: parseAccountId(parts?.account ?? ""),
    resourceTags: (await findTagged(arn, context))?.tags,
    ...more,
  };
}

const kindOf = (arn: string): string => parseArn(arn)?.resource.split(":")[0] ?? "";

async function findTagged(arn: string, context: Context): Promise<{ readonly tags: Tags } | undefined> {
  switch (kindOf(arn)) {
    case "event-source-mapping":
      return findMapping(arn, context);
    case "code-signing-config":
      return findSigningConfig(arn, context);
    case "function":
      return findFunction(placeOf(arn, context));
    default:
      return undefined;
  }
}

/** What has tags, and how it is put again. @throws {AwsError} `ResourceNotFoundException` */
async function requireTagged(arn: string, context: Context) {
  switch (kindOf(arn)) {
    case "event-source-mapping":
      return tagged(await requireMappingAt(arn, context), mappings, context.tx);
    case "code-signing-config":
      return tagged(await requireSigningConfig(arn, context), signingConfigs, context.tx);
    case "capacity-provider":
      // none can be made here
      throw capacityProviderNotFound(arn);
    case "layer":
      throw notBuilt("The tagging of a layer");
    default: {
      const place = placeOf(arn, context);
      if (place.qualifier !== undefined) throw qualifiedTags();
      return taggedFunction(await requireFunction(place), context, place.tx);
    }
  }
}

/** A function's revision is another one with other tags. */
const taggedFunction = (of: LambdaFunction, context: Context, tx: Transaction) => ({
  tags: of.tags,
  put: (tags: Tags) => tx.put(functions, { ...of, tags, latest: { ...of.latest, revisionId: context.newId() } }),
});

function tagged<Row extends { readonly tags: Tags }>(row: Row, rows: Table<Row>, tx: Transaction) {
  return { tags: row.tags, put: (tags: Tags) => tx.put(rows, { ...row, tags }) };
}

export const tagResource = operation("TagResource", {
  authorize: ({ Resource, Tags }, context) => onTagged("TagResource", Resource, context, { requestTags: Tags }),

  async handle({ Resource, Tags }, context) {
    const { tags, put } = await requireTagged(Resource, context);
    if (Object.keys(Tags).length === 0) throw tagsUnprocessable();
    put(requireTags(Tags, tags));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ Resource, TagKeys }, context) => onTagged("UntagResource", Resource, context, { tagKeys: TagKeys }),

  async handle({ Resource, TagKeys }, context) {
    const { tags, put } = await requireTagged(Resource, context);
    put(removeTags(tags, TagKeys));
    return {};
  },
});

export const listTags = operation("ListTags", {
  authorize: ({ Resource }, context) => onTagged("ListTags", Resource, context),

  async handle({ Resource }, context) {
    const { tags } = await requireTagged(Resource, context);
    return { Tags: { ...tags } };
  },
});
