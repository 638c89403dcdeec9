/**
 * Sums over bodies, on another thread where that pays: of a large upload MD5 alone costs more than
 * all else that is done to it.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { digestHere, type BodyDigest, type DigestAlgorithm } from "../../kernel/digest.ts";
import { newRing, RingFiller } from "./ring.ts";

/** Smaller bodies are done before another thread would have begun. */
const THREAD_BYTES_MIN = 1_048_576;

/** One core is left to everything else. */
const THREADS_MAX = Math.min(4, availableParallelism() - 1);

/** Bundled, this file and the thread's lie beside each other. */
const THREAD = import.meta.url.endsWith(".ts")
  ? new URL("./worker.ts", import.meta.url)
  : new URL("digest-worker.js", import.meta.url);

/** Threads belong to the process: they are started when first needed, each serves one body at a time, and none is given back. */
const idle: RingFiller[] = [];
let started = 0;

/** `bytes`: about how large the body is. */
export async function startDigest(algorithms: readonly DigestAlgorithm[], bytes: number): Promise<BodyDigest> {
  const thread = bytes < THREAD_BYTES_MIN ? undefined : (idle.pop() ?? startThread());
  return thread ? digestThere(thread, algorithms) : digestHere(algorithms);
}

function startThread(): RingFiller | undefined {
  if (started >= THREADS_MAX) return undefined;
  started++;
  const ring = newRing();
  new Worker(THREAD, {
    workerData: ring,
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  }).unref();
  return new RingFiller(ring);
}

async function digestThere(thread: RingFiller, algorithms: readonly DigestAlgorithm[]): Promise<BodyDigest> {
  await thread.begin(JSON.stringify(algorithms));
  const end = async (): Promise<ReadonlyMap<DigestAlgorithm, string>> => {
    const answer = await thread.end();
    idle.push(thread);
    return new Map(JSON.parse(answer) as [DigestAlgorithm, string][]);
  };
  return { update: (piece) => thread.add(piece), end, abandon: () => void end() };
}
