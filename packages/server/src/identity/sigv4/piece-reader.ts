import type { ByteStream } from "../../kernel/bytes.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array();

/** Reads a stream by lines and by counts, without holding more of it than one piece and one line. */
export class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = NOTHING;

  constructor(stream: ByteStream) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /**
   * The next line without its end, CR and LF, as latin1; an LF alone is part of it. `undefined` where the stream ends
   * first or `bytesMax` come without one.
   */
  async line(bytesMax: number): Promise<string | undefined> {
    let line = "";
    for (;;) {
      const at = this.#piece.indexOf(LINE_FEED);
      line += latin1(this.#piece.subarray(0, at < 0 ? bytesMax + 1 : at));
      if (line.length > bytesMax) return undefined;
      if (at >= 0) {
        this.#piece = this.#piece.subarray(at + 1);
        if (line.charCodeAt(line.length - 1) === CARRIAGE_RETURN) return line.slice(0, -1);
        line += "\n";
      } else if (!(await this.#next())) return undefined;
    }
  }

  /** The next `count` bytes, piece by piece; fewer only where the stream ends first. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#piece.length === 0 && !(await this.#next())) return;
      const part = this.#piece.subarray(0, left);
      // nothing is asked of a piece that was given out whole: its memory may be gone
      this.#piece = part.length === this.#piece.length ? NOTHING : this.#piece.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Whether everything has been read. */
  async atEnd(): Promise<boolean> {
    while (this.#piece.length === 0) if (!(await this.#next())) return true;
    return false;
  }

  /** Reads the rest for nobody. */
  async skip(): Promise<void> {
    do this.#piece = NOTHING;
    while (await this.#next());
  }

  /** Lets go of the stream. */
  async end(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #next(): Promise<boolean> {
    const { value, done } = await this.#pieces.next();
    if (done === true) return false;
    this.#piece = value;
    return true;
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
