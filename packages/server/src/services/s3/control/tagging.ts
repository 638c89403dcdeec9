/**
 * Tags of whatever has an ARN of S3: buckets and what belongs to S3 Control.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html
 */
import { parseArn, type Arn } from "../../../kernel/arn.ts";
import { removeTags, type Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { accessPointArn, accessPoints } from "../access-point/row.ts";
import { buckets, findOrdinaryBucket } from "../bucket/row.ts";
import { arn as bucketArn } from "../kit.ts";
import { ask } from "./access.ts";
import { accessDenied, noSuchAccessPoint, noSuchResource } from "./errors.ts";
import {
  accessGrants,
  grantArn,
  grantsInstances,
  instanceArn,
  locationArn,
  locations,
  requireGrant,
  requireInstance,
  requireLocation,
} from "./grants/row.ts";
import { operation } from "./kit.ts";
import { lensGroupArn, lensGroups } from "./lens-group.ts";
import { formatTags, requestTagsOf, toTags } from "./tag.ts";

/** What is tagged, and how its tags are put. */
interface Tagged {
  readonly arn: Arn;
  readonly tags: Tags;
  /** Its tags are no facts that rights depend on. */
  readonly tagsDoNotCount?: boolean;
  put(tags: Tags): void;
}

type Find = (name: string, context: Context) => Promise<Tagged>;

/** By how the resource of an ARN begins. */
const KINDS: readonly (readonly [start: string, find: Find])[] = [
  [
    "accesspoint/",
    async (name, context) => {
      const { tx, account, region } = context;
      const point = await tx.get(accessPoints, account, region, name);
      if (point === undefined) throw noSuchAccessPoint(name);
      return {
        arn: accessPointArn(point, context),
        tags: point.tags,
        put: (tags) => tx.put(accessPoints, { ...point, tags }),
      };
    },
  ],
  [
    "access-grants/default/location/",
    async (id, context) => {
      const location = await requireLocation(id, context);
      const { tx } = context;
      return {
        arn: locationArn(location, context),
        tags: location.tags,
        put: (tags) => tx.put(locations, { ...location, tags }),
      };
    },
  ],
  [
    "access-grants/default/grant/",
    async (id, context) => {
      const grant = await requireGrant(id, context);
      const { tx } = context;
      return {
        arn: grantArn(grant, context),
        tags: grant.tags,
        put: (tags) => tx.put(accessGrants, { ...grant, tags }),
      };
    },
  ],
  [
    "access-grants/default",
    async (rest, context) => {
      if (rest !== "") throw noSuchResource();
      const instance = await requireInstance(context);
      const { tx } = context;
      return {
        arn: instanceArn(instance, context),
        tags: instance.tags,
        put: (tags) => tx.put(grantsInstances, { ...instance, tags }),
      };
    },
  ],
  [
    "storage-lens-group/",
    async (name, context) => {
      const { tx } = context;
      const group = await tx.get(lensGroups, name);
      if (group === undefined) throw noSuchResource();
      return {
        arn: lensGroupArn(name, context),
        tags: group.tags,
        put: (tags) => tx.put(lensGroups, { ...group, tags }),
      };
    },
  ],
];

/** @throws {AwsError} */
async function findTagged(resourceArn: string, context: Context): Promise<Tagged> {
  const parts = parseArn(resourceArn);
  if (parts === undefined) throw noSuchResource();
  const { account, region, resource } = parts;
  if (account === "" && region === "") return findBucket(resource, context);
  if (account !== context.account) throw accessDenied();
  if (region !== context.region) throw noSuchResource();
  const kind = KINDS.find(([start]) => resource.startsWith(start));
  if (kind === undefined) throw noSuchResource();
  const [start, find] = kind;
  return find(resource.slice(start.length), context);
}

async function findBucket(name: string, context: Context): Promise<Tagged> {
  const { tx, account } = context;
  const bucket = await findOrdinaryBucket(name, context);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_tag_operation_no_bucket)
  if (bucket === undefined) throw noSuchResource();
  if (bucket.owner !== account) throw accessDenied();
  return {
    arn: bucketArn(context, name),
    tags: bucket.tags,
    tagsDoNotCount: bucket.tagsCount !== true,
    put: (tags) => tx.put(buckets, { ...bucket, tags }),
  };
}

const asked = ({ arn, tags, tagsDoNotCount }: Tagged) => ({
  resource: arn,
  resourceTags: tagsDoNotCount ? undefined : tags,
});

export const tagResource = operation("TagResource", {
  async authorize(input, context) {
    const { resource, resourceTags } = asked(await findTagged(input.ResourceArn, context));
    const requestTags = requestTagsOf(input.Tags);
    return ask(input, { action: "s3:TagResource", resource, resourceTags, requestTags }, context);
  },

  async handle({ ResourceArn, Tags: pairs }, context) {
    const tagged = await findTagged(ResourceArn, context);
    tagged.put(toTags(pairs, tagged.tags));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  async authorize(input, context) {
    const { resource, resourceTags } = asked(await findTagged(input.ResourceArn, context));
    return ask(input, { action: "s3:UntagResource", resource, resourceTags, tagKeys: input.TagKeys }, context);
  },

  async handle({ ResourceArn, TagKeys }, context) {
    const tagged = await findTagged(ResourceArn, context);
    tagged.put(removeTags(tagged.tags, TagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  async authorize(input, context) {
    const { resource, resourceTags } = asked(await findTagged(input.ResourceArn, context));
    return ask(input, { action: "s3:ListTagsForResource", resource, resourceTags }, context);
  },

  async handle({ ResourceArn }, context) {
    const { tags } = await findTagged(ResourceArn, context);
    return { Tags: formatTags(tags) };
  },
});
