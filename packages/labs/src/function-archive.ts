/** The code of a function as Lambda takes it: a zip file. */
import { crc32 } from "node:zlib";

/** One file that is not compressed. Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function archiveOf(name: string, text: string): Buffer {
  const content = Buffer.from(text, "utf8");
  const named = Buffer.from(name, "utf8");
  const facts = Buffer.alloc(16);
  facts.writeUInt32LE(crc32(content), 0);
  facts.writeUInt32LE(content.length, 4);
  facts.writeUInt32LE(content.length, 8);
  facts.writeUInt16LE(named.length, 12);
  const local = Buffer.concat([Buffer.from("504b030414000000000000000000", "hex"), facts, named, content]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(0o100644 * 65_536, 6);
  const directory = Buffer.concat([Buffer.from("504b01021e0314000000000000000000", "hex"), facts, rest, named]);
  const end = Buffer.alloc(22);
  end.write("504b0506", "hex");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}
