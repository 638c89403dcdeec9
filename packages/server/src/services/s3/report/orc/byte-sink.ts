/** Bytes that are written one after another. */
export class ByteSink {
  #bytes = new Uint8Array(1024);
  #size = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#size++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#room(values.byteLength);
    this.#bytes.set(values, this.#size);
    this.#size += values.byteLength;
  }

  /** Base 128, the lowest seven bits first. `value` is a whole number that is not negative. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  #room(more: number): void {
    if (this.#size + more <= this.#bytes.byteLength) return;
    const larger = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#size + more));
    larger.set(this.take());
    this.#bytes = larger;
  }
}
