/**
 * Instance profiles: what hands a role to an EC2 instance.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
 */
import type { InstanceProfile as ProfileShape } from "@aws-sdk/client-iam";
import type { Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { profileExists, profileFull, profileNotFound, profilesRemain, roleNotInProfile } from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { list, listOf } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";
import { instanceProfiles, profileOfRole, profilesOfRole, type InstanceProfile } from "./instance-profile-row.ts";
import { formatNamedRole } from "./role.ts";
import { onRole, requireOwnRole, requireRole } from "./row.ts";

export const createInstanceProfile = operation("CreateInstanceProfile", {
  authorize: ({ InstanceProfileName, Path = ROOT_PATH, Tags }, context) =>
    withTagging("TagInstanceProfile", {
      action: "iam:CreateInstanceProfile",
      resource: arnOf(context, "instance-profile", { path: Path, name: InstanceProfileName }),
      requestTags: requestTags(Tags),
    }),

  async handle({ InstanceProfileName: name, Path: path = ROOT_PATH, Tags }, context) {
    const { tx } = context;
    const tags = withTags({}, Tags);
    if (await findProfile(name, tx)) throw profileExists(name);
    await countUp(tx, "instanceProfiles");
    const profile: InstanceProfile = {
      id: context.newId("instanceProfile"),
      arn: arnOf(context, "instance-profile", { path, name }),
      name,
      path,
      createdAtMs: context.now().getTime(),
      tags,
    };
    tx.put(instanceProfiles, profile);
    return { InstanceProfile: { ...(await formatProfile(profile, tx)), Tags: Tags && formatTags(tags) } };
  },
});

export const getInstanceProfile = operation("GetInstanceProfile", {
  authorize: ({ InstanceProfileName }, context) => onProfile("GetInstanceProfile", InstanceProfileName, context),

  async handle({ InstanceProfileName }, { tx }) {
    const profile = await requireProfile(InstanceProfileName, tx);
    return { InstanceProfile: { ...(await formatProfile(profile, tx)), Tags: formatTags(profile.tags) } };
  },
});

export const listInstanceProfiles = operation("ListInstanceProfiles", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListInstanceProfiles",
    resource: arn(context, `instance-profile${PathPrefix}`),
  }),

  async handle({ PathPrefix = ROOT_PATH, ...paging }, { tx }) {
    const { rows, paging: rest } = await list(tx, instanceProfiles, paging, {
      where: ({ path }) => path.startsWith(PathPrefix),
    });
    return { InstanceProfiles: await Promise.all(rows.map((profile) => formatProfile(profile, tx))), ...rest };
  },
});

export const listInstanceProfilesForRole = operation("ListInstanceProfilesForRole", {
  authorize: ({ RoleName }, context) => onRole("ListInstanceProfilesForRole", RoleName, context),

  async handle({ RoleName, ...paging }, { tx }) {
    const names = await profilesOfRole(tx, await requireRole(RoleName, tx));
    const { rows, paging: rest } = listOf(names, paging, ({ profileName }) => keyOfName(profileName));
    const profiles = await Promise.all(rows.map(({ profileName }) => requireProfile(profileName, tx)));
    return { InstanceProfiles: await Promise.all(profiles.map((profile) => formatProfile(profile, tx))), ...rest };
  },
});

export const deleteInstanceProfile = operation("DeleteInstanceProfile", {
  authorize: ({ InstanceProfileName }, context) => onProfile("DeleteInstanceProfile", InstanceProfileName, context),

  async handle({ InstanceProfileName }, { tx }) {
    const profile = await requireProfile(InstanceProfileName, tx);
    if (profile.role) throw profilesRemain();
    tx.delete(instanceProfiles, keyOfName(profile.name));
    await countDown(tx, "instanceProfiles");
    return {};
  },
});

export const addRoleToInstanceProfile = operation("AddRoleToInstanceProfile", {
  /** Whoever may launch an instance with the profile gets the role's rights, so the role is handed over here. */
  authorize: async ({ InstanceProfileName, RoleName }, context) => [
    await onProfile("AddRoleToInstanceProfile", InstanceProfileName, context),
    await onRole("PassRole", RoleName, context, { keys: { "iam:PassedToService": "ec2.amazonaws.com" } }),
  ],

  async handle({ InstanceProfileName, RoleName }, context) {
    const { tx } = context;
    const profile = await requireProfile(InstanceProfileName, tx);
    const role = await requireOwnRole(RoleName, context);
    if (profile.role) throw profileFull();
    tx.put(instanceProfiles, { ...profile, role: { id: role.id, name: role.name } });
    tx.put(profileOfRole, { roleId: role.id, profileName: profile.name });
    return {};
  },
});

export const removeRoleFromInstanceProfile = operation("RemoveRoleFromInstanceProfile", {
  authorize: ({ InstanceProfileName }, context) =>
    onProfile("RemoveRoleFromInstanceProfile", InstanceProfileName, context),

  async handle({ InstanceProfileName, RoleName }, { tx }) {
    const { role, ...profile } = await requireProfile(InstanceProfileName, tx);
    await requireRole(RoleName, tx);
    if (!role || keyOfName(role.name) !== keyOfName(RoleName)) throw roleNotInProfile(RoleName, profile.name);
    tx.put(instanceProfiles, profile);
    tx.delete(profileOfRole, role.id, keyOfName(profile.name));
    return {};
  },
});

export const tagInstanceProfile = operation("TagInstanceProfile", {
  authorize: ({ InstanceProfileName, Tags }, context) =>
    onProfile("TagInstanceProfile", InstanceProfileName, context, { requestTags: requestTags(Tags) }),

  async handle({ InstanceProfileName, Tags }, { tx }) {
    const profile = await requireProfile(InstanceProfileName, tx);
    tx.put(instanceProfiles, { ...profile, tags: withTags(profile.tags, Tags) });
    return {};
  },
});

export const untagInstanceProfile = operation("UntagInstanceProfile", {
  authorize: ({ InstanceProfileName, TagKeys }, context) =>
    onProfile("UntagInstanceProfile", InstanceProfileName, context, { tagKeys: TagKeys }),

  async handle({ InstanceProfileName, TagKeys }, { tx }) {
    const profile = await requireProfile(InstanceProfileName, tx);
    tx.put(instanceProfiles, { ...profile, tags: withoutTags(profile.tags, TagKeys) });
    return {};
  },
});

export const listInstanceProfileTags = operation("ListInstanceProfileTags", {
  authorize: ({ InstanceProfileName }, context) => onProfile("ListInstanceProfileTags", InstanceProfileName, context),

  async handle({ InstanceProfileName, ...paging }, { tx }) {
    const { tags } = await requireProfile(InstanceProfileName, tx);
    return listTags(tags, paging);
  },
});

/** A profile as listings show it: with its role, without its tags. */
export async function formatProfile(profile: InstanceProfile, tx: Transaction): Promise<ProfileShape> {
  const role = profile.role && (await requireRole(profile.role.name, tx));
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAtMs),
    Roles: role ? [await formatNamedRole(role, tx)] : [],
  };
}

const findProfile = (name: string, tx: Transaction): Promise<InstanceProfile | undefined> =>
  tx.get(instanceProfiles, keyOfName(name));

/** @throws {AwsError} `NoSuchEntity` */
async function requireProfile(name: string, tx: Transaction): Promise<InstanceProfile> {
  const profile = await findProfile(name, tx);
  if (!profile) throw profileNotFound(name);
  return profile;
}

async function onProfile(
  action: IamAction,
  name: string,
  context: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const profile = await findProfile(name, context.tx);
  return {
    action: `iam:${action}`,
    resource: profile?.arn ?? arnOf(context, "instance-profile", { path: ROOT_PATH, name }),
    resourceTags: profile?.tags,
    ...more,
  };
}
