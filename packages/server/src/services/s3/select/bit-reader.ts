import { truncatedInput } from "./errors.ts";

/** Reads bytes bit by bit, the highest first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #place = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#place < this.#bytes.length * 8;
  }

  /** The next `count` bits as a number. @throws {AwsError} `TruncatedInput` */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const byte = this.#bytes[this.#place >> 3];
      if (byte === undefined) throw truncatedInput();
      const free = 8 - (this.#place & 7);
      const taken = Math.min(free, left);
      value = value * 2 ** taken + ((byte >> (free - taken)) & (2 ** taken - 1));
      this.#place += taken;
      left -= taken;
    }
    return value;
  }

  /** Goes on to the next whole byte. */
  align(): void {
    this.#place = Math.ceil(this.#place / 8) * 8;
  }
}
