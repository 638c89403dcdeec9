import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answers)

async function uploading(world: Awaited<ReturnType<typeof s3World>>) {
  const { s3, bucket: Bucket } = world;
  const at = { Bucket, Key: "k" };
  const begin = async (Key = "k") => (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? "";
  return {
    ...world,
    begin,
    put: async (Body: string) => (await s3.send(new PutObjectCommand({ ...at, Body }))).ETag,
    erase: () => s3.send(new DeleteObjectCommand(at)),
    complete: async (UploadId: string, more: object = {}) => {
      const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: "part" }));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      return s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload, ...more }));
    },
  };
}

const conflict = (Condition: string) => ({
  code: "ConditionalRequestConflict",
  status: 409,
  message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
  error: { Condition, Key: "k" },
});

describe("a conditional completion", () => {
  test("is a conflict where the object went since the upload began", async () => {
    const { put, erase, begin, complete } = await uploading(await s3World());
    await put("x");
    const upload = await begin();
    const none = { IfNoneMatch: "*" };
    expect(await refusal(complete(upload, none))).toMatchObject({ code: "PreconditionFailed", status: 412 });
    await erase();
    expect(await refusal(complete(upload, none))).toMatchObject(conflict("If-None-Match"));
    expect((await complete(await begin(), none)).ETag).toBeDefined();
  });

  test("is a conflict where another object came since the upload began, equal or not", async () => {
    const { put, erase, begin, complete } = await uploading(await s3World());
    const before = await put("x");
    const upload = await begin();
    const other = await put("y");
    expect(await refusal(complete(upload, { IfMatch: before }))).toMatchObject({ code: "PreconditionFailed" });
    expect(await refusal(complete(upload, { IfMatch: other }))).toMatchObject(conflict("If-Match"));
    const again = await begin();
    const same = await put("y");
    expect(await refusal(complete(again, { IfMatch: same }))).toMatchObject(conflict("If-Match"));
    await erase();
    expect(await refusal(complete(again, { IfMatch: same }))).toMatchObject({ code: "NoSuchKey", status: 404 });
    await put("y");
    expect(await refusal(complete(again, { IfMatch: same }))).toMatchObject(conflict("If-Match"));
    expect((await complete(await begin(), { IfMatch: same })).ETag).toBeDefined();
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (idempotent)
test("completions of one upload at once make one version, which all of them name", async () => {
  const { s3, bucket: Bucket, begin, history } = await uploadingVersions();
  const UploadId = await begin();
  const at = { Bucket, Key: "k", UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...at, PartNumber: 1, Body: "part" }));
  const complete = new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  const answers = await Promise.all([1, 2, 3, 4].map(() => s3.send(complete)));
  const [id = ""] = new Set(answers.map(({ VersionId }) => VersionId));
  expect(answers.map(({ VersionId }) => VersionId)).toEqual([id, id, id, id]);
  expect(await history({ [id]: "1" })).toBe("k=1*");
});

async function uploadingVersions() {
  const world = await versionedWorld();
  return { ...(await uploading(world)), history: world.history, write: world.write };
}

test("a part is copied of a version that is not current any more", async () => {
  const { s3, bucket: Bucket, begin, write } = await uploadingVersions();
  const old = await write("source", "old");
  await write("source", "newer");
  const at = { Bucket, Key: "k", UploadId: await begin(), PartNumber: 1 };
  const copy = new UploadPartCopyCommand({ ...at, CopySource: `${Bucket}/source?versionId=${old}` });
  const { CopySourceVersionId, CopyPartResult } = await s3.send(copy);
  expect(CopySourceVersionId).toBe(old);
  // the digest of `old`
  expect(CopyPartResult?.ETag).toBe('"149603e6c03516362a8da23f624db945"');
});

describe("uploads under way", () => {
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html (sorted by key, then by initiation)
  test("of one key follow each other as they were begun, though it was in one second", async () => {
    const { s3, bucket: Bucket, begin } = await uploading(await s3World());
    const begun: string[] = [];
    for (let count = 0; count < 20; count++) begun.push(await begin());
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads.map(({ UploadId }) => UploadId)).toEqual(begun);
  });

  test("are listed on from a marker of their key, whether or not it is still there", async () => {
    const { s3, bucket: Bucket, begin } = await uploading(await s3World());
    const [first, second, other] = [await begin("k"), await begin("k"), await begin("other")];
    const list = (more: object) => s3.send(new ListMultipartUploadsCommand({ Bucket, ...more }));
    expect(await list({})).toMatchObject({ NextKeyMarker: "other", NextUploadIdMarker: other, IsTruncated: false });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId: first }));
    const after = await list({ KeyMarker: "k", UploadIdMarker: first, MaxUploads: 1 });
    expect(after).toMatchObject({ Uploads: [{ UploadId: second }], IsTruncated: true });
    expect(await list({ KeyMarker: "other" })).toMatchObject({ NextKeyMarker: "", NextUploadIdMarker: "" });
    expect((await list({ UploadIdMarker: second, MaxUploads: 1 })).Uploads).toMatchObject([{ UploadId: second }]);
    expect(await refusal(list({ KeyMarker: "k", UploadIdMarker: other }))).toMatchObject({
      code: "InvalidArgument",
      status: 400,
      message: "Invalid uploadId marker",
      error: { ArgumentName: "upload-id-marker", ArgumentValue: other },
    });
  });
});
