import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  InitiateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListParts,
  UploadMultipartPartCommand,
} from "@aws-sdk/client-glacier";
import { expect, test } from "vitest";
import { DAY, HOUR, MIB, patterned, treeHash, vaultWorld } from "../../../../test/vaults.ts";
import { isTreeHashAligned } from "../archive/tree-hash.ts";

async function uploadWorld(partSize = 2 * MIB) {
  const world = await vaultWorld();
  const { glacier, vault } = world;
  const begun = await glacier.send(
    new InitiateMultipartUploadCommand({ ...vault, partSize: String(partSize), archiveDescription: "in parts" }),
  );
  const upload = { ...vault, uploadId: begun.uploadId ?? "" };
  return {
    ...world,
    upload,
    begun,
    put: (body: Uint8Array, start: number, end = start + body.byteLength - 1) =>
      glacier.send(new UploadMultipartPartCommand({ ...upload, body, range: `bytes ${start}-${end}/*` })),
    complete: (archiveSize: number, checksum: string) =>
      glacier.send(new CompleteMultipartUploadCommand({ ...upload, archiveSize: String(archiveSize), checksum })),
  };
}

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-multipart-complete-upload.html
test("parts in any order make an archive, which is named again when asked again", async () => {
  const { begin, begun, cloud, complete, glacier, output, put, upload } = await uploadWorld();
  expect(begun.location).toBe(`/000000000000/vaults/records/multipart-uploads/${begun.uploadId}`);
  const body = patterned(5 * MIB + 100);
  await put(body.subarray(4 * MIB), 4 * MIB);
  await put(Buffer.alloc(2 * MIB), 0);
  const { checksum } = await put(body.subarray(0, 2 * MIB), 0);
  expect(checksum).toBe(treeHash(body.subarray(0, 2 * MIB)));
  await put(body.subarray(2 * MIB, 4 * MIB), 2 * MIB);
  const made = await complete(body.byteLength, treeHash(body));
  expect(made).toMatchObject({ checksum: treeHash(body), $metadata: { httpStatusCode: 201 } });
  expect((await complete(body.byteLength, treeHash(body))).archiveId).toBe(made.archiveId);
  for (const over of [new ListPartsCommand(upload), new AbortMultipartUploadCommand(upload)] as const) {
    await expect(glacier.send(over)).rejects.toMatchObject({ $metadata: { httpStatusCode: expect.any(Number) } });
  }
  const jobId = await begin({ Type: "archive-retrieval", ArchiveId: made.archiveId, Tier: "Expedited" });
  await cloud.clock.advance(HOUR);
  const got = await output(jobId);
  expect([got.checksum, got.archiveDescription, got.bytes.equals(body)]).toEqual([treeHash(body), "in parts", true]);
  // across the border of two parts, and inside of one
  expect((await output(jobId, `bytes=${2 * MIB - 3}-${2 * MIB + 2}`)).bytes).toEqual(
    body.subarray(2 * MIB - 3, 2 * MIB + 3),
  );
  expect((await output(jobId, `bytes=0-${4 * MIB - 1}`)).checksum).toBe(treeHash(body.subarray(0, 4 * MIB)));
  expect((await output(jobId, `bytes=${MIB}-${2 * MIB - 1}`)).checksum).toBe(treeHash(body.subarray(MIB, 2 * MIB)));
  expect((await output(jobId, `bytes=${MIB}-${3 * MIB - 1}`)).checksum).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations-range.html
test("of every range by whole megabytes the hash is told if and only if it is a part of the tree", async () => {
  const { begin, cloud, complete, output, put } = await uploadWorld();
  const body = patterned(6 * MIB + 9);
  for (let at = 0; at < body.length; at += 2 * MIB) await put(body.subarray(at, at + 2 * MIB), at);
  const { archiveId: ArchiveId } = await complete(body.byteLength, treeHash(body));
  const jobId = await begin({ Type: "archive-retrieval", ArchiveId, Tier: "Expedited" });
  await cloud.clock.advance(HOUR);
  for (let from = 0; from < 7; from++) {
    for (let to = from + 1; to <= 7; to++) {
      const end = Math.min(to * MIB, body.length) - 1;
      const span = { start: from * MIB, end, of: body.length };
      const { checksum } = await output(jobId, `bytes=${span.start}-${span.end}`);
      const expected = isTreeHashAligned(span) ? treeHash(body.subarray(span.start, end + 1)) : undefined;
      expect(checksum, `${from}-${to}`).toBe(expected);
    }
  }
});

// Source: https://github.com/MoriTanosuke/glacieruploader/pull/47 (an answer of AWS)
test.each(["0", "1048575", "10485760", "8589934592", "many"])("a part cannot have %s bytes", async (partSize) => {
  const { glacier, vault } = await vaultWorld();
  await expect(glacier.send(new InitiateMultipartUploadCommand({ ...vault, partSize }))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Invalid part size: ${partSize}. Part size must not be null, must be a power of two and be between 1048576 and 4294967296 bytes.`,
  });
});

const refused = (message: string) => ({ name: "InvalidParameterValueException", message });

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-upload-part.html;
// https://github.com/aws/aws-cli/issues/5027, https://github.com/cagdasbas/glacier-rsync/issues/3 and
// https://github.com/boto/boto/issues/1478 (the words)
test("a part that does not lie where parts lie is refused", async () => {
  const { put } = await uploadWorld(MIB);
  const body = Buffer.alloc(MIB, 1);
  await expect(put(body, MIB / 2)).rejects.toMatchObject(
    refused(`Invalid Content-Range: bytes ${MIB / 2}-${MIB * 1.5 - 1}/*`),
  );
  await expect(put(Buffer.alloc(MIB + 1), 0)).rejects.toMatchObject(refused(`Invalid Content-Range: bytes 0-${MIB}/*`));
  await expect(put(body.subarray(0, 9), 0, MIB - 1)).rejects.toMatchObject(
    refused(`Content-Range: bytes 0-${MIB - 1}/* is incompatible with Content-Length: 9`),
  );
  const number = "This is part number 10001 for the current multipart upload. It exceeds the limit of 10000 parts.";
  await expect(put(body, 10_000 * MIB)).rejects.toMatchObject(refused(number));
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-multipart-complete-upload.html
test("an upload with a gap, of another size or of another hash stays as it is", async () => {
  const { complete, put } = await uploadWorld(MIB);
  const body = patterned(2 * MIB);
  await put(body.subarray(0, 100), 0);
  await put(body.subarray(MIB), MIB);
  const invalid = { name: "InvalidParameterValueException" };
  await expect(complete(MIB + 100, treeHash(body))).rejects.toMatchObject(invalid);
  await put(body.subarray(0, MIB), 0);
  await expect(complete(5, treeHash(body))).rejects.toMatchObject(invalid);
  await expect(complete(2 * MIB, "0".repeat(64))).rejects.toMatchObject({
    ...invalid,
    // Source: https://github.com/aws/aws-sdk-go/issues/3011 (the words)
    message: `Invalid x-amz-sha256-tree-hash: ${"0".repeat(64)}`,
  });
  expect((await complete(2 * MIB, treeHash(body))).checksum).toBe(treeHash(body));
});

test("parts are listed in their order, and uploads until they are over", async () => {
  const { arn, glacier, put, upload, vault } = await uploadWorld(MIB);
  for (const at of [2, 0, 1]) await put(patterned(MIB), at * MIB);
  const ranges: (string | undefined)[] = [];
  for await (const page of paginateListParts({ client: glacier, pageSize: 2 }, upload)) {
    expect(page).toMatchObject({ MultipartUploadId: upload.uploadId, PartSizeInBytes: MIB, VaultARN: arn });
    ranges.push(...(page.Parts ?? []).map(({ RangeInBytes }) => RangeInBytes));
  }
  expect(ranges).toEqual([`0-${MIB - 1}`, `${MIB}-${2 * MIB - 1}`, `${2 * MIB}-${3 * MIB - 1}`]);
  const listed = async () => (await glacier.send(new ListMultipartUploadsCommand(vault))).UploadsList?.length;
  expect(await listed()).toBe(1);
  await glacier.send(new AbortMultipartUploadCommand(upload));
  await glacier.send(new AbortMultipartUploadCommand(upload));
  expect(await listed()).toBe(0);
  await expect(put(patterned(MIB), 0)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/uploading-archive-mpu.html (Quick Facts)
test("an upload is gone after a day without a part", async () => {
  const { cloud, glacier, put, upload } = await uploadWorld(MIB);
  await cloud.clock.advance(DAY - HOUR);
  await put(patterned(MIB), 0);
  await cloud.clock.advance(DAY - HOUR);
  expect((await glacier.send(new ListPartsCommand(upload))).Parts).toHaveLength(1);
  await cloud.clock.advance(HOUR);
  await expect(glacier.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
