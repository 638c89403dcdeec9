/** Copies of objects that have more to them than bytes: locks, parts, several destinations. */
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectAnnotationCommand,
  DeleteObjectCommand,
  GetObjectAnnotationCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectAnnotationsCommand,
  PutBucketVersioningCommand,
  PutObjectAnnotationCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { replicated, rightsOf, rule, status } from "../../../../test/replicated-world.ts";

const ofLocks = {
  Effect: "Allow",
  Action: ["s3:GetObjectRetention", "s3:GetObjectLegalHold"],
  Resource: "arn:aws:s3:::photos/*",
};

const locking = new PutObjectLockConfigurationCommand({
  Bucket: "photos",
  ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" },
});

test("locks are copied, and changes of them follow", async () => {
  const { s3, there, cloud } = await replicated({ locks: true, rights: [...rightsOf("copies"), ofLocks] });
  await s3.send(locking);
  const ObjectLockRetainUntilDate = new Date(Math.floor(cloud.clock.now().getTime() / 1000) * 1000 + 86_400_000);
  const lock = { ObjectLockMode: "COMPLIANCE" as const, ObjectLockRetainUntilDate };
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1", ...lock, ChecksumAlgorithm: "SHA256" }));
  await cloud.clock.advance(60);
  const retention = await there.send(new GetObjectRetentionCommand({ Bucket: "copies", Key: "a" }));
  expect(retention.Retention).toEqual({ Mode: "COMPLIANCE", RetainUntilDate: ObjectLockRetainUntilDate });
  const LegalHold = { Status: "ON" as const };
  await s3.send(new PutObjectLegalHoldCommand({ Bucket: "photos", Key: "a", LegalHold, ChecksumAlgorithm: "SHA256" }));
  expect(await status(s3, "photos", "a")).toBe("PENDING");
  await cloud.clock.advance(60);
  const copy = await there.send(new HeadObjectCommand({ Bucket: "copies", Key: "a" }));
  expect(copy.ObjectLockLegalHoldStatus).toBe("ON");
  const RetainUntilDate = new Date(ObjectLockRetainUntilDate.getTime() + 86_400_000);
  const Retention = { Mode: "COMPLIANCE" as const, RetainUntilDate };
  await s3.send(new PutObjectRetentionCommand({ Bucket: "photos", Key: "a", Retention, ChecksumAlgorithm: "SHA256" }));
  await cloud.clock.advance(60);
  const longer = await there.send(new GetObjectRetentionCommand({ Bucket: "copies", Key: "a" }));
  expect(longer.Retention).toEqual(Retention);
});

test("annotations are copied with their object, and follow it", async () => {
  const rights = [{ Effect: "Allow", Action: "s3:*", Resource: "*" }];
  const { s3, there, cloud } = await replicated({ rights });
  const place = { Bucket: "photos", Key: "a" };
  const annotate = (AnnotationName: string, AnnotationPayload: string) =>
    s3.send(new PutObjectAnnotationCommand({ ...place, AnnotationName, AnnotationPayload }));
  const namesOfCopy = async () => {
    const { Annotations = [] } = await there.send(new ListObjectAnnotationsCommand({ Bucket: "copies", Key: "a" }));
    return Annotations.map(({ AnnotationName }) => AnnotationName);
  };
  await s3.send(new PutObjectCommand({ ...place, Body: "1" }));
  await annotate("first", "one");
  await cloud.clock.advance(60);
  expect(await namesOfCopy()).toEqual(["first"]);
  await annotate("second", "two");
  await s3.send(new DeleteObjectAnnotationCommand({ ...place, AnnotationName: "first" }));
  expect(await status(s3, "photos", "a")).toBe("PENDING");
  await cloud.clock.advance(60);
  expect(await namesOfCopy()).toEqual(["second"]);
  const gone = new DeleteObjectCommand({
    ...place,
    VersionId: (await s3.send(new HeadObjectCommand(place))).VersionId,
  });
  await s3.send(gone);
  const kept = await there.send(
    new GetObjectAnnotationCommand({ Bucket: "copies", Key: "a", AnnotationName: "second" }),
  );
  expect(await kept.AnnotationPayload?.transformToString()).toBe("two");
});

test("what may be locked is not copied to where nothing is", async () => {
  const { s3, cloud } = await replicated({ rights: [...rightsOf("copies"), ofLocks] });
  await s3.send(locking);
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html (DstBucketObjectLockConfigMissing)
  expect(await status(s3, "photos", "a")).toBe("FAILED");
});

test("the copy of what came in parts has them, too", async () => {
  const { s3, there, cloud } = await replicated();
  const place = { Bucket: "photos", Key: "a" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const Body = Buffer.alloc(5 * 1024 * 1024, "x");
  const Parts = [];
  for (const PartNumber of [1, 2]) {
    const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }));
  await cloud.clock.advance(60);
  const source = await s3.send(new HeadObjectCommand({ ...place, PartNumber: 2 }));
  const copy = await there.send(new GetObjectCommand({ Bucket: "copies", Key: "a", PartNumber: 2 }));
  expect(copy).toMatchObject({ ETag: source.ETag, PartsCount: 2, ContentLength: Body.byteLength });
  expect(Buffer.from((await copy.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
});

test("one object goes to several buckets, and its status is that of the worst", async () => {
  const more = rule({ ID: "more", Priority: 2, Destination: { Bucket: "arn:aws:s3:::more" } });
  const { s3, cloud, configure, allow } = await replicated({ rules: [] });
  await s3.send(new CreateBucketCommand({ Bucket: "more" }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: "more", VersioningConfiguration }));
  await configure([rule(), more]);
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html (multiple destinations)
  expect(await status(s3, "photos", "a")).toBe("FAILED");
  await allow([...rightsOf("copies"), ...rightsOf("more")]);
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "b", Body: "1" }));
  await cloud.clock.advance(60);
  expect([await status(s3, "photos", "b"), await status(s3, "more", "b")]).toEqual(["COMPLETED", "REPLICA"]);
});
