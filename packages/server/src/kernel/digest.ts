/** Sums over bodies as they flow by. */
import { createHash, hash } from "node:crypto";
import { checksumOf, startChecksum, type Checksum, type ChecksumAlgorithm } from "./checksum.ts";

export type DigestAlgorithm = ChecksumAlgorithm | "MD5";

/** Several sums over one body. */
export interface BodyDigest {
  /** Where it gives a promise, no more may come before that is settled. */
  update(bytes: Uint8Array): Promise<void> | undefined;
  /** Each sum, as base64. Ends this digest. */
  end(): Promise<ReadonlyMap<DigestAlgorithm, string>>;
  /** Ends this digest; nobody wants to know. */
  abandon(): void;
}

/** Works the sums out on the thread that it is called on. */
export async function digestHere(algorithms: readonly DigestAlgorithm[]): Promise<BodyDigest> {
  const sums = new Map<DigestAlgorithm, Checksum>();
  for (const algorithm of algorithms) sums.set(algorithm, await startSum(algorithm));
  return {
    update(bytes) {
      for (const sum of sums.values()) sum.update(bytes);
      return undefined;
    },
    end: () => Promise.resolve(new Map([...sums].map(([algorithm, sum]) => [algorithm, sum.digest()] as const))),
    abandon: () => sums.clear(),
  };
}

/** The same of bytes that are all there. */
export async function digestOf(
  algorithms: readonly DigestAlgorithm[],
  bytes: Uint8Array,
): Promise<ReadonlyMap<DigestAlgorithm, string>> {
  const sums = new Map<DigestAlgorithm, string>();
  for (const algorithm of algorithms) {
    const sum = algorithm === "MD5" ? hash("md5", bytes, "base64") : checksumOf(algorithm, bytes);
    sums.set(algorithm, typeof sum === "string" ? sum : await sum);
  }
  return sums;
}

async function startSum(algorithm: DigestAlgorithm): Promise<Checksum> {
  if (algorithm !== "MD5") return startChecksum(algorithm);
  const md5 = createHash("md5");
  return { update: (bytes) => void md5.update(bytes), digest: () => md5.digest("base64") };
}

/** A name that no other text has. */
export const nameOfContent = (text: string): string => hash("sha256", text, "base64url");
