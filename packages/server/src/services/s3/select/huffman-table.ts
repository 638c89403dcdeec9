import type { BitReader } from "./bit-reader.ts";
import { truncatedInput } from "./errors.ts";

const LENGTH_MAX = 20;

/** Codes of symbols, given by their lengths alone: of one length they follow each other. */
export class HuffmanTable {
  /** The symbols in the order of their codes. */
  readonly #symbols: readonly number[];
  /** How many codes there are of each length. */
  readonly #counts: readonly number[];

  constructor(lengths: readonly number[]) {
    const counts = Array.from({ length: LENGTH_MAX + 1 }, () => 0);
    for (const length of lengths) {
      if (length < 1 || length > LENGTH_MAX) throw truncatedInput();
      counts[length] = (counts[length] ?? 0) + 1;
    }
    this.#counts = counts;
    this.#symbols = [...lengths.keys()].toSorted((one, other) => (lengths[one] ?? 0) - (lengths[other] ?? 0));
  }

  /** @throws {AwsError} `TruncatedInput` */
  read(bits: BitReader): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= LENGTH_MAX; length++) {
      code = code * 2 + bits.read(1);
      const count = this.#counts[length] ?? 0;
      if (code - first < count) return this.#symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) * 2;
    }
    throw truncatedInput();
  }
}
