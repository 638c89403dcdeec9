/**
 * Ids as long as AWS's, opaque to clients: the first bytes are the time at which they were given, so that rows lie in
 * the order of time and are found by id alone.
 */
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";

/** Base64url characters. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-post.html and its neighbours (the examples) */
const CHARACTERS = { archive: 138, job: 92, upload: 92, lock: 24, capacity: 24 } as const;

const TIME_BYTES = 6;

export function newOpaqueId(kind: keyof typeof CHARACTERS, context: Pick<Context, "newId" | "now">): string {
  const size = Math.floor((CHARACTERS[kind] * 6) / 8);
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(context.now().getTime(), 0, TIME_BYTES);
  for (let at = TIME_BYTES; at < size;) at += bytes.write(context.newId().replaceAll("-", ""), at, "hex");
  const id = bytes.toString("base64url");
  assert(id.length === CHARACTERS[kind], "an id has its length");
  return id;
}

/** When an id was given; what was never given here says some time or other. */
export function timeOf(id: string): number {
  const bytes = Buffer.from(id, "base64url");
  return bytes.length < TIME_BYTES ? 0 : bytes.readUIntBE(0, TIME_BYTES);
}
