import { crc32 } from "node:zlib";

/** A zip file of texts, by name; what is called `bootstrap` may be run, and `NAME@` is a link. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const listed: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text, "utf8");
    const named = Buffer.from(name.replace(/@$/, ""), "utf8");
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    sizes.writeUInt16LE(named.length, 12);
    const local = Buffer.concat([
      Buffer.from("504b0304140000000000000000000000", "hex").subarray(0, 14),
      sizes,
      named,
      content,
    ]);
    const head = Buffer.alloc(16);
    head.write("504b01021e03140000000000", "hex");
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(modeOf(name) * 65_536, 6);
    tail.writeUInt32LE(at, 10);
    listed.push(Buffer.concat([head, sizes, tail, named]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(listed);
  const end = Buffer.alloc(22);
  end.write("504b0506", "hex");
  end.writeUInt16LE(listed.length, 8);
  end.writeUInt16LE(listed.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

function modeOf(name: string): number {
  if (name.endsWith("@")) return 0o120777;
  return name.endsWith("bootstrap") ? 0o100755 : 0o100644;
}
