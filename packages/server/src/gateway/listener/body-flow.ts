import type { Writable } from "node:stream";
import { giveBack, OwnPieces, type ByteStream } from "../../kernel/bytes.ts";

/** How the pieces of a body are told apart: by nothing, or each with its length before it. */
export type Framing = "plain" | "chunked";

type Sink = Pick<Writable, "write" | "cork" | "uncork" | "destroyed" | "once" | "off">;

/** Writes all of `body`, as fast as it is taken. Ends early where nobody takes it any more. @throws what `body` throws */
export async function flow(body: ByteStream, into: Sink, framing: Framing): Promise<void> {
  const isOwn = body instanceof OwnPieces;
  for await (const piece of body) {
    if (into.destroyed) return;
    const done = isOwn ? (): void => giveBack(piece) : undefined;
    const goesOn = framing === "plain" ? into.write(piece, done) : writeChunk(piece, into, done);
    if (!goesOn) await drained(into);
  }
  if (framing === "chunked") into.write("0\r\n\r\n");
}

/** Source: https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
function writeChunk(piece: Uint8Array, into: Sink, done: (() => void) | undefined): boolean {
  // a chunk of no bytes would be the last
  if (piece.byteLength === 0) return true;
  into.cork();
  into.write(`${piece.byteLength.toString(16)}\r\n`, "latin1");
  into.write(piece, done);
  const goesOn = into.write("\r\n", "latin1");
  into.uncork();
  return goesOn;
}

/** Until more may be written, or nobody takes it any more. */
export function drained(into: Sink): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      into.off("drain", go);
      into.off("close", go);
      done();
    };
    into.once("drain", go);
    into.once("close", go);
  });
}
