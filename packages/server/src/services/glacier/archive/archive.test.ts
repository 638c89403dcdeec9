import { DeleteArchiveCommand, UploadArchiveCommand } from "@aws-sdk/client-glacier";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { Sha256 } from "../../../../test/sha256.ts";
import { HOUR, MIB, patterned, treeHash, vaultWorld } from "../../../../test/vaults.ts";

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-post.html
test("an archive is answered with its id, its tree hash and its path", async () => {
  const { glacier, vault } = await vaultWorld();
  const body = patterned(3 * MIB + 5);
  const { archiveId, checksum, location, $metadata } = await glacier.send(new UploadArchiveCommand({ ...vault, body }));
  expect($metadata.httpStatusCode).toBe(201);
  expect(archiveId).toHaveLength(138);
  expect(checksum).toBe(treeHash(body));
  expect(location).toBe(`/000000000000/vaults/records/archives/${archiveId}`);
});

// Source: https://github.com/boto/boto3/issues/1708 (an answer of AWS)
test("an archive whose tree hash is another is refused", async () => {
  const { glacier, vault } = await vaultWorld();
  const checksum = "0".repeat(64);
  await expect(glacier.send(new UploadArchiveCommand({ ...vault, body: "data", checksum }))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Checksum mismatch: expected ${checksum}, computed ${treeHash(Buffer.from("data"))}`,
    $metadata: { httpStatusCode: 400 },
  });
});

test("an archive comes back whole once the time of its tier is over", async () => {
  const { begin, cloud, describe, output, upload } = await vaultWorld();
  const body = patterned(2 * MIB + 7);
  const ArchiveId = await upload(body, "two and a bit");
  const jobId = await begin({ Type: "archive-retrieval", ArchiveId });
  expect(await describe(jobId)).toMatchObject({
    Action: "ArchiveRetrieval",
    Completed: false,
    StatusCode: "InProgress",
    ArchiveSizeInBytes: body.byteLength,
    Tier: "Standard",
    RetrievalByteRange: `0-${body.byteLength - 1}`,
  });
  await expect(output(jobId)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await cloud.clock.advance(5 * HOUR);
  expect(await describe(jobId)).toMatchObject({
    Completed: true,
    StatusCode: "Succeeded",
    SHA256TreeHash: treeHash(body),
  });
  const got = await output(jobId);
  expect(got).toMatchObject({
    status: 200,
    contentType: "application/octet-stream",
    archiveDescription: "two and a bit",
  });
  expect(got.checksum).toBe(treeHash(body));
  expect(got.bytes.equals(body)).toBe(true);
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-delete.html
test("what was retrieved outlives its archive; what was not is lost", async () => {
  const { begin, cloud, describe, glacier, output, upload, vault } = await vaultWorld();
  const ArchiveId = await upload("kept");
  const done = await begin({ Type: "archive-retrieval", ArchiveId, Tier: "Expedited" });
  await cloud.clock.advance(HOUR);
  const late = await begin({ Type: "archive-retrieval", ArchiveId, Tier: "Bulk" });
  await glacier.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));
  await glacier.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));
  expect((await output(done)).bytes.toString()).toBe("kept");
  await expect(begin({ Type: "archive-retrieval", ArchiveId })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `The archive ID was not found: ${ArchiveId}`,
  });
  await cloud.clock.advance(12 * HOUR);
  expect(await describe(late)).toMatchObject({ Completed: true, StatusCode: "Failed" });
  await expect(output(late)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

/** Signed as the signature alone asks for: without a header that says the body's hash. */
async function signedUpload(body: string) {
  const signer = new SignatureV4({
    service: "glacier",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    sha256: Sha256,
    applyChecksum: false,
  });
  const headers = {
    host: "localhost:4566",
    "x-amz-glacier-version": "2012-06-01",
    "x-amz-sha256-tree-hash": treeHash(Buffer.from(body)),
    "content-length": String(body.length),
  };
  const request = { method: "POST", path: "/-/vaults/records/archives", protocol: "http:", hostname: "localhost" };
  return signer.sign(new HttpRequest({ ...request, headers, body }));
}

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html
test("a body whose hash is not declared is refused, though it is signed", async () => {
  const { cloud } = await vaultWorld();
  const { statusCode, body } = await cloud.send(await signedUpload("signed"));
  expect([statusCode, JSON.parse(Buffer.from(body).toString())]).toMatchObject([
    400,
    { code: "MissingParameterValueException", message: "Required parameter missing: x-amz-content-sha256" },
  ]);
});

// Source: https://github.com/basak/glacier-cli/issues/27 (an answer of AWS)
test("a body that is not what was signed is refused, large or small", async () => {
  for (const size of [10, 3 * MIB]) {
    const { glacier, vault } = await vaultWorld();
    glacier.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        if (HttpRequest.isInstance(request)) request.body = Buffer.alloc(size, 9);
        return next(args);
      },
      { step: "deserialize", priority: "low" },
    );
    await expect(glacier.send(new UploadArchiveCommand({ ...vault, body: patterned(size) }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringContaining("does not match the computed payload hash. Computed digest: "),
      $metadata: { httpStatusCode: 403 },
    });
  }
});
