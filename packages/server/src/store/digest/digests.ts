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

interface Thread {
  readonly worker: Worker;
  readonly ring: RingFiller;
}

/** Threads belong to the process: they are started when first needed, each serves one body at a time, and none is given back. */
const idle: Thread[] = [];
let started = 0;

/** `bytes`: about how large the body is. */
export async function startDigest(algorithms: readonly DigestAlgorithm[], bytes: number): Promise<BodyDigest> {
  const thread = bytes < THREAD_BYTES_MIN ? undefined : (takeIdle() ?? startThread());
  return thread ? digestThere(thread, algorithms) : digestHere(algorithms);
}

/** One that did not die meanwhile. */
function takeIdle(): Thread | undefined {
  for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) if (!thread.ring.failed) return thread;
  return undefined;
}

function startThread(): Thread | undefined {
  if (started >= THREADS_MAX) return undefined;
  started++;
  const workerData = newRing();
  const worker = new Worker(THREAD, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 2 } });
  worker.unref();
  const ring = new RingFiller(workerData);
  worker.once("error", (error) => {
    started--;
    ring.fail(error);
  });
  return { worker, ring };
}

async function digestThere(thread: Thread, algorithms: readonly DigestAlgorithm[]): Promise<BodyDigest> {
  const { worker, ring } = thread;
  // Waiting for shared memory keeps no process alive, and one that is stopping has nothing else that would.
  worker.ref();
  await ring.begin(JSON.stringify(algorithms));
  let ending: Promise<string> | undefined;
  // A body whose sums turn out wrong is ended, and then abandoned as well: the thread may hear of it once.
  const end = (): Promise<string> => {
    ending ??= ring.end().finally(() => {
      worker.unref();
      if (!ring.failed) idle.push(thread);
    });
    return ending;
  };
  return {
    update: (piece) => ring.add(piece),
    end: async () => new Map(JSON.parse(await end()) as [DigestAlgorithm, string][]),
    abandon: () => {
      end().catch(() => {});
    },
  };
}
