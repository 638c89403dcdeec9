/** How a host and its runtimes talk: frames of two lengths of four bytes, a head in JSON and a body. */

const LENGTHS_BYTES = 8;
const NOTHING = new Uint8Array();
/** What a function writes by itself into our pipe is not trusted: nothing is waited for that could not be meant. */
const HEAD_BYTES_MAX = 64 * 1024;
/** Answers may be too long, and are told so; beyond this they are not even held. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface Frame {
  readonly head: FrameHead;
  readonly body: Uint8Array;
}

/** What a runtime says. */
export interface FrameHead {
  readonly type: string;
  readonly id?: string;
  readonly contentType?: string;
  /** The process ends with this. */
  readonly last?: boolean;
}

/** Who speaks is not our runtime. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export function encodeFrame(head: object, body: Uint8Array = NOTHING): Buffer {
  const headBytes = Buffer.from(JSON.stringify(head), "utf8");
  const frame = Buffer.allocUnsafe(LENGTHS_BYTES + headBytes.length + body.byteLength);
  frame.writeUInt32BE(headBytes.length, 0);
  frame.writeUInt32BE(body.byteLength, 4);
  headBytes.copy(frame, LENGTHS_BYTES);
  frame.set(body, LENGTHS_BYTES + headBytes.length);
  return frame;
}

/** Frames out of the pieces in which they come. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** How many bytes there must be before it is worth looking. */
  #wanted = LENGTHS_BYTES;

  /** The frames that are whole with `piece`. @throws {FrameError} */
  take(piece: Buffer): readonly Frame[] {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes < this.#wanted) return [];
    let rest = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const frames: Frame[] = [];
    for (;;) {
      this.#wanted = wholeLength(rest);
      if (rest.length < this.#wanted) break;
      frames.push(frameOf(rest, this.#wanted));
      rest = rest.subarray(this.#wanted);
    }
    this.#pieces = [rest];
    this.#bytes = rest.length;
    return frames;
  }
}

function wholeLength(bytes: Buffer): number {
  if (bytes.length < LENGTHS_BYTES) return LENGTHS_BYTES;
  const [head, body] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
  if (head > HEAD_BYTES_MAX || body > BODY_BYTES_MAX) throw new FrameError("a frame is too long");
  return LENGTHS_BYTES + head + body;
}

function frameOf(bytes: Buffer, end: number): Frame {
  const headEnd = LENGTHS_BYTES + bytes.readUInt32BE(0);
  return { head: headOf(bytes.toString("utf8", LENGTHS_BYTES, headEnd)), body: bytes.subarray(headEnd, end) };
}

function headOf(text: string): FrameHead {
  const { type, id, contentType, last } = fieldsOf(text);
  if (typeof type !== "string") throw new FrameError("a frame does not say what it is");
  return {
    type,
    ...(typeof id === "string" && { id }),
    ...(typeof contentType === "string" && { contentType }),
    ...(last === true && { last }),
  };
}

function fieldsOf(text: string): { readonly [name in keyof FrameHead]?: unknown } {
  try {
    const head: unknown = JSON.parse(text);
    return typeof head === "object" && head !== null ? head : {};
  } catch (error) {
    throw new FrameError("the head of a frame is no JSON", { cause: error });
  }
}
