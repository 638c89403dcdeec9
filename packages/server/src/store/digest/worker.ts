/** The thread that works out sums; it ends with the process. */
import { workerData } from "node:worker_threads";
import { digestHere, type BodyDigest, type DigestAlgorithm } from "../../kernel/digest.ts";
import { RingEmptier, type SharedRing } from "./ring.ts";

const ring = new RingEmptier(workerData as SharedRing);
let digest: BodyDigest | undefined;
for (;;) {
  const delivery = ring.take();
  if (delivery.kind === "begin") digest = await digestHere(JSON.parse(delivery.text) as DigestAlgorithm[]);
  else if (delivery.kind === "bytes") void digest?.update(delivery.bytes);
  else ring.answer(JSON.stringify([...((await digest?.end()) ?? [])]));
}
