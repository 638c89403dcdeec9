/** Of lab S12: persons who may use a key of their own, and no other. */
import { credentialsOf } from "../credentials.ts";
import type { Actor } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import type { SealedStory } from "./s12-encryption.ts";

const succeeds = { outcome: "succeeds" } as const;

/** Both may read all objects; what each can read of them, the keys decide. */
export async function ownKeys(story: SealedStory): Promise<void> {
  const { teller, bucket } = story;
  const alice = await reader(story, "alice");
  const bob = await reader(story, "bob");
  await sealedFor(story, "alice");
  await sealedFor(story, "bob");
  for (const [name, actor, other] of [
    ["Alice", alice, "bob"],
    ["Bob", bob, "alice"],
  ] as const) {
    await teller.step({
      does: `${name} reads what is under the own key,`,
      as: actor,
      call: ["s3", "GetObject"],
      input: { Bucket: bucket, Key: `for-${name.toLowerCase()}.txt` },
      expect: succeeds,
    });
    await teller.step({
      does: `and not what is ${other}'s.`,
      as: actor,
      call: ["s3", "GetObject"],
      input: { Bucket: bucket, Key: `for-${other}.txt` },
      expect: { outcome: "refused", code: "AccessDenied", because: "kms:Decrypt" },
    });
  }
}

async function reader({ teller, admin, bucket }: SealedStory, UserName: string): Promise<Actor> {
  await teller.step({
    does: `A user, ${UserName},`,
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName },
    expect: succeeds,
  });
  await teller.step({
    does: "who may read all of the bucket",
    as: admin,
    call: ["iam", "PutUserPolicy"],
    input: {
      UserName,
      PolicyName: "read",
      PolicyDocument: policy(allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`)),
    },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: "and has an access key.",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName },
    expect: succeeds,
  });
  return teller.actor(UserName, credentialsOf(AccessKey));
}

async function sealedFor({ teller, admin, account, bucket }: SealedStory, user: string): Promise<void> {
  const root = { AWS: `arn:aws:iam::${account}:root` };
  const { KeyMetadata } = await teller.step({
    does: `A key whose policy lets ${user} alone decrypt, beside those who look after it;`,
    as: admin,
    call: ["kms", "CreateKey"],
    input: {
      Policy: policy(
        {
          ...allow(["kms:Put*", "kms:Describe*", "kms:Schedule*", "kms:Encrypt", "kms:GenerateDataKey"], "*"),
          Principal: root,
        },
        { ...allow("kms:Decrypt", "*"), Principal: { AWS: `arn:aws:iam::${account}:user/${user}` } },
      ),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "an object is put under it.",
    as: admin,
    call: ["s3", "PutObject"],
    input: {
      Bucket: bucket,
      Key: `for-${user}.txt`,
      Body: `for ${user}`,
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: KeyMetadata?.Arn,
    },
    expect: succeeds,
  });
}
