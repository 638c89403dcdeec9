import {
  PutObjectCommand,
  SelectObjectContentCommand,
  type InputSerialization,
  type ScanRange,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3World } from "../../../../test/s3-world.ts";
import { readRange } from "./scan-range.ts";

const LINES: InputSerialization = { CSV: { FileHeaderInfo: "NONE" } };

/** Pieces of `size` bytes, as an object's body may come. */
function sourceOf(text: string, pieceBytes: number) {
  const bytes = Buffer.from(text);
  return {
    size: bytes.byteLength,
    async *read({ start, end } = { start: 0, end: bytes.byteLength - 1 }) {
      for (let at = start; at <= end; at += pieceBytes) yield bytes.subarray(at, Math.min(at + pieceBytes, end + 1));
    },
  };
}

async function read(asked: ScanRange, text: string, form = LINES, pieceBytes = 1): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readRange(asked, form, sourceOf(text, pieceBytes))) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces).toString();
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html
test.each([1, 2, 3, 100])("a range has the records that begin in it, however a body comes: %i", async (pieceBytes) => {
  for (const [text, form, sign] of [
    ["ab\nc\n\ndefg\nh", LINES, "\n"],
    ["ab--c-d--ef", { CSV: { RecordDelimiter: "--" } }, "--"],
  ] as const) {
    const begins = [0, ...[...text.matchAll(new RegExp(sign, "g"))].map(({ index }) => index + sign.length)];
    const recordFrom = (begin: number): string => {
      const at = text.indexOf(sign, begin);
      return at < 0 ? text.slice(begin) : text.slice(begin, at + sign.length);
    };
    for (let Start = 0; Start < text.length; Start++) {
      for (let End = Start; End < text.length + 2; End++) {
        const meant = begins.filter((begin) => begin >= Start && begin <= End).map(recordFrom);
        expect(await read({ Start, End }, text, form, pieceBytes), `${Start} to ${End}`).toBe(meant.join(""));
      }
    }
  }
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html (Start, End)
test("a start alone means the rest, and an end alone so many bytes of it", async () => {
  const text = "one\ntwo\nthree\n";
  expect(await read({ Start: 4 }, text)).toBe("two\nthree\n");
  expect(await read({ End: 6 }, text)).toBe("three\n");
  expect(await read({ End: 100 }, text)).toBe(text);
  expect(await read({ Start: 100 }, text)).toBe("");
});

async function ask(range: ScanRange, more: { readonly from?: InputSerialization; readonly body?: string } = {}) {
  const { s3, bucket: Bucket } = await s3World();
  const { from = { CSV: { FileHeaderInfo: "USE" } }, body = "name,age\nAnn,31\nBob,4\nCem,57\n" } = more;
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: body }));
  const { Payload = [] } = await s3.send(
    new SelectObjectContentCommand({
      Bucket,
      Key: "k",
      Expression: "SELECT s.name FROM S3Object s",
      ExpressionType: "SQL",
      InputSerialization: from,
      OutputSerialization: { CSV: {} },
      ScanRange: range,
    }),
  );
  let text = "";
  for await (const { Records } of Payload) text += Buffer.from(Records?.Payload ?? "").toString("utf8");
  return text;
}

test("a query of a part is asked of its records, by the names of the file's header", async () => {
  expect(await ask({ Start: 0, End: 8 })).toBe("");
  expect(await ask({ Start: 9, End: 16 })).toBe("Ann\nBob\n");
  const body = '{"name":"Ann"}\n{"name":"Bob"}\n';
  expect(await ask({ Start: 1 }, { from: { JSON: { Type: "LINES" } }, body })).toBe("Bob\n");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
test("a range that is none, or of what cannot be split, is refused", async () => {
  const invalid = { name: "InvalidRequestParameter", $metadata: { httpStatusCode: 400 } };
  await expect(ask({ Start: 9, End: 8 })).rejects.toMatchObject(invalid);
  await expect(ask({})).rejects.toMatchObject(invalid);
  const unsplit = { name: "UnsupportedScanRangeInput", $metadata: { httpStatusCode: 400 } };
  const forms: readonly InputSerialization[] = [
    { JSON: { Type: "DOCUMENT" } },
    { CSV: { AllowQuotedRecordDelimiter: true } },
    { CSV: {}, CompressionType: "GZIP" },
  ];
  for (const from of forms) await expect(ask({ Start: 1 }, { from })).rejects.toMatchObject(unsplit);
  await expect(ask({ Start: 1 }, { from: { Parquet: {} } })).rejects.toMatchObject({ name: "NotImplemented" });
});
