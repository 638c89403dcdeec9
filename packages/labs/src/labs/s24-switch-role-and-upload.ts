import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy, trust } from "../policy.ts";

const succeeds = { outcome: "succeeds" } as const;
const denied = { outcome: "refused", code: "AccessDenied" } as const;
const HOUR = 3600;

export const s24: Lab = {
  id: "S24",
  title: "CLI: authenticate as an IAM user, switch role, upload",
  proves: [
    "cli-profile-assume-role",
    "iam-user-may-only-assume",
    "iam-role-trust-one-user",
    "iam-role-switch-changes-rights",
    "iam-user-issue-credentials",
  ],
  async run(teller) {
    const account = teller.account("A");
    const story = { teller, account, admin: teller.root(account), bucket: `uploads-${teller.suffix}` };
    const uploader = await createUser(story);
    await createRole(story);
    await withBareKeys(story, uploader);
    await withTheRole(story, uploader);
    await othersMayNot(story);
    await keyTurnedOff(story, uploader);
  },
};

interface Story {
  readonly teller: Teller;
  readonly account: string;
  readonly admin: Actor;
  readonly bucket: string;
}

interface Uploader {
  readonly actor: Actor;
  readonly accessKeyId: string;
}

async function createUser({ teller, account, admin, bucket }: Story): Promise<Uploader> {
  const UserName = "s3-upload-user";
  await teller.step({
    does: "A bucket to upload to.",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "The user who will upload",
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName },
    expect: succeeds,
  });
  await teller.step({
    does: "may only read by itself,",
    as: admin,
    call: ["iam", "AttachUserPolicy"],
    input: { UserName, PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
    expect: succeeds,
  });
  await teller.step({
    does: "and has a policy to assume exactly one role.",
    as: admin,
    call: ["iam", "CreatePolicy"],
    input: {
      PolicyName: "s3-upload-policy",
      PolicyDocument: policy(allow("sts:AssumeRole", `arn:aws:iam::${account}:role/s3-upload-role`)),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It is attached.",
    as: admin,
    call: ["iam", "AttachUserPolicy"],
    input: { UserName, PolicyArn: `arn:aws:iam::${account}:policy/s3-upload-policy` },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: "The key pair that goes into the credentials file.",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName },
    expect: succeeds,
  });
  return { actor: teller.actor(UserName, credentialsOf(AccessKey)), accessKeyId: AccessKey?.AccessKeyId ?? "" };
}

async function createRole({ teller, account, admin }: Story): Promise<void> {
  await teller.step({
    does: "The role trusts that one user",
    as: admin,
    call: ["iam", "CreateRole"],
    input: {
      RoleName: "s3-upload-role",
      AssumeRolePolicyDocument: trust(`arn:aws:iam::${account}:user/s3-upload-user`),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "and may do everything in S3.",
    as: admin,
    call: ["iam", "AttachRolePolicy"],
    input: { RoleName: "s3-upload-role", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
    expect: succeeds,
  });
}

async function withBareKeys({ teller, bucket }: Story, { actor }: Uploader): Promise<void> {
  await teller.step({
    does: "With the bare keys, listing works,",
    as: actor,
    call: ["s3", "ListObjectsV2"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "uploading does not.",
    as: actor,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "f", Body: "file" },
    expect: denied,
  });
}

async function withTheRole({ teller, account, bucket }: Story, { actor }: Uploader): Promise<void> {
  for (const does of ["The CLI assumes the role of its profile", "An hour later it silently assumes it again"]) {
    const { Credentials } = await teller.step({
      does,
      as: actor,
      call: ["sts", "AssumeRole"],
      input: { RoleArn: `arn:aws:iam::${account}:role/s3-upload-role`, RoleSessionName: "botocore-session-1" },
      expect: succeeds,
    });
    const session = teller.actor("the role's session", credentialsOf(Credentials));
    await teller.step({
      does: "and uploads.",
      as: session,
      call: ["s3", "PutObject"],
      input: { Bucket: bucket, Key: "f", Body: "file" },
      expect: succeeds,
    });
    await teller.wait("An hour and a second pass.", HOUR + 1);
    await teller.step({
      does: "The session has expired.",
      as: session,
      call: ["s3", "PutObject"],
      input: { Bucket: bucket, Key: "f", Body: "file" },
      expect: { outcome: "refused", code: "ExpiredToken" },
    });
  }
}

async function othersMayNot({ teller, account, admin }: Story): Promise<void> {
  await teller.step({
    does: "Another user,",
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName: "eve" },
    expect: succeeds,
  });
  await teller.step({
    does: "though allowed to assume any role,",
    as: admin,
    call: ["iam", "PutUserPolicy"],
    input: { UserName: "eve", PolicyName: "any", PolicyDocument: policy(allow("sts:AssumeRole", "*")) },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: "with a key of her own,",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: "eve" },
    expect: succeeds,
  });
  await teller.step({
    does: "is not trusted by the role.",
    as: teller.actor("eve", credentialsOf(AccessKey)),
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${account}:role/s3-upload-role`, RoleSessionName: "eve" },
    expect: denied,
  });
}

async function keyTurnedOff({ teller, admin }: Story, { actor, accessKeyId }: Uploader): Promise<void> {
  await teller.step({
    does: "The key is turned off.",
    as: admin,
    call: ["iam", "UpdateAccessKey"],
    input: { UserName: "s3-upload-user", AccessKeyId: accessKeyId, Status: "Inactive" },
    expect: succeeds,
  });
  await teller.step({
    does: "From now on it is unknown.",
    as: actor,
    call: ["sts", "GetCallerIdentity"],
    input: {},
    expect: { outcome: "refused", code: "InvalidClientTokenId" },
  });
}
