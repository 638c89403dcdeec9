import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { checksumOf } from "../../../kernel/checksum.ts";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const MIB = 1024 * 1024;
const FIRST = Buffer.alloc(5 * MIB, "first part ");
const SECOND = Buffer.alloc(5 * MIB + 17, "second part ");
const LAST = Buffer.from("the end");
const WHOLE = Buffer.concat([FIRST, SECOND, LAST]);

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest();
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const quoted = (bytes: Uint8Array) => `"${md5(bytes).toString("hex")}"`;

async function uploading(more: object = {}) {
  const world = await s3World();
  const { s3, bucket } = world;
  const at = { Bucket: bucket, Key: "big" };
  const created = await s3.send(new CreateMultipartUploadCommand({ ...at, ContentType: "text/plain", ...more }));
  const upload = { ...at, UploadId: created.UploadId };
  const part = async (PartNumber: number, Body: Uint8Array, extra: object = {}): Promise<CompletedPart> => {
    const answer = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ...extra }));
    const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA256 } = answer;
    if (created.ChecksumAlgorithm === undefined) return { PartNumber, ETag };
    return { PartNumber, ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA256 };
  };
  const complete = (Parts: CompletedPart[], extra: object = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...extra }));
  return { ...world, at, upload, part, complete };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
test("parts, whatever their order of arrival, make one object", async () => {
  const { s3, at, upload, part, complete } = await uploading({ Metadata: { a: "b" }, Tagging: "t=1" });
  const last = await part(9, LAST);
  const second = await part(5, SECOND);
  const first = await part(1, FIRST);
  const done = await complete([first, second, last]);
  const digest = createHash("md5").update(md5(FIRST)).update(md5(SECOND)).update(md5(LAST)).digest("hex");
  expect(done).toMatchObject({ ETag: `"${digest}-3"`, Bucket: at.Bucket, Key: "big", ChecksumType: "FULL_OBJECT" });
  expect(done.ChecksumCRC64NVME).toBeTruthy();
  expect(done.Location).toBe("http://localhost:4566/photos/big");
  const got = await s3.send(new GetObjectCommand(at));
  expect(got).toMatchObject({
    ContentLength: WHOLE.length,
    ContentType: "text/plain",
    Metadata: { a: "b" },
    TagCount: 1,
  });
  expect(WHOLE.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_multipart.py (test_idempotent_multipart_upload, run against AWS)
  expect(await complete([first, second, last], { IfNoneMatch: "*" })).toMatchObject({ ETag: done.ETag });
  expect(await refusal(s3.send(new ListPartsCommand(upload)))).toMatchObject({ code: "NoSuchUpload" });
});

test("ranges and parts of such an object are read across its seams", async () => {
  const { s3, at, part, complete } = await uploading();
  await complete([await part(1, FIRST), await part(2, SECOND), await part(3, LAST)]);
  const seam = FIRST.length + SECOND.length;
  const range = await s3.send(new GetObjectCommand({ ...at, Range: `bytes=${FIRST.length - 3}-${seam + 2}` }));
  const bytes = (await range.Body?.transformToByteArray()) ?? Buffer.alloc(0);
  expect(WHOLE.subarray(FIRST.length - 3, seam + 3).equals(bytes)).toBe(true);
  const third = await s3.send(new GetObjectCommand({ ...at, PartNumber: 3 }));
  expect(third).toMatchObject({
    PartsCount: 3,
    ContentLength: LAST.length,
    ContentRange: `bytes ${seam}-${WHOLE.length - 1}/${WHOLE.length}`,
  });
  expect(await third.Body?.transformToString()).toBe("the end");
  const head = await s3.send(new HeadObjectCommand({ ...at, PartNumber: 2 }));
  expect(head).toMatchObject({ PartsCount: 3, ContentLength: SECOND.length });
  expect(await refusal(s3.send(new HeadObjectCommand({ ...at, PartNumber: 4 })))).toMatchObject({ status: 416 });
});

test("an object made out of parts is found where the answer says, also by a host that names the bucket", async () => {
  const { cloud, upload, at, part } = await uploading();
  const one = await part(1, LAST);
  const s3 = cloud.client(S3Client, cloud.rootOf("000000000000"));
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [one] } }));
  expect(done.Location).toMatch(new RegExp(`^http://${at.Bucket}\\.[^/]*/big$`));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (Errors)
test("what is completed must be what was uploaded, in order", async () => {
  const { part, complete, upload } = await uploading();
  const first = await part(1, FIRST);
  const last = await part(2, LAST);
  const { UploadId } = upload;
  expect(await refusal(complete([last, first]))).toMatchObject({ code: "InvalidPartOrder", error: { UploadId } });
  expect(await refusal(complete([first, first]))).toMatchObject({ code: "InvalidPartOrder" });
  expect(await refusal(complete([{ ...first, ETag: last.ETag }]))).toMatchObject({
    code: "InvalidPart",
    error: { PartNumber: "1", UploadId },
  });
  expect(await refusal(complete([first, { ...last, PartNumber: 3 }]))).toMatchObject({ code: "InvalidPart" });
  expect(await refusal(complete([]))).toMatchObject({ code: "MalformedXML", status: 400 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_complete_multipart_too_small)
  expect(await refusal(complete([first], { MultipartUpload: undefined }))).toMatchObject({
    code: "InvalidRequest",
    message: "You must specify at least one part",
  });
  expect(await refusal(complete([first, last], { MpuObjectSize: 1 }))).toMatchObject({ code: "InvalidRequest" });
  expect(await refusal(complete([first, last], { IfMatch: '"x"' }))).toMatchObject({ code: "NoSuchKey" });
  await complete([first, last], { IfNoneMatch: "*", MpuObjectSize: FIRST.length + LAST.length });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
test("only the last part may be small", async () => {
  const { part, complete } = await uploading();
  const small = await part(1, LAST);
  const last = await part(2, LAST);
  expect(await refusal(complete([small, last]))).toMatchObject({
    code: "EntityTooSmall",
    status: 400,
    error: { PartNumber: "1", ProposedSize: "7", MinSizeAllowed: "5242880" },
  });
  await complete([last]);
});

test("a part sent again replaces the one before; parts left out are dropped", async () => {
  const { s3, at, part, complete } = await uploading();
  await part(1, FIRST);
  await part(2, FIRST);
  const done = await complete([await part(1, LAST)]);
  expect(done.ETag).toMatch(/-1"$/);
  const got = await s3.send(new GetObjectCommand(at));
  expect(await got.Body?.transformToString()).toBe("the end");
});

// Source: https://github.com/openstack/swift/blob/master/test/s3api/test_mpu.py (run against S3)
test("the parts of an object are counted, whatever their numbers were", async () => {
  const { s3, at, part, complete } = await uploading();
  await complete([await part(1, FIRST), await part(1000, LAST)]);
  const head = (PartNumber: number) => s3.send(new HeadObjectCommand({ ...at, PartNumber }));
  expect(await head(2)).toMatchObject({ ContentLength: LAST.length, PartsCount: 2 });
  expect(await refusal(head(1000))).toMatchObject({ status: 416 });
});

// Source: https://github.com/openstack/swift/blob/master/test/s3api/test_conditional_writes.py, test_object_checksums.py (run against S3)
test("an upload is completed again as it was and no other way, and by parts with tags", async () => {
  const { part, complete } = await uploading();
  const [one, two] = [await part(1, FIRST), await part(2, LAST)];
  expect(await refusal(complete([{ PartNumber: 1 }]))).toMatchObject({ code: "MalformedXML", status: 400 });
  const { ETag } = await complete([one, two]);
  expect((await complete([one, two])).ETag).toBe(ETag);
  expect(await refusal(complete([one]))).toMatchObject({ code: "NoSuchUpload", status: 404 });
});

test("part numbers go from 1 to 10,000", async () => {
  const { part } = await uploading();
  for (const number of [0, 10_001]) {
    expect(await refusal(part(number, LAST))).toMatchObject({ code: "InvalidArgument", status: 400 });
  }
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html (full object and composite)
test("a cyclic checksum over parts is that of the whole object, where asked for", async () => {
  const { s3, at, part, complete } = await uploading({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const done = await complete([await part(1, FIRST), await part(2, SECOND), await part(3, LAST)]);
  await s3.send(new PutObjectCommand({ ...at, Key: "at-once", Body: WHOLE, ChecksumAlgorithm: "CRC32" }));
  const atOnce = await s3.send(new HeadObjectCommand({ ...at, Key: "at-once", ChecksumMode: "ENABLED" }));
  expect(done).toMatchObject({ ChecksumCRC32: atOnce.ChecksumCRC32, ChecksumType: "FULL_OBJECT" });
});

test("a composite checksum is one of the parts' checksums, with their number", async () => {
  const { s3, at, part, complete } = await uploading({ ChecksumAlgorithm: "SHA256" });
  const parts = [
    await part(1, FIRST, { ChecksumAlgorithm: "SHA256" }),
    await part(2, LAST, { ChecksumAlgorithm: "SHA256" }),
  ];
  const sum = sha(Buffer.concat([sha(FIRST), sha(LAST)])).toString("base64");
  const [one, two] = parts;
  expect(await refusal(complete([{ ETag: one?.ETag, PartNumber: 1 }]))).toMatchObject({ code: "InvalidRequest" });
  const done = await complete([one ?? {}, two ?? {}]);
  expect(done).toMatchObject({ ChecksumSHA256: `${sum}-2`, ChecksumType: "COMPOSITE" });
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ ...at, ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "ObjectSize"] }),
  );
  expect(attributes).toMatchObject({
    ETag: done.ETag?.replaceAll('"', ""),
    ObjectSize: FIRST.length + LAST.length,
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded without the number)
    Checksum: { ChecksumSHA256: sum, ChecksumType: "COMPOSITE" },
    ObjectParts: {
      TotalPartsCount: 2,
      Parts: [
        { PartNumber: 1, Size: FIRST.length, ChecksumSHA256: sha(FIRST).toString("base64") },
        { PartNumber: 2, Size: LAST.length, ChecksumSHA256: sha(LAST).toString("base64") },
      ],
    },
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_complete_multipart_parts_checksum_default)
test("an upload that chose no algorithm knows no checksums of parts, and no type", async () => {
  const { complete, part, s3, upload } = await uploading();
  const one = await part(1, LAST);
  const given = await s3.send(
    new UploadPartCommand({ ...upload, PartNumber: 1, Body: LAST, ChecksumAlgorithm: "SHA256" }),
  );
  expect(await refusal(complete([{ ...one, ChecksumSHA256: given.ChecksumSHA256 }]))).toMatchObject({
    code: "InvalidPart",
  });
  for (const ChecksumType of ["FULL_OBJECT", "COMPOSITE"]) {
    expect(await refusal(complete([one], { ChecksumType }))).toMatchObject({
      code: "InvalidRequest",
      message:
        "The upload was created using the null checksum mode. The complete request must use the same checksum mode.",
    });
  }
  const done = await complete([one], { ChecksumSHA256: `${sha(FIRST).toString("base64")}-2` });
  expect(done).toMatchObject({ ChecksumType: "FULL_OBJECT" });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_parts_checksum_exceptions_full_object)
test("the checksum of a full object is held to it only where its type is said as well", async () => {
  const { complete, part } = await uploading({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const one = await part(1, LAST);
  const { ChecksumCRC32 } = one;
  const wrong = { code: "BadDigest", message: "The crc32 you specified did not match the calculated checksum." };
  expect(await refusal(complete([one], { ChecksumCRC32 }))).toMatchObject(wrong);
  expect(await refusal(complete([one], { ChecksumSHA256: sha(LAST).toString("base64") }))).toMatchObject(wrong);
  expect(await complete([one], { ChecksumCRC32, ChecksumType: "FULL_OBJECT" })).toMatchObject({ ChecksumCRC32 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_parts_checksum_exceptions_composite)
test("parts of a composite are told by its own algorithm", async () => {
  const { complete, part } = await uploading({ ChecksumAlgorithm: "CRC32" });
  const { ETag } = await part(1, LAST);
  const other = { ETag, PartNumber: 1, ChecksumSHA256: sha(LAST).toString("base64") };
  expect(await refusal(complete([other]))).toMatchObject({
    code: "BadDigest",
    message: "The sha256 you specified for part 1 did not match what we received.",
  });
  expect(await refusal(complete([{ ETag, PartNumber: 1 }], { ChecksumType: "FULL_OBJECT" }))).toMatchObject({
    message:
      "The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.",
  });
});

/** What is answered of the first part, and what it was uploaded with. */
async function firstPartOf(bodies: readonly Uint8Array[], more: object = {}) {
  const { s3, at, part, complete } = await uploading({ ChecksumAlgorithm: "CRC32", ...more });
  const parts: CompletedPart[] = [];
  for (const [index, body] of bodies.entries()) parts.push(await part(index + 1, body));
  await complete(parts);
  const got = await s3.send(new HeadObjectCommand({ ...at, PartNumber: 1, ChecksumMode: "ENABLED" }));
  return { answered: got.ChecksumCRC32, uploaded: parts[0]?.ChecksumCRC32 };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_get_object_part, test_get_object_part_checksum)
test("one part of several has a checksum only where they make a composite", async () => {
  const composite = await firstPartOf([FIRST, LAST]);
  expect(composite.answered).toBe(composite.uploaded);
  expect((await firstPartOf([FIRST, LAST], { ChecksumType: "FULL_OBJECT" })).answered).toBeUndefined();
  const single = await firstPartOf([LAST], { ChecksumType: "FULL_OBJECT" });
  expect(single.answered).toBe(single.uploaded);
});

test("checksum types that an algorithm does not have are refused", async () => {
  const { s3, at } = await uploading();
  for (const [ChecksumAlgorithm, ChecksumType] of [
    ["CRC64NVME", "COMPOSITE"],
    ["SHA1", "FULL_OBJECT"],
    ["MD5", "FULL_OBJECT"],
    ["XXHASH3", "FULL_OBJECT"],
  ] as const) {
    const create = new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm, ChecksumType });
    expect(await refusal(s3.send(create))).toMatchObject({ code: "InvalidRequest", status: 400 });
  }
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/CreateMultipartUpload.go (which are composite)
test.each(["SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"] as const)(
  "an upload by %s has the sum over its parts' sums",
  async (ChecksumAlgorithm) => {
    const { s3, at } = await uploading();
    const sums = [await checksumOf(ChecksumAlgorithm, FIRST), await checksumOf(ChecksumAlgorithm, LAST)];
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm }));
    const member = `Checksum${ChecksumAlgorithm}`;
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of [FIRST, LAST].entries()) {
      const part = { ...at, UploadId, PartNumber: index + 1, Body, [member]: sums[index] };
      const { ETag } = await s3.send(new UploadPartCommand(part));
      Parts.push({ PartNumber: index + 1, ETag, [member]: sums[index] });
    }
    const complete = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } });
    const whole = Buffer.concat(sums.map((sum) => Buffer.from(sum, "base64")));
    expect(await s3.send(complete)).toMatchObject({
      [member]: `${await checksumOf(ChecksumAlgorithm, whole)}-2`,
      ChecksumType: "COMPOSITE",
    });
  },
);

test("a part is copied out of an object, whole or a range of it", async () => {
  const { s3, at, upload, complete, put } = await uploading({ ChecksumAlgorithm: "CRC64NVME" });
  await put("source", WHOLE);
  const copy = async (PartNumber: number, CopySourceRange: string): Promise<CompletedPart> => {
    const command = new UploadPartCopyCommand({ ...upload, PartNumber, CopySource: "photos/source", CopySourceRange });
    return { PartNumber, ETag: (await s3.send(command)).CopyPartResult?.ETag };
  };
  const first = await copy(1, `bytes=0-${FIRST.length - 1}`);
  expect(first.ETag).toBe(quoted(FIRST));
  const rest = await copy(2, `bytes=${FIRST.length}-${WHOLE.length - 1}`);
  expect(await refusal(copy(3, "bytes=0-99999999"))).toMatchObject({ code: "InvalidArgument", status: 400 });
  await complete([first, rest]);
  const got = await s3.send(new GetObjectCommand(at));
  expect(WHOLE.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
});

test("parts are listed by page", async () => {
  const { s3, upload, part } = await uploading({ ChecksumAlgorithm: "CRC32" });
  for (const number of [3, 1, 2]) await part(number, LAST);
  const page = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "2", ChecksumAlgorithm: "CRC32" });
  expect(page.Parts?.map(({ PartNumber, Size, ETag }) => [PartNumber, Size, ETag])).toEqual([
    [1, 7, quoted(LAST)],
    [2, 7, quoted(LAST)],
  ]);
  const rest = await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: page.NextPartNumberMarker }));
  expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
  expect(rest.IsTruncated).toBe(false);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
test("uploads are listed by key and by their beginning, with folders, by page", async () => {
  const { s3, bucket, cloud, upload } = await uploading();
  const begin = async (Key: string) => {
    await cloud.clock.advance(1);
    return (await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))).UploadId;
  };
  const ids = [upload.UploadId, await begin("big"), await begin("big")];
  await begin("a/1");
  await begin("a/2");
  await begin("z");
  const list = (more: object) => s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...more }));
  const all = await list({ Delimiter: "/" });
  expect(all.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
  expect(all.Uploads?.map(({ Key }) => Key)).toEqual(["big", "big", "big", "z"]);
  expect(all.Uploads?.slice(0, 3).map(({ UploadId }) => UploadId)).toEqual(ids);
  const seen: (string | undefined)[] = [];
  let markers: object = {};
  for (let more = true; more;) {
    const page = await list({ MaxUploads: 1, ...markers });
    seen.push(...(page.Uploads ?? []).map(({ Key }) => Key));
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    more = page.IsTruncated === true;
  }
  expect(seen).toEqual(["a/1", "a/2", "big", "big", "big", "z"]);
});

test("an upload that is given up is gone", async () => {
  const { s3, upload, part } = await uploading();
  await part(1, LAST);
  const abort = new AbortMultipartUploadCommand(upload);
  expect((await s3.send(abort)).$metadata.httpStatusCode).toBe(204);
  expect(await refusal(s3.send(abort))).toMatchObject({ code: "NoSuchUpload", status: 404 });
  expect(await refusal(part(2, LAST))).toMatchObject({ code: "NoSuchUpload" });
});

async function copiedPart(more: object) {
  const { s3, upload, put } = await uploading(more);
  await put("source", LAST);
  const copy = new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: "photos/source" });
  return (await s3.send(copy)).CopyPartResult;
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_upload_part_copy_no_copy_source_range)
test("a copied part tells its checksum only where the upload chose an algorithm", async () => {
  expect(await copiedPart({})).not.toHaveProperty("ChecksumCRC64NVME");
  expect(await copiedPart({ ChecksumAlgorithm: "CRC64NVME" })).toHaveProperty("ChecksumCRC64NVME");
});
