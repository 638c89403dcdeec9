/** Sums over bodies as they flow by. */
import { hash } from "node:crypto";
import { inTurn, whenThere, type Soon } from "./soon.ts";
import { checksumOf, startChecksum, type Checksum, type ChecksumAlgorithm } from "./checksum.ts";

export type DigestAlgorithm = ChecksumAlgorithm;

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
  for (const algorithm of algorithms) sums.set(algorithm, await startChecksum(algorithm));
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
export function digestOf(
  algorithms: readonly DigestAlgorithm[],
  bytes: Uint8Array,
): Soon<ReadonlyMap<DigestAlgorithm, string>> {
  const sums = new Map<DigestAlgorithm, string>();
  const enter = (algorithm: DigestAlgorithm): Soon<void> =>
    whenThere(checksumOf(algorithm, bytes), (sum) => void sums.set(algorithm, sum));
  return whenThere(inTurn(algorithms.map((algorithm) => () => enter(algorithm))), () => sums);
}

/** A name that no other text has. */
export const nameOfContent = (text: string): string => hash("sha256", text, "base64url");
