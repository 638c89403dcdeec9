/**
 * Tree hashes: SHA-256 of each mebibyte, then of each two of these on end, and so on up to one. What has no neighbour
 * goes up as it is.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html
 */
import { createHash, hash, type Hash } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { MIB } from "../limits.ts";

const HASH_BYTES = 32;

/** Takes in a body as it flows. */
export class TreeHasher {
  readonly #leaves: Buffer[] = [];
  #leaf: Hash = createHash("sha256");
  #inLeaf = 0;

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      const piece = bytes.subarray(at, at + MIB - this.#inLeaf);
      this.#leaf.update(piece);
      this.#inLeaf += piece.byteLength;
      at += piece.byteLength;
      if (this.#inLeaf === MIB) this.#endLeaf();
    }
  }

  /** The hash of each mebibyte. Ends this hasher. */
  end(): readonly Buffer[] {
    if (this.#inLeaf > 0 || this.#leaves.length === 0) this.#endLeaf();
    return this.#leaves;
  }

  #endLeaf(): void {
    this.#leaves.push(this.#leaf.digest());
    this.#leaf = createHash("sha256");
    this.#inLeaf = 0;
  }
}

/** The root over `nodes`, which are of one level but for the last, that may be of a lower one. */
export function rootOf(nodes: readonly Uint8Array[]): Uint8Array {
  let level = nodes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = level.slice(at, at + 2);
      if (left === undefined) break;
      above.push(right === undefined ? left : hash("sha256", Buffer.concat([left, right]), "buffer"));
    }
    level = above;
  }
  const [root] = level;
  assert(root !== undefined, "there is something to hash");
  return root;
}

export const hexOf = (node: Uint8Array): string => Buffer.from(node).toString("hex");
export const nodeOf = (hex: string): Uint8Array => Buffer.from(hex, "hex");

/** Hashes on end, as they are kept. */
export const joined = (nodes: readonly Uint8Array[]): Uint8Array => Buffer.concat(nodes);

export function apart(bytes: Uint8Array): readonly Uint8Array[] {
  const nodes: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += HASH_BYTES) nodes.push(bytes.subarray(at, at + HASH_BYTES));
  return nodes;
}

/** Some of the bytes of a body, both ends included, and the size of the body. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly of: number;
}

/** Whether a span begins at a mebibyte and ends at one, or at the body's end. */
export const isMegabyteAligned = ({ start, end, of }: Span): boolean =>
  start % MIB === 0 && ((end + 1) % MIB === 0 || end + 1 === of);

/**
 * Whether the root over a span is a node of the whole tree.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations-range.html
 */
export function isTreeHashAligned(span: Span): boolean {
  if (!isMegabyteAligned(span)) return false;
  const first = span.start / MIB;
  const count = Math.ceil((span.end + 1) / MIB) - first;
  const endsBody = span.end + 1 === span.of;
  const whole = 2 ** Math.ceil(Math.log2(count));
  return first % whole === 0 && (count === whole || endsBody);
}
