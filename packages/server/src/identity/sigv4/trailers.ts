import {
  isChecksum,
  parseChecksumAlgorithm,
  startChecksum,
  type Checksum,
  type ChecksumAlgorithm,
} from "../../kernel/checksum.ts";
import type { ChunkSigner } from "./chunk-signer.ts";
import {
  badDigest,
  checksumTrailerInvalid,
  incompleteBody,
  malformedTrailer,
  severalChecksums,
  trailerUnsupported,
} from "./body-errors.ts";
import type { PieceReader } from "./piece-reader.ts";

/** All trailing headers together. */
const TRAILER_BYTES_MAX = 8192;

const SIGNATURE = "x-amz-trailer-signature";
const CHECKSUM = /^x-amz-checksum-(\w+)$/;

interface RunningChecksum {
  readonly header: string;
  readonly algorithm: ChecksumAlgorithm;
  readonly sum: Checksum;
}

/** The headers that a client promised, in `x-amz-trailer`, to send after the body. */
export class Trailers {
  readonly #announced: readonly string[];
  readonly #signer: ChunkSigner | undefined;
  readonly #checksums: readonly RunningChecksum[];
  readonly #values: Map<string, string>;

  private constructor(
    announced: readonly string[],
    checksums: readonly RunningChecksum[],
    signer: ChunkSigner | undefined,
    values: Map<string, string>,
  ) {
    this.#announced = announced;
    this.#checksums = checksums;
    this.#signer = signer;
    this.#values = values;
  }

  /**
   * `header` is the value of `x-amz-trailer`; the headers are put into `values` once they are read.
   * @throws {AuthenticationError} where it names anything but checksums; names may be followed by nothing. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
   */
  static async announce(
    header: string | undefined,
    signer: ChunkSigner | undefined,
    values: Map<string, string>,
  ): Promise<Trailers> {
    const named = (header ?? "")
      .trim()
      .toLowerCase()
      .replace(/(?<!,),+$/, "");
    const announced = named === "" ? [] : named.split(",").map((name) => name.trim());
    const checksums: RunningChecksum[] = [];
    for (const name of announced) {
      const algorithm = parseChecksumAlgorithm(CHECKSUM.exec(name)?.[1] ?? "");
      if (algorithm === undefined) throw trailerUnsupported();
      checksums.push({ header: name, algorithm, sum: await startChecksum(algorithm) });
    }
    if (checksums.length > 1) throw severalChecksums();
    return new Trailers(announced, checksums, signer, values);
  }

  /** Takes a piece of the body into account. */
  update(piece: Uint8Array): void {
    for (const { sum } of this.#checksums) sum.update(piece);
  }

  /**
   * Reads the headers that follow the last chunk, to the empty line or the end, and holds the body to them. What follows
   * is no matter. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
   * @throws {AuthenticationError}
   */
  async read(reader: PieceReader): Promise<void> {
    const signature = await this.#readLines(reader);
    if (this.#signer !== undefined) this.#checkSignature(this.#signer, signature);
    for (const checksum of this.#checksums) this.#check(checksum);
  }

  async #readLines(reader: PieceReader): Promise<string | undefined> {
    let left = TRAILER_BYTES_MAX;
    let signature: string | undefined;
    for (;;) {
      if (await reader.atEnd()) break;
      const line = await reader.line(left);
      if (line === undefined) throw incompleteBody();
      if (line === "") break;
      left -= line.length;
      const { name, value } = parseLine(line);
      if (name === SIGNATURE) signature = value;
      else if (this.#announced.includes(name)) this.#values.set(name, value);
      else throw malformedTrailer();
    }
    if (this.#announced.some((name) => !this.#values.has(name))) throw malformedTrailer();
    return signature;
  }

  #checkSignature(signer: ChunkSigner, signature: string | undefined): void {
    const lines = [...this.#values].map(([name, value]) => `${name}:${value}\n`).join("");
    if (signature === undefined) throw incompleteBody();
    signer.requireTrailers(signature, lines);
  }

  #check({ header, algorithm, sum }: RunningChecksum): void {
    const value = this.#values.get(header) ?? "";
    if (!isChecksum(algorithm, value)) throw checksumTrailerInvalid(header);
    if (sum.digest() !== value) throw badDigest(algorithm);
  }
}

function parseLine(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(":");
  if (colon <= 0) throw malformedTrailer();
  return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
}
