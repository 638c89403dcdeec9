/** The hash that the SDK's signers are given, made by Node. */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Checksum, SourceData } from "@smithy/types";

export class Sha256 implements Checksum {
  readonly #sum: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#sum = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(piece: Uint8Array): void {
    this.#sum.update(piece);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#sum.digest());
  }

  reset(): void {
    throw new Error("it is used once");
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
