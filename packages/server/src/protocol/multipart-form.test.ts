import { expect, test } from "vitest";
import type { ByteStream } from "../kernel/bytes.ts";
import { boundaryOf, FormReader } from "./multipart-form.ts";

// Source of the format: https://www.rfc-editor.org/rfc/rfc7578, https://www.rfc-editor.org/rfc/rfc2046#section-5.1

async function* inPieces(text: string, size: number): ByteStream & AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const FORM = [
  "--XX",
  'Content-Disposition: form-data; name="key"',
  "",
  "photos/${filename}",
  "--XX",
  'content-disposition: form-data; name="file"; filename="c\\"at.jpg"',
  "Content-Type: image/jpeg",
  "",
  "meow\r\n--X no delimiter",
  "--XX",
  "Content-Disposition: form-data; name=empty",
  "",
  "",
  "--XX--",
  "",
].join("\r\n");

test.each([1, 3, 7, 1000])("a form that comes in pieces of %i bytes is read part by part", async (size) => {
  const form = new FormReader(inPieces(FORM, size), "XX");
  expect(await form.next()).toEqual({ name: "key", fileName: undefined });
  expect(await form.text(100)).toBe("photos/${filename}");
  expect(await form.next()).toEqual({ name: "file", fileName: 'c"at.jpg' });
  expect(await form.text(100)).toBe("meow\r\n--X no delimiter");
  expect(await form.next()).toEqual({ name: "empty", fileName: undefined });
  expect(await form.text(100)).toBe("");
  expect(await form.next()).toBeUndefined();
});

test("a part that nobody reads is passed over", async () => {
  const form = new FormReader(inPieces(FORM, 5), "XX");
  await form.next();
  expect(await form.next()).toMatchObject({ name: "file" });
  expect(await form.next()).toMatchObject({ name: "empty" });
});

test("a part that is larger than wanted is not held", async () => {
  const form = new FormReader(inPieces(FORM, 5), "XX");
  await form.next();
  expect(await form.text(4)).toBeUndefined();
});

test.each([
  "",
  "no form at all",
  'before\r\n--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--XX--',
  '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
  "--XX\r\nContent-Type: text/plain\r\n\r\nb\r\n--XX--",
  "--XXgarbage",
])("%j is no form", async (text) => {
  const form = new FormReader(inPieces(text, 4), "XX");
  const all = async () => {
    while ((await form.next()) !== undefined) await form.text(1000);
  };
  await expect(all()).rejects.toThrow("not well-formed multipart/form-data");
});

test.each([
  ["multipart/form-data; boundary=abc", "abc"],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b"', "a b"],
  ["text/html; boundary=abc", undefined],
  [undefined, undefined],
])("the boundary of %s is %s", (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary);
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (seen on S3)
test("a form without a boundary is none that can be read", () => {
  for (const type of ["multipart/form-data", "multipart/form-data; charset=utf-8"]) {
    expect(() => boundaryOf(type)).toThrow("not well-formed multipart/form-data");
  }
});
