import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

// Source of what these tests expect, where none is named:
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answers)

describe("a bucket's versioning", () => {
  test("is unset, and then enabled or suspended", async () => {
    const { s3, bucket: Bucket } = await s3World();
    const get = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    const put = (VersioningConfiguration: object) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect(await get()).toBeUndefined();
    await put({ Status: "Suspended" });
    expect(await get()).toBe("Suspended");
    expect(await refusal(put({ Status: "enabled" }))).toMatchObject({ code: "MalformedXML", status: 400 });
    await put({ Status: "Enabled" });
    expect(await get()).toBe("Enabled");
    expect(await refusal(put({ Status: "Disabled" }))).toMatchObject({ code: "MalformedXML", status: 400 });
    expect(await refusal(put({}))).toMatchObject({
      code: "IllegalVersioningConfigurationException",
      status: 400,
      message: "The Versioning element must be specified",
    });
    expect(await get()).toBe("Enabled");
  });

  test("is for those to set who may", async () => {
    const { bucket: Bucket, user } = await s3World();
    const reader = await user([{ Effect: "Allow", Action: "s3:GetBucketVersioning", Resource: "*" }]);
    expect(await reader.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({});
    const put = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    expect(await refusal(reader.send(put))).toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("s3:PutBucketVersioning"),
    });
  });
});

describe("a version", () => {
  test("stays when another is put over it", async () => {
    const { write, read, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    const two = (await write("k", "two")) ?? "";
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html (opaque, URL-ready, at most 1,024 bytes)
    expect(one).toMatch(/^[\w.]{32}$/);
    expect(two).not.toBe(one);
    expect(await read("k")).toBe("two");
    expect(await read("k", one)).toBe("one");
    expect(await history({ [one]: "1", [two]: "2" })).toBe("k=2* k=1");
  });

  test("of before versioning is called null, and stays as well", async () => {
    const { s3, bucket: Bucket, put } = await s3World();
    await put("k", "before");
    const get = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: "k" }))).VersionId;
    expect(await get()).toBeUndefined();
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect(await get()).toBe("null");
    await put("k", "after");
    const old = await s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: "null" }));
    expect([old.VersionId, await old.Body?.transformToString()]).toEqual(["null", "before"]);
  });

  test("that is removed is gone for good, and the one before is the latest again", async () => {
    const { write, read, remove, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    const two = (await write("k", "two")) ?? "";
    const three = (await write("k", "three")) ?? "";
    const names = { [one]: "1", [two]: "2", [three]: "3" };
    const gone = await remove("k", three);
    expect([gone.VersionId, gone.DeleteMarker]).toEqual([three, undefined]);
    expect(await read("k")).toBe("two");
    await remove("k", one);
    expect(await history(names)).toBe("k=2*");
    expect(await refusal(read("k", one))).toMatchObject({
      code: "NoSuchVersion",
      status: 404,
      error: { Key: "k", VersionId: one },
    });
    await remove("k", two);
    expect(await history(names)).toBe("");
    expect((await remove("k", two)).VersionId).toBe(two);
  });

  test("has an id that can be told from others", async () => {
    const { write, read, remove } = await versionedWorld();
    const other = (await write("other")) ?? "";
    await write("k");
    expect(await refusal(read("k", other))).toMatchObject({ code: "NoSuchVersion", status: 404 });
    const made = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    const invalid = { code: "InvalidArgument", status: 400, message: "Invalid version id specified" };
    expect(await refusal(read("k", made))).toMatchObject({
      ...invalid,
      error: { ArgumentName: "versionId", ArgumentValue: made },
    });
    expect(await refusal(remove("k", made))).toMatchObject(invalid);
  });

  test("has tags of its own", async () => {
    const { s3, bucket: Bucket, write } = await versionedWorld();
    const one = (await write("k")) ?? "";
    const two = (await write("k")) ?? "";
    const tags = async (VersionId?: string) => {
      const { TagSet, VersionId: id } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k", VersionId }));
      return [id, TagSet?.map(({ Value }) => Value).join()];
    };
    const tag = (Value: string, VersionId?: string) =>
      s3.send(
        new PutObjectTaggingCommand({ Bucket, Key: "k", VersionId, Tagging: { TagSet: [{ Key: "team", Value }] } }),
      );
    expect((await tag("new")).VersionId).toBe(two);
    expect((await tag("old", one)).VersionId).toBe(one);
    expect([await tags(), await tags(two), await tags(one)]).toEqual([
      [two, "new"],
      [two, "new"],
      [one, "old"],
    ]);
    const untag = new DeleteObjectTaggingCommand({ Bucket, Key: "k", VersionId: one });
    expect((await s3.send(untag)).VersionId).toBe(one);
    expect([await tags(), await tags(one)]).toEqual([
      [two, "new"],
      [one, ""],
    ]);
  });

  test("has attributes of its own", async () => {
    const { s3, bucket: Bucket, write } = await versionedWorld();
    const VersionId = (await write("k", "longer")) ?? "";
    const latest = await write("k", "new");
    const of = (more: object) =>
      s3.send(new GetObjectAttributesCommand({ Bucket, Key: "k", ObjectAttributes: ["ObjectSize"], ...more }));
    expect(await of({ VersionId })).toMatchObject({ ObjectSize: 6, VersionId });
    expect(await of({})).toMatchObject({ ObjectSize: 3, VersionId: latest });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "k", VersionId }))).toMatchObject({
      ContentLength: 6,
      VersionId,
    });
  });

  test("is copied, and so brought back", async () => {
    const { s3, bucket: Bucket, write, read, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    const two = (await write("k", "two")) ?? "";
    const copy = (CopySource: string) => s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource }));
    const copied = await copy(`${Bucket}/k?versionId=${one}`);
    expect(copied.CopySourceVersionId).toBe(one);
    const { VersionId: three = "" } = copied;
    expect(await read("k")).toBe("one");
    expect(await history({ [one]: "1", [two]: "2", [three]: "3" })).toBe("k=3* k=2 k=1");
    expect(await refusal(copy(`${Bucket}/k`))).toMatchObject({ code: "InvalidRequest", status: 400 });
  });
});

const refused = (Method: string) => ({
  code: "MethodNotAllowed",
  status: 405,
  message: "The specified method is not allowed against this resource.",
  error: { Method, ResourceType: "DeleteMarker" },
});

describe("a delete marker", () => {
  test("stands where an object was, and hides it", async () => {
    const { s3, bucket: Bucket, write, read, remove, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    const { VersionId: marker = "", DeleteMarker } = await remove("k");
    expect(DeleteMarker).toBe(true);
    const gone = await refusal(read("k"));
    expect(gone).toMatchObject({ code: "NoSuchKey", status: 404, error: { Key: "k" } });
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await read("k", one)).toBe("one");
    expect(await history({ [one]: "1", [marker]: "2" })).toBe("k=1 -k=2*");
  });

  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
  test("says in headers what it is", async () => {
    const { bucket, s3, write, remove, anonymous } = await versionedWorld();
    await write("k");
    const { VersionId = "" } = await remove("k");
    const seen = await headersOf(() => s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "k" })));
    expect(seen).toMatchObject({ status: 404, "x-amz-delete-marker": "true", "x-amz-version-id": VersionId });
    const named = await headersOf(() => s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "k", VersionId })));
    expect(named).toMatchObject({
      status: 405,
      allow: "DELETE",
      "x-amz-delete-marker": "true",
      "x-amz-version-id": VersionId,
      "last-modified": expect.stringMatching(/GMT$/),
    });
    const stranger = await anonymous("GET", `/${bucket}/k`);
    expect([stranger.statusCode, stranger.headers["x-amz-delete-marker"]]).toEqual([403, undefined]);
  });

  test("is no object: what only objects have is refused", async () => {
    const { s3, bucket: Bucket, write, remove } = await versionedWorld();
    await write("k");
    const { VersionId } = await remove("k");
    const place = { Bucket, Key: "k" };
    for (const more of [{ VersionId }, {}]) {
      const input = { ...place, ...more };
      expect(await refusal(s3.send(new GetObjectTaggingCommand(input)))).toMatchObject(refused("GET"));
      expect(await refusal(s3.send(new DeleteObjectTaggingCommand(input)))).toMatchObject(refused("DELETE"));
      const tagging = new PutObjectTaggingCommand({ ...input, Tagging: { TagSet: [] } });
      expect(await refusal(s3.send(tagging))).toMatchObject(refused("PUT"));
    }
    expect(await refusal(s3.send(new GetObjectCommand({ ...place, VersionId })))).toMatchObject(refused("GET"));
    expect(await refusal(s3.send(new GetObjectAclCommand({ ...place, VersionId })))).toMatchObject(refused("GET"));
    expect(await refusal(s3.send(new GetObjectAclCommand(place)))).toMatchObject({ code: "NoSuchKey", status: 404 });
    const copy = (CopySource: string) => s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(await refusal(copy(`${Bucket}/k`))).toMatchObject({ code: "NoSuchKey", status: 404 });
    // Source: https://github.com/versity/versitygw/pull/2417 (a copy of a named delete marker is refused)
    expect(await refusal(copy(`${Bucket}/k?versionId=${VersionId}`))).toMatchObject({
      code: "InvalidRequest",
      status: 400,
    });
  });

  test("is made also where nothing is, and over another one", async () => {
    const { remove, history } = await versionedWorld();
    const { VersionId: one = "" } = await remove("k");
    const { VersionId: two = "" } = await remove("k");
    expect(await history({ [one]: "1", [two]: "2" })).toBe("-k=2* -k=1");
  });

  test("removed lets the object come back", async () => {
    const { write, read, remove, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    const { VersionId: marker = "" } = await remove("k");
    const { VersionId: second = "" } = await remove("k");
    const gone = await remove("k", second);
    expect([gone.VersionId, gone.DeleteMarker]).toEqual([second, true]);
    expect(await history({ [one]: "1", [marker]: "2" })).toBe("k=1 -k=2*");
    await remove("k", marker);
    expect(await read("k")).toBe("one");
    expect(await history({ [one]: "1" })).toBe("k=1*");
  });

  test("counts as no object for conditions on writes", async () => {
    const { s3, bucket: Bucket, write, remove } = await versionedWorld();
    const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...more }));
    const { ETag } = await put({});
    expect(await refusal(put({ IfNoneMatch: "*" }))).toMatchObject({ code: "PreconditionFailed", status: 412 });
    await remove("k");
    expect(await refusal(put({ IfMatch: ETag }))).toMatchObject({ code: "NoSuchKey", status: 404 });
    expect((await put({ IfNoneMatch: "*" })).VersionId).toBeDefined();
    expect(await write("k")).toBeDefined();
  });
});

describe("where versioning is suspended", () => {
  test("puts replace the version null, and the others stay", async () => {
    const { write, read, setVersioning, history } = await versionedWorld();
    const one = (await write("k", "one")) ?? "";
    await setVersioning("Suspended");
    expect(await write("k", "first null")).toBeUndefined();
    expect(await write("k", "second null")).toBeUndefined();
    expect(await history({ [one]: "1" })).toBe("k=null* k=1");
    await setVersioning("Enabled");
    const two = (await write("k", "two")) ?? "";
    expect(await history({ [one]: "1", [two]: "2" })).toBe("k=2* k=null k=1");
    expect(await read("k", "null")).toBe("second null");
    await setVersioning("Suspended");
    await write("k", "third null");
    expect(await history({ [one]: "1", [two]: "2" })).toBe("k=null* k=2 k=1");
    expect(await read("k", "null")).toBe("third null");
  });

  test("deletions leave a delete marker null in the place of the version null", async () => {
    const { write, remove, setVersioning, history } = await versionedWorld();
    const one = (await write("k")) ?? "";
    await setVersioning("Suspended");
    expect(await remove("k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await history({ [one]: "1" })).toBe("k=1 -k=null*");
    await write("k");
    expect(await history({ [one]: "1" })).toBe("k=null* k=1");
    expect(await remove("k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await remove("k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await history({ [one]: "1" })).toBe("k=1 -k=null*");
    expect(await remove("k", "null")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await history({ [one]: "1" })).toBe("k=1*");
  });

  test("a copy tells that it is the version null", async () => {
    const { s3, bucket: Bucket, write } = await versionedWorld("Suspended");
    await write("a");
    const copied = await s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    expect([copied.VersionId, copied.CopySourceVersionId]).toEqual(["null", undefined]);
    // Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/versioning/objectPutCopyPart.js (run against AWS)
    const CopySource = `${Bucket}/a?versionId=null`;
    const named = await s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource }));
    expect(named.CopySourceVersionId).toBe("null");
  });
});

describe("a batch", () => {
  test("deletes versions, leaves delete markers, and tells which", async () => {
    const { s3, bucket: Bucket, write, history } = await versionedWorld();
    const one = await write("k");
    const remove = async (...Objects: readonly { Key: string; VersionId?: string | undefined }[]) => {
      const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...Objects] } }));
      return { deleted: answer.Deleted ?? [], errors: answer.Errors ?? [] };
    };
    const { deleted } = await remove({ Key: "k" }, { Key: "never" });
    expect(deleted).toEqual([
      { Key: "k", DeleteMarker: true, DeleteMarkerVersionId: expect.stringMatching(/^.{32}$/) },
      { Key: "never", DeleteMarker: true, DeleteMarkerVersionId: expect.stringMatching(/^.{32}$/) },
    ]);
    const [marker, never] = deleted.map(({ DeleteMarkerVersionId }) => DeleteMarkerVersionId);
    expect(await remove({ Key: "k", VersionId: marker })).toEqual({
      deleted: [{ Key: "k", VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker }],
      errors: [],
    });
    const VersionId = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    expect((await remove({ Key: "k", VersionId })).errors).toEqual([
      { Key: "k", VersionId, Code: "NoSuchVersion", Message: "The specified version does not exist." },
    ]);
    const all = [
      { Key: "k", VersionId: one },
      { Key: "never", VersionId: never },
    ];
    expect((await remove(...all)).deleted).toMatchObject(all);
    expect((await remove(...all)).errors).toEqual([]);
    expect(await history()).toBe("");
  });
});

test("a bucket with a version or a delete marker left is not empty", async () => {
  const { s3, bucket: Bucket, write, remove } = await versionedWorld();
  const end = () => s3.send(new DeleteBucketCommand({ Bucket }));
  const one = await write("k");
  const { VersionId: marker } = await remove("k");
  const notEmpty = {
    code: "BucketNotEmpty",
    status: 409,
    message: "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    error: { BucketName: Bucket },
  };
  expect(await refusal(end())).toMatchObject(notEmpty);
  await remove("k", one);
  expect(await refusal(end())).toMatchObject(notEmpty);
  await remove("k", marker);
  await end();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html (actions on versions)
test("who may read the current object may not read a named version", async () => {
  const { write, user, bucket: Bucket } = await versionedWorld();
  const VersionId = await write("k", "one");
  const reader = await user([{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }]);
  const get = (more: object) => reader.send(new GetObjectCommand({ Bucket, Key: "k", ...more }));
  expect(await (await get({})).Body?.transformToString()).toBe("one");
  expect(await refusal(get({ VersionId }))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:GetObjectVersion"),
  });
  const Condition = { StringEquals: { "s3:VersionId": VersionId } };
  const owner = await user([{ Effect: "Allow", Action: "s3:GetObjectVersion", Resource: "*", Condition }], {
    name: "ben",
  });
  const named = await owner.send(new GetObjectCommand({ Bucket, Key: "k", VersionId }));
  expect(await named.Body?.transformToString()).toBe("one");
  const current = await write("k");
  const other = owner.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: current }));
  expect(await refusal(other)).toMatchObject({ code: "AccessDenied" });
});

/** The status and headers of an answer that is a refusal. */
async function headersOf(call: () => Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Error && "$response" in error) {
      const { $response: response } = error;
      if (typeof response === "object" && response !== null && "headers" in response && "statusCode" in response) {
        return { status: response.statusCode, ...Object(response.headers) };
      }
    }
  }
  throw new Error("the call was answered otherwise");
}
