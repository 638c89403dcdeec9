import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  ListInstanceProfileTagsCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const InstanceProfileName = "web";
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

async function withProfile() {
  const iam = (await testCloud()).client(IAMClient);
  for (const RoleName of ["support", "other"])
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const { InstanceProfile } = await iam.send(
    new CreateInstanceProfileCommand({ InstanceProfileName, Path: "/ops/", Tags: [{ Key: "team", Value: "red" }] }),
  );
  const add = (RoleName: string) => iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  return { iam, profile: InstanceProfile, add };
}

test("a profile reads back as it was made, with its role", async () => {
  const { iam, profile, add } = await withProfile();
  expect(profile).toMatchObject({
    InstanceProfileName,
    Path: "/ops/",
    Arn: "arn:aws:iam::000000000000:instance-profile/ops/web",
    Roles: [],
    Tags: [{ Key: "team", Value: "red" }],
  });
  expect(profile?.InstanceProfileId).toMatch(/^AIPA[A-Z2-7]{17}$/);
  await add("support");
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  expect(InstanceProfile).toMatchObject({ ...profile, Roles: [{ RoleName: "support" }] });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_instance_profiles.snapshot.json
  expect(Object.keys(InstanceProfile?.Roles?.[0] ?? {}).toSorted()).toEqual([
    "Arn",
    "AssumeRolePolicyDocument",
    "CreateDate",
    "Path",
    "RoleId",
    "RoleName",
  ]);
});

test("a profile has one role", async () => {
  const { add } = await withProfile();
  await add("support");
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html (one)
  await expect(add("other")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
  });
});

test("a profile with a role does not go", async () => {
  const { iam, add } = await withProfile();
  await add("support");
  const deletion = () => iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  await expect(deletion()).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: "Cannot delete entity, must remove roles from instance profile first.",
  });
  const removal = (RoleName = "support") =>
    iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
  await removal();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_instance_profiles.snapshot.json
  await expect(removal()).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "Role support in Instance Profile web cannot be found.",
  });
  await expect(removal("none")).rejects.toMatchObject({ message: "The role with name none cannot be found." });
  await deletion();
  await expect(iam.send(new GetInstanceProfileCommand({ InstanceProfileName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "Instance Profile web cannot be found.",
  });
});

test("a name is taken once", async () => {
  const { iam } = await withProfile();
  await expect(iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "WEB" }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Instance Profile WEB already exists.",
  });
});

const named = (profiles: readonly { readonly InstanceProfileName: string | undefined }[] | undefined) =>
  profiles?.map((profile) => profile.InstanceProfileName);

test("profiles are listed by path and by role", async () => {
  const { iam, add } = await withProfile();
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "db" }));
  await add("support");
  const all = await iam.send(new ListInstanceProfilesCommand({}));
  expect(named(all.InstanceProfiles)).toEqual(["db", "web"]);
  const ofOps = await iam.send(new ListInstanceProfilesCommand({ PathPrefix: "/ops/" }));
  expect(named(ofOps.InstanceProfiles)).toEqual(["web"]);
  const ofRole = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "support" }));
  expect(named(ofRole.InstanceProfiles)).toEqual(["web"]);
  const ofOther = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "other" }));
  expect(named(ofOther.InstanceProfiles)).toEqual([]);
});

test("tags come and go", async () => {
  const { iam } = await withProfile();
  const tag = { InstanceProfileName, Tags: [{ Key: "cost", Value: "1" }] };
  await iam.send(new TagInstanceProfileCommand(tag));
  await iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: ["team"] }));
  const { Tags } = await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName }));
  expect(Tags).toEqual(tag.Tags);
});
