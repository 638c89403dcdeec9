/** Taking away what the cases made, with all that hangs on it. */
import type { Input, NameStep } from "../case-file.ts";
import type { World } from "../world.ts";

export interface Removable extends Pick<NameStep, "kind" | "name"> {
  /** The root user who may. */
  readonly as: string;
}

/** What has to go first: how it is listed, the path to its names, and how one of them goes. */
interface Part {
  readonly list: string;
  readonly path: string;
  /** The member of a listed object that names it; absent where names are listed. */
  readonly member?: string;
  readonly remove: string;
  /** The member of the removal's input. */
  readonly as: string;
}

interface Plan {
  readonly named: string;
  readonly parts: readonly Part[];
  readonly remove: string;
}

const policies = (kind: "User" | "Group" | "Role"): readonly Part[] => [
  { list: `iam:List${kind}Policies`, path: "PolicyNames", remove: `iam:Delete${kind}Policy`, as: "PolicyName" },
  {
    list: `iam:ListAttached${kind}Policies`,
    path: "AttachedPolicies",
    member: "PolicyArn",
    remove: `iam:Detach${kind}Policy`,
    as: "PolicyArn",
  },
];

const part = (list: string, path: string, removal: string, as: string): Part => ({
  list: `iam:${list}`,
  path,
  member: as,
  remove: `iam:${removal}`,
  as,
});

const PLANS: Readonly<Record<Exclude<Removable["kind"], "policy" | "bucket" | "mfa" | "alias" | "vault">, Plan>> = {
  user: {
    named: "UserName",
    parts: [
      ...policies("User"),
      part("ListAccessKeys", "AccessKeyMetadata", "DeleteAccessKey", "AccessKeyId"),
      part("ListGroupsForUser", "Groups", "RemoveUserFromGroup", "GroupName"),
      part("ListMFADevices", "MFADevices", "DeactivateMFADevice", "SerialNumber"),
    ],
    remove: "iam:DeleteUser",
  },
  group: { named: "GroupName", parts: policies("Group"), remove: "iam:DeleteGroup" },
  role: {
    named: "RoleName",
    parts: [
      ...policies("Role"),
      part("ListInstanceProfilesForRole", "InstanceProfiles", "RemoveRoleFromInstanceProfile", "InstanceProfileName"),
    ],
    remove: "iam:DeleteRole",
  },
  "instance-profile": { named: "InstanceProfileName", parts: [], remove: "iam:DeleteInstanceProfile" },
  "linked-role": { named: "RoleName", parts: [], remove: "iam:DeleteServiceLinkedRole" },
};

export async function remove({ kind, name, as }: Removable, world: World): Promise<void> {
  if (kind === "bucket") return removeBucket(name, as, world);
  if (kind === "policy") return removePolicy(name, as, world);
  if (kind === "mfa") return removeDevice(name, as, world);
  if (kind === "alias") return void (await world.ask("kms:DeleteAlias", as, { AliasName: `alias/${name}` }));
  if (kind === "vault") return void (await world.ask("glacier:DeleteVault", as, { accountId: "-", vaultName: name }));
  const { named, parts, remove: call } = PLANS[kind];
  const whom = { [named]: name };
  for (const each of parts) await removePart(each, { whom, as }, world);
  await world.ask(call, as, whom);
}

interface Owner {
  readonly whom: Input;
  readonly as: string;
}

async function removePart(each: Part, { whom, as }: Owner, world: World): Promise<void> {
  const outcome = await world.ask(each.list, as, whom);
  if (outcome.kind === "failed") return;
  for (const found of listAt(outcome.output, each.path)) {
    const value = each.member === undefined ? found : memberOf(found, each.member);
    await world.ask(each.remove, as, { ...whom, [each.as]: value });
  }
}

async function removePolicy(name: string, as: string, world: World): Promise<void> {
  const PolicyArn = `arn:aws:iam::${world.account(as)}:policy/${name}`;
  const outcome = await world.ask("iam:ListPolicyVersions", as, { PolicyArn });
  if (outcome.kind === "failed") return;
  for (const version of listAt(outcome.output, "Versions")) {
    if (memberOf(version, "IsDefaultVersion") === true) continue;
    await world.ask("iam:DeletePolicyVersion", as, { PolicyArn, VersionId: memberOf(version, "VersionId") });
  }
  await world.ask("iam:DeletePolicy", as, { PolicyArn });
}

async function removeDevice(name: string, as: string, world: World): Promise<void> {
  const SerialNumber = `arn:aws:iam::${world.account(as)}:mfa/${name}`;
  await world.ask("iam:DeleteVirtualMFADevice", as, { SerialNumber });
}

async function removeBucket(Bucket: string, as: string, world: World): Promise<void> {
  // its policy may keep even the root user from the objects
  await world.ask("s3:DeleteBucketPolicy", as, { Bucket });
  const outcome = await world.ask("s3:ListObjectsV2", as, { Bucket });
  if (outcome.kind === "failed") return;
  for (const object of listAt(outcome.output, "Contents"))
    await world.ask("s3:DeleteObject", as, { Bucket, Key: memberOf(object, "Key") });
  await world.ask("s3:DeleteBucket", as, { Bucket });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

function listAt(output: object, name: string): readonly unknown[] {
  const list = memberOf(output, name);
  return Array.isArray(list) ? list : [];
}
