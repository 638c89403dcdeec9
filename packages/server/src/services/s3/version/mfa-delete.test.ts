import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  type VersioningConfiguration,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { enableDevice } from "../../../../test/mfa-device.ts";
import { ACCOUNT, refusal } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/phone-of-root`;

async function guardedWorld() {
  const world = await versionedWorld();
  const { s3, bucket: Bucket, cloud } = world;
  const { code, SerialNumber } = await enableDevice(cloud, "root");
  /** A code is good once. */
  const nextFactor = async () => {
    await cloud.clock.advance(60);
    return `${SerialNumber} ${code()}`;
  };
  return {
    ...world,
    nextFactor,
    set: (VersioningConfiguration: VersioningConfiguration, MFA?: string) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration, MFA })),
    erase: (VersionId: string | undefined, MFA?: string) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId, MFA })),
    getVersioning: async () => {
      const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      return { Status, MFADelete };
    },
  };
}

const GUARDED = { Status: "Enabled", MFADelete: "Enabled" } as const;
// Source: https://repost.aws/knowledge-center/s3-bucket-mfa-delete (the words of the refusal)
const WANTED = { code: "AccessDenied", status: 403, message: "Mfa Authentication must be used for this request" };

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
test("a bucket with MFA delete loses versions, and its versioning, only to a root user with a second factor", async () => {
  const { set, getVersioning, nextFactor, write, erase, remove, history } = await guardedWorld();
  expect(await refusal(set(GUARDED))).toMatchObject(WANTED);
  await set(GUARDED, await nextFactor());
  expect(await getVersioning()).toEqual(GUARDED);
  const one = (await write("k", "one")) ?? "";
  expect(await refusal(erase(one))).toMatchObject(WANTED);
  const { VersionId: marker = "" } = await remove("k");
  expect(await history({ [one]: "1", [marker]: "2" })).toBe("k=1 -k=2*");
  const factor = await nextFactor();
  await erase(one, factor);
  expect(await refusal(erase(marker, factor))).toMatchObject({ code: "AccessDenied", status: 403 });
  expect(await refusal(erase(marker, `${SERIAL} 000000`))).toMatchObject({ code: "AccessDenied", status: 403 });
  expect(await refusal(set({ Status: "Suspended" }))).toMatchObject(WANTED);
  await set({ Status: "Suspended" }, await nextFactor());
  expect(await getVersioning()).toEqual({ Status: "Suspended", MFADelete: "Enabled" });
  await set({ Status: "Enabled", MFADelete: "Disabled" }, await nextFactor());
  expect(await getVersioning()).toEqual({ Status: "Enabled", MFADelete: "Disabled" });
  await erase(marker);
});

test("one factor is enough for a batch", async () => {
  const { s3, bucket: Bucket, set, nextFactor, write, history } = await guardedWorld();
  await set(GUARDED, await nextFactor());
  const Objects = [
    { Key: "k", VersionId: await write("k") },
    { Key: "k", VersionId: await write("k") },
  ];
  const erase = (MFA?: string) => s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, MFA }));
  expect(await refusal(erase())).toMatchObject(WANTED);
  expect((await erase(await nextFactor())).Deleted).toHaveLength(2);
  expect(await history()).toBe("");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMFADelete.html (only the root user)
test("a user with all rights and a factor of its own is not the root user", async () => {
  const { cloud, bucket: Bucket, set, nextFactor, write, user } = await guardedWorld();
  await set(GUARDED, await nextFactor());
  const VersionId = await write("k");
  const ann = await user([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  const { code, SerialNumber } = await enableDevice(cloud, "ann");
  const MFA = `${SerialNumber} ${code()}`;
  expect(await refusal(ann.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId, MFA })))).toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: "This operation may only be performed by the bucket owner",
  });
});
