/** One invocation on its instance: its answer as it grows, its lines, and how it ended. */
import type { InvocationOrder, Ended } from "../service/function-host.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the words as they were recorded of AWS. */
export const ANSWER_BYTES_MAX = 6_291_556;
const STREAMED_BYTES_MAX = 200 * 1024 * 1024;
const TAIL_BYTES = 4096;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (an event has 1 MB) */
const LINE_BYTES_MAX = 1024 * 1024;
const NOTHING = Buffer.alloc(0);
const LINE_END = 0x0a;

export type Ending =
  | { readonly kind: "answer"; readonly payload: Uint8Array }
  | { readonly kind: "failure"; readonly payload: Uint8Array; readonly status: "failure" | "error" | "timeout" };

export class Invocation {
  readonly order: InvocationOrder;
  readonly startedAtMs: number;
  readonly ended: Promise<Ended>;
  readonly #end: (invoked: Ended) => void;
  readonly #pieces: Uint8Array[] = [];
  #streamedBytes = 0;
  #contentType: string | undefined;
  /** The end of what it wrote. */
  #tail = "";

  constructor(order: InvocationOrder) {
    const { promise, resolve } = Promise.withResolvers<Ended>();
    this.order = order;
    this.ended = promise;
    this.#end = resolve;
    this.startedAtMs = performance.now();
  }

  /** Of one entry of the log. */
  line(text: string): void {
    if (!this.order.tail) return;
    this.#tail += text;
    if (this.#tail.length > 16 * TAIL_BYTES) this.#tail = this.#tail.slice(-TAIL_BYTES);
  }

  piece(piece: Uint8Array, contentType: string): void {
    this.#contentType = contentType;
    this.#streamedBytes += piece.byteLength;
    if (this.order.onPiece !== undefined) this.order.onPiece(piece, contentType);
    else this.#pieces.push(piece);
  }

  get isTooLong(): boolean {
    return this.#streamedBytes > STREAMED_BYTES_MAX;
  }

  /** What was streamed, for who waits for the whole. */
  get streamed(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  /** An answer that is too large is an error of its own. */
  held(payload: Uint8Array): Ending {
    if (payload.byteLength <= ANSWER_BYTES_MAX) return { kind: "answer", payload };
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${ANSWER_BYTES_MAX} bytes).`;
    return failure({ errorMessage, errorType: "Function.ResponseSizeTooLarge" }, "failure");
  }

  end({ kind, payload }: Ending, durationMs: number, initMs: number | undefined): void {
    const tail = Buffer.from(this.#tail, "utf8");
    this.#tail = "";
    this.#end({
      kind: "ended",
      payload,
      contentType: this.#contentType,
      failed: kind === "failure",
      tail: tail.length === 0 ? "" : tail.subarray(-TAIL_BYTES).toString("base64"),
      durationMs,
      initMs,
    });
  }
}

export function failure(answer: object, status: "failure" | "error" | "timeout"): Ending {
  return { kind: "failure", payload: Buffer.from(JSON.stringify(answer), "utf8"), status };
}

/** Text of an output that comes in any pieces, as whole lines. */
export class LineSplitter {
  /** Has room for more than is pending: a line may come letter by letter. */
  #room: Buffer = NOTHING;
  #pendingBytes = 0;

  take(text: Uint8Array): readonly string[] {
    this.#add(text);
    const isTooLong = this.#pendingBytes > LINE_BYTES_MAX;
    if (!isTooLong && !text.includes(LINE_END)) return [];
    const end = isTooLong ? this.#pendingBytes : this.#room.lastIndexOf(LINE_END, this.#pendingBytes - 1) + 1;
    const lines = this.#room.toString("utf8", 0, end).split(/(?<=\n)/);
    this.#drop(end);
    return lines;
  }

  rest(): readonly string[] {
    const rest = this.#room.toString("utf8", 0, this.#pendingBytes);
    this.#drop(this.#pendingBytes);
    return rest === "" ? [] : [`${rest}\n`];
  }

  #add(text: Uint8Array): void {
    const bytes = this.#pendingBytes + text.byteLength;
    if (bytes > this.#room.byteLength) {
      const larger = Buffer.alloc(Math.max(bytes, 2 * this.#room.byteLength));
      this.#room.copy(larger, 0, 0, this.#pendingBytes);
      this.#room = larger;
    }
    this.#room.set(text, this.#pendingBytes);
    this.#pendingBytes = bytes;
  }

  #drop(bytes: number): void {
    this.#room = bytes === this.#pendingBytes ? NOTHING : Buffer.from(this.#room.subarray(bytes, this.#pendingBytes));
    this.#pendingBytes -= bytes;
  }
}
