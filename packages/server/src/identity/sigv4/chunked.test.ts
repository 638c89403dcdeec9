import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { collect } from "../../kernel/bytes.ts";
import { ChunkSigner } from "./chunk-signer.ts";
import { decodeChunks } from "./chunked.ts";
import { deriveSigningKey } from "./signing-key.ts";
import { Trailers } from "./trailers.ts";

const scope = { date: "20130524", region: "us-east-1", service: "s3" };
const key = deriveSigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
const signerOf = (seed: string) =>
  new ChunkSigner(key, {
    timestamp: "20130524T000000Z",
    scope: "20130524/us-east-1/s3/aws4_request",
    seed,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    canonicalRequest: () => "PUT\n/",
  });

const A_64K = "a".repeat(65_536);
const A_1K = "a".repeat(1024);

/** The wire in pieces of `size` bytes, so that no framing falls together with a piece. */
const inPieces = (wire: string, size: number) =>
  Readable.from(wire.match(new RegExp(`[^]{1,${size}}`, "g"))?.map((piece) => Buffer.from(piece, "latin1")) ?? []);

interface Options {
  readonly signer?: ChunkSigner;
  readonly trailer?: string;
  readonly bytes: number;
  readonly piece?: number;
}

async function decode(wire: string, { signer, trailer, bytes, piece = 1000 }: Options) {
  const values = new Map<string, string>();
  const trailers = trailer === undefined ? undefined : await Trailers.announce(trailer, signer, values);
  const body = await collect(decodeChunks(inPieces(wire, piece), { signer, trailers, decodedBytes: bytes }));
  return { text: Buffer.from(body).toString("latin1"), values: Object.fromEntries(values) };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html#example-signature-calculations-streaming
const SIGNED = {
  seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  wire:
    `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${A_64K}\r\n` +
    `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${A_1K}\r\n` +
    "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
};

test.each([1, 7, 1000, 65_700, 1_000_000])("AWS's example of signed chunks decodes in pieces of %d", async (piece) => {
  const { text } = await decode(SIGNED.wire, { signer: signerOf(SIGNED.seed), bytes: 66_560, piece });
  expect(text).toBe(A_64K + A_1K);
});

test("a chunk with a changed byte, signature or seed is refused", async () => {
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  const refusal = {
    code: "SignatureDoesNotMatch",
    httpStatus: 403,
    fields: {
      AWSAccessKeyId: "AKIAIOSFODNN7EXAMPLE",
      StringToSign: expect.stringMatching(/^AWS4-HMAC-SHA256-PAYLOAD\n/),
      SignatureProvided: expect.any(String),
      CanonicalRequest: "PUT\n/",
    },
  };
  const changed = [SIGNED.wire.replace("aaaa", "aaab"), SIGNED.wire.replace("0055627c", "1055627c")];
  for (const wire of changed) {
    await expect(decode(wire, { signer: signerOf(SIGNED.seed), bytes: 66_560 })).rejects.toMatchObject(refusal);
  }
  const seed = SIGNED.seed.replace("4f", "5f");
  await expect(decode(SIGNED.wire, { signer: signerOf(seed), bytes: 66_560 })).rejects.toMatchObject(refusal);
  const unsigned = SIGNED.wire.replaceAll(/;chunk-signature=\w+/g, "");
  // Source of this and what follows: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  const missing = { code: "IncompleteBody", message: "The request body terminated unexpectedly" };
  await expect(decode(unsigned, { signer: signerOf(SIGNED.seed), bytes: 66_560 })).rejects.toMatchObject(missing);
  const invalid = SIGNED.wire.replaceAll(/(?<=chunk-signature=)\w+/g, "invalid");
  await expect(decode(invalid, { signer: signerOf(SIGNED.seed), bytes: 66_560 })).rejects.toMatchObject(refusal);
  for (const unfit of ["", "0a;extra=param"]) {
    const wire = SIGNED.wire.replaceAll(/(?<=chunk-signature=)\w+/g, unfit);
    await expect(decode(wire, { signer: signerOf(SIGNED.seed), bytes: 66_560 })).rejects.toMatchObject(missing);
  }
  const spaced = SIGNED.wire.replaceAll(";chunk-signature=", " ; chunk-signature = ");
  expect((await decode(spaced, { signer: signerOf(SIGNED.seed), bytes: 66_560 })).text).toHaveLength(66_560);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html#example-signature-calculations-trailing-header
const TRAILED = {
  seed: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
  wire:
    `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${A_64K}\r\n` +
    `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${A_1K}\r\n` +
    "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" +
    "x-amz-checksum-crc32c:sOO8/Q==\r\n" +
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
};
const trailed = { trailer: "x-amz-checksum-crc32c", bytes: 66_560 };

test("AWS's example of signed chunks with a trailing checksum decodes", async () => {
  const { text, values } = await decode(TRAILED.wire, { ...trailed, signer: signerOf(TRAILED.seed) });
  expect(text).toBe(A_64K + A_1K);
  expect(values).toEqual({ "x-amz-checksum-crc32c": "sOO8/Q==" });
});

test("trailing headers with a changed signature are refused", async () => {
  const wire = TRAILED.wire.replace("d81f82fc", "e81f82fc");
  const options = { ...trailed, signer: signerOf(TRAILED.seed) };
  await expect(decode(wire, options)).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
});

const unsigned = (chunks: readonly string[], end = "0\r\n\r\n") =>
  chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("") + end;

test("an unsigned chunk is taken as it is", async () => {
  expect((await decode(unsigned(["hello"]), { bytes: 5 })).text).toBe("hello");
  expect((await decode(unsigned([]), { bytes: 0 })).text).toBe("");
});

const trailedBy = (sum: string) => unsigned(["hello"], `0\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`);

test("a trailing checksum that does not fit is a bad digest, one of the wrong size invalid", async () => {
  const options = { trailer: "x-amz-checksum-crc32", bytes: 5 };
  expect((await decode(trailedBy("NhCmhg=="), options)).values).toEqual({ "x-amz-checksum-crc32": "NhCmhg==" });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
  await expect(decode(trailedBy("AAAAAA=="), options)).rejects.toMatchObject({
    code: "BadDigest",
    message: "The CRC32 you specified did not match the calculated checksum.",
  });
  await expect(decode(trailedBy("AAAA"), options)).rejects.toMatchObject({
    code: "InvalidRequest",
    message: "Value for x-amz-checksum-crc32 trailing header is invalid.",
  });
});

test("a trailing header that was not announced, or is missing, is malformed", async () => {
  const malformed = { code: "MalformedTrailerError", httpStatus: 400 };
  const surprise = unsigned(["hello"], "0\r\nx-amz-meta-a:b\r\n\r\n");
  await expect(decode(surprise, { trailer: "x-amz-checksum-crc32", bytes: 5 })).rejects.toMatchObject(malformed);
  const missing = unsigned(["hello"]);
  await expect(decode(missing, { trailer: "x-amz-checksum-crc32", bytes: 5 })).rejects.toMatchObject(malformed);
});

// Source of these two: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
test("trailing headers end with an empty line or with the body, and what follows them is no matter", async () => {
  const trailer = "x-amz-checksum-crc32";
  const line = `${trailer}:NhCmhg==\r\n`;
  for (const end of [line, `${line}\r\n\r\n`, `${line}\r\n\xff\xde`, `${trailer}:AAAAAA==\r\n${line}`]) {
    const { values } = await decode(unsigned(["hello"], `0\r\n${end}`), { trailer: `${trailer},, `, bytes: 5 });
    expect(values).toEqual({ [trailer]: "NhCmhg==" });
  }
  expect((await decode(unsigned(["hello"], "0\r\n"), { trailer: "", bytes: 5 })).text).toBe("hello");
});

// Source: https://github.com/minio/minio-go/blob/master/pkg/signer/request-signature-streaming-unsigned-trailer.go (what it sends S3)
test("a value may have a line feed behind it, which ends no line", async () => {
  const trailer = "x-amz-checksum-crc32";
  const line = `${trailer}:NhCmhg==\n`;
  const { values } = await decode(unsigned(["hello"], `0\r\n${line}\r\n\r\n`), { trailer, bytes: 5 });
  expect(values).toEqual({ [trailer]: "NhCmhg==" });
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  const incomplete = { code: "IncompleteBody", httpStatus: 400 };
  await expect(decode(unsigned(["hello"], `0\r\n${line}`), { trailer, bytes: 5 })).rejects.toMatchObject(incomplete);
});

test("only one checksum is announced, by a name with nothing before it", async () => {
  const both = { trailer: "x-amz-checksum-crc32,x-amz-checksum-sha256", bytes: 5 };
  await expect(decode(trailedBy("NhCmhg=="), both)).rejects.toMatchObject({
    code: "InvalidRequest",
    message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
  });
  for (const trailer of ["foo", "x-amz-checksum-foo", ", x-amz-checksum-crc32", "x-amz-checksum-crc32, ,"]) {
    await expect(decode(trailedBy("NhCmhg=="), { trailer, bytes: 5 })).rejects.toMatchObject({
      code: "InvalidRequest",
      message: "The value specified in the x-amz-trailer header is not supported",
    });
  }
});

test("only the last chunk may be small", async () => {
  // assumed: the number of the chunk that follows and the size of the small one, as S3 was seen to answer in
  // https://github.com/versity/versitygw/issues/1683
  await expect(decode(unsigned(["hel", "lo"]), { bytes: 5 })).rejects.toMatchObject({
    code: "InvalidChunkSizeError",
    fields: { Chunk: "2", BadChunkSize: "3" },
  });
  expect((await decode(unsigned(["a".repeat(8192), "lo"]), { bytes: 8194 })).text).toHaveLength(8194);
});

test.each([
  ["ends within a chunk", "5\r\nhel"],
  ["ends before the last chunk", "5\r\nhello\r\n"],
  ["ends before the last line", "5\r\nhello\r\n0\r\n"],
  ["has a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n"],
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  ["has lines without CR", "5\nhello\n0\n\n"],
  ["has a size that is no number", "five\r\nhello\r\n0\r\n\r\n"],
  ["has a chunk line without end", `5${" ".repeat(5000)}`],
  ["is empty", ""],
])("a body that %s is incomplete", async (_what, wire) => {
  await expect(decode(wire, { bytes: 5 })).rejects.toMatchObject({ code: "IncompleteBody", httpStatus: 400 });
});

test("a body of another length than was declared is incomplete", async () => {
  for (const bytes of [4, 6]) {
    // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
    await expect(decode(unsigned(["hello"]), { bytes })).rejects.toMatchObject({
      code: "IncompleteBody",
      message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
      fields: { NumberBytesExpected: String(bytes), NumberBytesProvided: "5" },
    });
  }
});

test("trailing headers have a bounded size", async () => {
  await expect(
    decode(trailedBy("A".repeat(9000)), { trailer: "x-amz-checksum-crc32", bytes: 5 }),
  ).rejects.toMatchObject({
    code: "IncompleteBody",
  });
});
