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
  let ending: Promise<string> | undefined;
  // A body whose sums turn out wrong is ended, and then abandoned as well: the thread may hear of it once.
  const end = (): Promise<string> => {
    ending ??= thread.end().finally(() => idle.push(thread));
    return ending;
  };
  return {
    update: (piece) => thread.add(piece),
    end: async () => new Map(JSON.parse(await end()) as [DigestAlgorithm, string][]),
    abandon: () => void end(),
  };
}
