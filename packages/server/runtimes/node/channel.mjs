/**
 * How a runtime and its host talk: invocations come in on descriptor 3, answers and lines of the log go out on
 * descriptor 4. A frame is two lengths of four bytes, a head in JSON and a body.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";

const OUT = 4;
const LENGTHS = 8;
const incoming = new Socket({ fd: 3, readable: true, writable: false });

function writeWhole(bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(OUT, bytes, at);
}

/** Gone when it returns, so that nothing is lost where the process ends. */
export function send(head, body = "") {
  const headBytes = Buffer.from(JSON.stringify(head), "utf8");
  const bodyBytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  const frame = Buffer.allocUnsafe(LENGTHS + headBytes.length + bodyBytes.length);
  frame.writeUInt32BE(headBytes.length, 0);
  frame.writeUInt32BE(bodyBytes.length, 4);
  headBytes.copy(frame, LENGTHS);
  frame.set(bodyBytes, LENGTHS + headBytes.length);
  writeWhole(frame);
}

/** Calls `take` with each frame that comes. */
export function listen(take) {
  let pending = Buffer.alloc(0);
  incoming.on("data", (piece) => {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    for (;;) {
      if (pending.length < LENGTHS) return;
      const headEnd = LENGTHS + pending.readUInt32BE(0);
      const end = headEnd + pending.readUInt32BE(4);
      if (pending.length < end) return;
      const head = JSON.parse(pending.toString("utf8", LENGTHS, headEnd));
      const body = pending.subarray(headEnd, end);
      pending = pending.subarray(end);
      take(head, body);
    }
  });
  incoming.on("end", () => process.exit(0));
}

/** Whether waiting for the next frame keeps the process alive. */
export function keepAlive(on) {
  if (on) incoming.ref();
  else incoming.unref();
}
