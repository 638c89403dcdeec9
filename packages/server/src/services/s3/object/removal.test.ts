import { DeleteObjectCommand, DeleteObjectsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { refusal } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

const unknown = (Header: string, additionalMessage: string) => ({
  code: "NotImplemented",
  status: 501,
  error: { Header, additionalMessage },
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
describe("a conditional deletion", () => {
  test("is held to the newest version, whichever version is to be removed", async () => {
    const { s3, bucket: Bucket } = await versionedWorld();
    const erase = (more: object) => s3.send(new DeleteObjectCommand({ Bucket, Key: "k", ...more }));
    const failed = { code: "PreconditionFailed", status: 412, error: { Condition: "If-Match" } };
    expect(await refusal(erase({ IfMatch: "*" }))).toMatchObject({ code: "NoSuchKey", status: 404 });
    const { ETag: old, VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "old" }));
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "new" }));
    expect(await refusal(erase({ IfMatch: old }))).toMatchObject(failed);
    expect(await refusal(erase({ IfMatch: old, VersionId }))).toMatchObject(failed);
    await erase({ IfMatch: ETag, VersionId });
    expect((await erase({ IfMatch: "*" })).DeleteMarker).toBe(true);
    expect(await refusal(erase({ IfMatch: "*" }))).toMatchObject(failed);
    expect(await refusal(erase({ IfMatch: ETag }))).toMatchObject(failed);
  });

  test("fails for one key of a batch and goes on with the next", async () => {
    const { s3, bucket: Bucket } = await versionedWorld();
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "x" }));
    const Objects = [
      { Key: "a", ETag: '"other"' },
      { Key: "none", ETag: "*" },
      { Key: "b", ETag: "*" },
    ];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).toMatchObject([
      { Key: "a", Code: "PreconditionFailed" },
      { Key: "none", Code: "NoSuchKey" },
    ]);
    expect(Deleted).toMatchObject([{ Key: "b", DeleteMarker: true }]);
  });

  test("and a conditional write, need the right to read where they compare a tag", async () => {
    const { s3, bucket: Bucket, user } = await versionedWorld();
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    const Action = ["s3:PutObject", "s3:DeleteObject"];
    const writer = await user([{ Effect: "Allow", Action, Resource: "*" }]);
    const unread = { code: "AccessDenied", message: expect.stringContaining("s3:GetObject") };
    const at = { Bucket, Key: "k" };
    expect(await refusal(writer.send(new PutObjectCommand({ ...at, IfMatch: ETag })))).toMatchObject(unread);
    expect(await refusal(writer.send(new DeleteObjectCommand({ ...at, IfMatch: ETag })))).toMatchObject(unread);
    const Objects = [{ Key: "k", ETag }];
    const { Errors } = await writer.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).toMatchObject([{ Code: "AccessDenied" }]);
    await writer.send(new PutObjectCommand({ Bucket, Key: "new", IfNoneMatch: "*" }));
    await writer.send(new DeleteObjectCommand({ ...at, IfMatch: "*" }));
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answers)
test("conditions that S3 does not know are told with what is wrong about them", async () => {
  const { s3, bucket: Bucket } = await versionedWorld();
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...more }));
  const value = "We don't accept the provided value of";
  expect(await refusal(put({ IfNoneMatch: '"x"' }))).toMatchObject(
    unknown("If-None-Match", `${value} If-None-Match header for this API`),
  );
  expect(await refusal(put({ IfMatch: "*" }))).toMatchObject(
    unknown("If-Match", `${value} If-Match header for this API`),
  );
  expect(await refusal(put({ IfMatch: '"x"', IfNoneMatch: "*" }))).toMatchObject(
    unknown("If-Match,If-None-Match", "Multiple conditional request headers present in the request"),
  );
});
