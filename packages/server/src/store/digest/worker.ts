/** The thread that works out sums, of many bodies at a time; it ends with the process. */
import { parentPort, workerData } from "node:worker_threads";
import { digestHere, type BodyDigest, type DigestAlgorithm } from "../../kernel/digest.ts";
import { RingEmptier, type SharedRing } from "./ring.ts";

/** The sums of a body that has ended. */
export interface Answer {
  readonly body: number;
  readonly sums: readonly (readonly [DigestAlgorithm, string])[];
}

const ring = new RingEmptier(workerData as SharedRing);
const digests = new Map<number, BodyDigest>();
for (;;) {
  const delivery = ring.take();
  const { body } = delivery;
  if (delivery.kind === "begin") digests.set(body, await digestHere(delivery.algorithms));
  else if (delivery.kind === "bytes") void digests.get(body)?.update(delivery.bytes);
  else {
    const digest = digests.get(body);
    digests.delete(body);
    if (delivery.kind === "end") {
      const answer: Answer = { body, sums: [...((await digest?.end()) ?? [])] };
      parentPort?.postMessage(answer, []);
    }
  }
}
