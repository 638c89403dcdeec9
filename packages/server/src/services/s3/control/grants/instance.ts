/**
 * The instance that holds an account's access grants in a region.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-instance.html
 */
import { refusalOf } from "../../../../kernel/aws-error.ts";
import { page } from "../../../../kernel/page.ts";
import type { Context } from "../../../../service/context.ts";
import { buckets } from "../../bucket/row.ts";
import { requireValidPolicy } from "../../policy/rules.ts";
import { ask } from "../access.ts";
import {
  badGrantsPolicy,
  grantsInstanceExists,
  grantsInstanceNotEmpty,
  identityCenterNotBuilt,
  invalidNextToken,
  noGrantsInstance,
  noGrantsPolicy,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { requestTagsOf, toTags } from "../tag.ts";
import { askOfGranter, askOfInstance } from "./granter.ts";
import { accessGrants, grantsInstances, instanceArn, locations, requireInstance, type GrantsInstance } from "./row.ts";
import { partsOf } from "./scope.ts";

export const createAccessGrantsInstance = operation("CreateAccessGrantsInstance", {
  authorize: (input, context) =>
    askOfInstance("s3:CreateAccessGrantsInstance", input, {
      context,
      more: input.Tags?.length ? { requestTags: requestTagsOf(input.Tags) } : {},
    }),

  async handle({ IdentityCenterArn, Tags = [] }, context) {
    if (IdentityCenterArn !== undefined) throw identityCenterNotBuilt();
    const { account, region, tx } = context;
    if (await tx.get(grantsInstances, account, region)) throw grantsInstanceExists();
    const held = { grants: 0, locations: 0 };
    const instance = { account, region, createdAtMs: context.now().getTime(), tags: toTags(Tags), held };
    tx.put(grantsInstances, instance);
    return formatInstance(instance, context);
  },
});

const formatInstance = (instance: GrantsInstance, context: Context) => ({
  CreatedAt: new Date(instance.createdAtMs),
  AccessGrantsInstanceId: "default",
  AccessGrantsInstanceArn: instanceArn(instance, context),
});

export const getAccessGrantsInstance = operation("GetAccessGrantsInstance", {
  authorize: (input, context) => askOfInstance("s3:GetAccessGrantsInstance", input, { context }),

  async handle(_input, context) {
    return formatInstance(await requireInstance(context), context);
  },
});

export const listAccessGrantsInstances = operation("ListAccessGrantsInstances", {
  authorize: (input, context) => ask(input, { action: "s3:ListAccessGrantsInstances", resource: "*" }, context),

  async handle({ NextToken: token, MaxResults: limit }, context) {
    const { rows, next } = await page(context.tx, grantsInstances, {
      prefix: [context.account, context.region],
      token,
      limit: limit || undefined,
      max: PAGE_ITEMS_MAX,
      invalidToken: invalidNextToken,
    });
    return { AccessGrantsInstancesList: rows.map((instance) => formatInstance(instance, context)), NextToken: next };
  },
});

/** Whose grants are about a bucket: those of its owner. */
export const getAccessGrantsInstanceForPrefix = operation("GetAccessGrantsInstanceForPrefix", {
  /** Both have to let the caller ask: the account that is named, and the owner of the prefix. */
  async authorize({ AccountId, S3Prefix }, context) {
    const bucket = await context.tx.get(buckets, partsOf(S3Prefix).bucket);
    const accounts = new Set([AccountId, bucket?.owner ?? AccountId]);
    const questions = [...accounts].map((account) =>
      askOfGranter("s3:GetAccessGrantsInstanceForPrefix", { AccountId: account }, context),
    );
    return Promise.all(questions);
  },

  async handle({ S3Prefix }, context) {
    const { tx, region } = context;
    const bucket = await tx.get(buckets, partsOf(S3Prefix).bucket);
    const instance = bucket && (await tx.get(grantsInstances, bucket.owner, region));
    if (instance === undefined) throw noGrantsInstance();
    return { AccessGrantsInstanceArn: instanceArn(instance, context), AccessGrantsInstanceId: "default" };
  },
});

export const deleteAccessGrantsInstance = operation("DeleteAccessGrantsInstance", {
  authorize: (input, context) => askOfInstance("s3:DeleteAccessGrantsInstance", input, { context }),

  async handle(_input, context) {
    const { account, region, tx } = context;
    await requireInstance(context);
    const range = { prefix: [account, region], limit: 1 };
    const [[location], [grant]] = [await tx.scan(locations, range), await tx.scan(accessGrants, range)];
    if (location ?? grant) throw grantsInstanceNotEmpty();
    tx.delete(grantsInstances, account, region);
    return {};
  },
});

export const putAccessGrantsInstanceResourcePolicy = operation("PutAccessGrantsInstanceResourcePolicy", {
  authorize: (input, context) => askOfInstance("s3:PutAccessGrantsInstanceResourcePolicy", input, { context }),

  async handle({ Policy, Organization }, context) {
    const instance = await requireInstance(context);
    const resource = instanceArn(instance, context);
    const scope = { itself: resource, objects: `${resource}/`, of: "accessgrantsinstance" } as const;
    if (await refusalOf(() => requireValidPolicy(Policy, scope))) throw badGrantsPolicy();
    const pinned = await context.directory.pinPrincipals(Policy, context);
    if (pinned.kind === "unknown") throw badGrantsPolicy();
    const createdAtMs = context.now().getTime();
    context.tx.put(grantsInstances, { ...instance, policy: { ...pinned, createdAtMs } });
    return { Policy, Organization, CreatedAt: new Date(createdAtMs) };
  },
});

export const getAccessGrantsInstanceResourcePolicy = operation("GetAccessGrantsInstanceResourcePolicy", {
  authorize: (input, context) => askOfInstance("s3:GetAccessGrantsInstanceResourcePolicy", input, { context }),

  async handle(_input, context) {
    const { policy } = await requireInstance(context);
    if (policy === undefined) throw noGrantsPolicy();
    const Policy = await context.directory.showPrincipals(policy, context);
    return { Policy, CreatedAt: new Date(policy.createdAtMs) };
  },
});

export const deleteAccessGrantsInstanceResourcePolicy = operation("DeleteAccessGrantsInstanceResourcePolicy", {
  authorize: (input, context) => askOfInstance("s3:DeleteAccessGrantsInstanceResourcePolicy", input, { context }),

  async handle(_input, context) {
    const { policy: _gone, ...instance } = await requireInstance(context);
    context.tx.put(grantsInstances, instance);
    return {};
  },
});
