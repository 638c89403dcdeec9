/** A QR code as a PNG image: what an authenticator app takes a seed in with. */
import { crc32, deflateSync } from "node:zlib";

const PIXELS_PER_MODULE = 4;
/** The quiet zone that the standard asks for, in modules. */
const BORDER_MODULES = 4;

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const GREYSCALE_8_BITS = Buffer.from([8, 0, 0, 0, 0]);

export async function qrCodePng(text: string): Promise<Uint8Array> {
  const { encodeQR } = await import("qr");
  return png(encodeQR(text, "raw", { ecc: "medium", border: BORDER_MODULES, scale: PIXELS_PER_MODULE }));
}

/** Source: https://www.w3.org/TR/png-3/ */
function png(rows: readonly (readonly boolean[])[]): Uint8Array {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(rows[0]?.length ?? 0, 0);
  size.writeUInt32BE(rows.length, 4);
  // Each line begins with its filter: 0, none.
  const pixels = rows.map((row) => Buffer.from([0, ...row.map((dark) => (dark ? 0 : 255))]));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", Buffer.concat([size, GREYSCALE_8_BITS])),
    chunk("IDAT", deflateSync(Buffer.concat(pixels))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), framed.length - 4);
  return framed;
}
