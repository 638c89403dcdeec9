/** Bodies in signed or framed chunks, of which something was taken away, added or exchanged. */
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { hmac, photos, send, sha256, signedPut, type Sent } from "./wire.ts";

interface Chunked {
  readonly head: Sent;
  /** Each with its own line and end, as sent; the last is empty. */
  readonly chunks: readonly Buffer[];
}

/** A body of three signed chunks. */
function chunkedPut(contents: readonly Buffer[]): Chunked {
  const length = contents.reduce((sum, { length: one }) => sum + one, 0);
  const { request, date, scope, signature } = signedPut("chunked", {
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x-amz-decoded-content-length": String(length),
  });
  let previous = signature;
  const chunks = [...contents, Buffer.alloc(0)].map((content) => {
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${date}\n${scope.text}\n${previous}\n${sha256("")}\n${sha256(content)}`;
    previous = hmac(scope.key, text).toString("hex");
    const line = `${content.length.toString(16)};chunk-signature=${previous}\r\n`;
    return Buffer.concat([Buffer.from(line), content, Buffer.from("\r\n")]);
  });
  return { head: request, chunks };
}

test("signed chunks are taken whole, in order, once, and from no other request", async () => {
  const { cloud, s3 } = await photos();
  const [a, b] = [Buffer.alloc(8192, "a"), Buffer.alloc(8192, "b")];
  const { head, chunks } = chunkedPut([a, b]);
  const [one = a, two = b, end = b] = chunks;
  const [foreign = a] = chunkedPut([Buffer.alloc(8192, "x"), b]).chunks;
  const bent = Buffer.from(two);
  bent[200] = 0x7a;
  const unsigned = Buffer.concat([Buffer.from("2000\r\n"), b, Buffer.from("\r\n")]);
  const longer = Buffer.concat([Buffer.from("0000"), two]);
  const attacks: Readonly<Record<string, readonly Buffer[]>> = {
    reordered: [two, one, end],
    repeated: [one, one, end],
    "cut after a chunk": [one],
    "cut before the last": [one, two],
    "ended early": [one, end],
    "cut within a chunk": [one, two.subarray(0, 4000)],
    "of another request": [foreign, two, end],
    changed: [one, bent, end],
    unsigned: [one, unsigned, end],
    "with more after the end": [one, two, end, two],
  };
  for (const [name, body] of Object.entries(attacks)) {
    expect(await send(cloud, { ...head, body }), name).toMatch(/^40[03] /);
    await expect(s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "chunked" })), name).rejects.toMatchObject({
      name: "NotFound",
    });
  }
  expect(await send(cloud, { ...head, body: [one, longer, end] }), "a size with noughts before it").toMatch(/^200 /);
  expect(await send(cloud, { ...head, body: [one, two, end] })).toMatch(/^200 /);
});

test.each(["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", sha256("evil")])(
  "a body that was signed is not taken as %s",
  async (declared) => {
    const { cloud } = await photos();
    const { head, chunks } = chunkedPut([Buffer.alloc(8192, "a")]);
    const headers = { ...head.headers, "x-amz-content-sha256": declared };
    expect(await send(cloud, { ...head, headers, body: chunks })).toBe("403 SignatureDoesNotMatch");
    expect(await send(cloud, { ...head, headers, body: "evil" })).toBe("403 SignatureDoesNotMatch");
  },
);

/** An unsigned body in chunks, as it stands on the wire; what is answered, and whether it is stored then. */
async function putChunks(body: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { cloud, s3 } = await photos();
  const { request } = signedPut("framed", {
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-decoded-content-length": "3",
    "x-amz-trailer": "x-amz-checksum-crc32",
    ...more,
  });
  const answer = await send(cloud, { ...request, body });
  const stored = await s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "framed" })).catch(() => undefined);
  return stored === undefined ? answer : `${answer}stored`;
}

const CRC_OF_ABC = "x-amz-checksum-crc32:NSRBwg==\r\n\r\n";

test.each([
  ["whole", `3\r\nabc\r\n0\r\n${CRC_OF_ABC}`, "200 stored"],
  ["longer than declared", `4\r\nabcd\r\n0\r\n${CRC_OF_ABC}`, "400 IncompleteBody"],
  ["shorter than declared", `2\r\nab\r\n0\r\n${CRC_OF_ABC}`, "400 IncompleteBody"],
  ["of another sum", `3\r\nabd\r\n0\r\n${CRC_OF_ABC}`, "400 BadDigest"],
  ["without the trailer that was promised", "3\r\nabc\r\n0\r\n\r\n", "400 MalformedTrailerError"],
  ["with another trailer", `3\r\nabc\r\n0\r\nx-amz-meta-a:b\r\n${CRC_OF_ABC}`, "400 MalformedTrailerError"],
  ["in single bytes", `1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n${CRC_OF_ABC}`, "403 InvalidChunkSizeError"],
  ["with a size that is none", `-3\r\nabc\r\n0\r\n${CRC_OF_ABC}`, "400 IncompleteBody"],
  ["with a size beyond all", `ffffffffffff\r\nabc\r\n0\r\n${CRC_OF_ABC}`, "400 IncompleteBody"],
  ["with an endless line", `3;${"a".repeat(100_000)}\r\nabc\r\n0\r\n${CRC_OF_ABC}`, "400 IncompleteBody"],
  ["with endless trailers", `3\r\nabc\r\n0\r\n${"a:b\r\n".repeat(5000)}${CRC_OF_ABC}`, "400 MalformedTrailerError"],
  // within the length that the head tells: no request of its own. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  ["with more after the end", `3\r\nabc\r\n0\r\n${CRC_OF_ABC}GET / HTTP/1.1`, "200 stored"],
])("a body in chunks %s", async (_what, framed, answer) => {
  expect(await putChunks(framed)).toBe(answer);
});

test.each(["x", "-1", "1e3", "99999999999999999999"])("a declared length of %s is none", async (length) => {
  const framed = `3\r\nabc\r\n0\r\n${CRC_OF_ABC}`;
  expect(await putChunks(framed, { "x-amz-decoded-content-length": length })).toMatch(/^4\d\d \w+$/);
});
