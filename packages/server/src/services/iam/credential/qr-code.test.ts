import { inflateSync } from "node:zlib";
import { decodeQR } from "qr/decode.js";
import { expect, test } from "vitest";
import { qrCodePng } from "./qr-code.ts";

test("the image is a PNG that a reader reads back", async () => {
  const text = "otpauth://totp/phone@111122223333?secret=ABCDEFGHIJKLMNOP";
  const png = Buffer.from(await qrCodePng(text));
  // Source: https://www.w3.org/TR/png-3/#5PNG-file-signature
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  expect(decodeQR(pixelsOf(png))).toBe(text);
});

/** The picture as a camera would see it: four bytes a pixel. */
function pixelsOf(png: Buffer): { width: number; height: number; data: Uint8Array } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const at = png.indexOf("IDAT");
  const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const pixel = (index: number) => lines[Math.floor(index / width) * (width + 1) + 1 + (index % width)] ?? 0;
  const grey = Array.from({ length: width * height }, (_, index) => pixel(index));
  return { width, height, data: Uint8Array.from(grey.flatMap((level) => [level, level, level, 255])) };
}
