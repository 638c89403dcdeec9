/** Tags of instances, permission sets, applications and trusted token issuers. */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { removeTags, type Tags } from "../../../kernel/tags.ts";
import { findInstance, instanceArn, putInstance } from "../instance-row.ts";
import { findPermissionSet, permissionSets } from "../permission-set-row.ts";
import { arnGiven, ask, partsOf, requireInstance, requirePermissionSet } from "./access.ts";
import { requireApplication } from "./application-access.ts";
import { applications } from "./application-row.ts";
import { operation, type SsoAdminAction } from "./kit.ts";
import { listOf } from "./paging.ts";
import { formatTags, requestTags, withTags } from "./tags.ts";
import { issuers, requireIssuer } from "./trusted-token-issuer.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags }, context) =>
    askTagged("TagResource", ResourceArn, context, { requestTags: requestTags(Tags) }),

  async handle({ ResourceArn, Tags }, context) {
    const { id, tags, put } = await requireTagged(ResourceArn, context);
    put(withTags(tags, Tags, id));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys }, context) =>
    askTagged("UntagResource", ResourceArn, context, { tagKeys: TagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const { tags, put } = await requireTagged(ResourceArn, context);
    put(removeTags(tags, TagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => askTagged("ListTagsForResource", ResourceArn, context),

  async handle({ ResourceArn, ...input }, context) {
    const { tags } = await requireTagged(ResourceArn, context);
    const { rows, rest } = listOf(formatTags(tags), input, ({ Key = "" }) => Key);
    return { Tags: rows.slice(), ...rest };
  },
});

/** What a tagged thing is, by the kind that its ARN names. */
const kindOf = (arn: string): string => /:(\w+)\//.exec(arn)?.[1] ?? "";

async function askTagged(
  action: SsoAdminAction,
  arn: string,
  { tx }: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<readonly Access[]> {
  const [instanceId = "", id = ""] = partsOf(arn);
  const find = {
    instance: () => findInstance(instanceId, tx),
    permissionSet: () => findPermissionSet(instanceId, id, tx),
    application: () => tx.get(applications, instanceId, id),
    trustedTokenIssuer: () => tx.get(issuers, instanceId, id),
  };
  const kind = kindOf(arn);
  const tagged = isKind(kind, find) ? await find[kind]() : undefined;
  return ask(action, [arnGiven(arn)], { resourceTags: tagged?.tags, ...more });
}

const isKind = <Kinds extends object>(kind: string, kinds: Kinds): kind is keyof Kinds & string =>
  Object.hasOwn(kinds, kind);

interface Tagged {
  readonly id: string;
  readonly tags: Tags;
  readonly put: (tags: Tags) => void;
}

/** @throws {AwsError} `ResourceNotFoundException`, `AccessDeniedException` */
async function requireTagged(arn: string, context: Context): Promise<Tagged> {
  const { tx, partition } = context;
  const kind = kindOf(arn);
  if (kind === "application") {
    const application = await requireApplication({ ApplicationArn: arn }, context);
    return { ...application, put: (tags) => tx.put(applications, { ...application, tags }) };
  }
  if (kind === "trustedTokenIssuer") {
    const issuer = await requireIssuer(arn, context);
    return { ...issuer, put: (tags) => tx.put(issuers, { ...issuer, tags }) };
  }
  if (kind === "permissionSet") {
    const [id = ""] = partsOf(arn);
    const input = { InstanceArn: instanceArn({ partition, id }), PermissionSetArn: arn };
    const { permissionSet } = await requirePermissionSet(input, context);
    return { ...permissionSet, put: (tags) => tx.put(permissionSets, { ...permissionSet, tags }) };
  }
  const instance = await requireInstance({ InstanceArn: arn }, context);
  return { ...instance, put: (tags) => putInstance({ ...instance, tags }, tx) };
}
