/**
 * Sums over bodies, on another thread where that pays: of a large upload MD5 alone costs more than
 * all else that is done to it.
 */
import { availableParallelism } from "node:os";
import { digestHere, type BodyDigest, type DigestAlgorithm } from "../../kernel/digest.ts";
import { DigestThread } from "./thread.ts";

/** Smaller bodies are done before another thread would have begun. */
const THREAD_BYTES_MIN = 1_048_576;

/** One core is left to everything else. */
const THREADS_MAX = Math.max(1, Math.min(4, availableParallelism() - 1));

/** Threads belong to the process: they are started when first needed, and none is given back. */
const threads = new Set<DigestThread>();

/** `bytes`: about how large the body is. */
export async function startDigest(algorithms: readonly DigestAlgorithm[], bytes: number): Promise<BodyDigest> {
  return bytes < THREAD_BYTES_MIN ? digestHere(algorithms) : freest().begin(algorithms);
}

/** The same of a body for which another digest is under way: while there is no other body, both go on at once, each on its thread. */
export async function startDigestBeside(algorithms: readonly DigestAlgorithm[], bytes: number): Promise<BodyDigest> {
  let bodies = 0;
  for (const thread of threads) bodies += thread.bodies;
  return bodies <= 1 ? digestHere(algorithms) : startDigest(algorithms, bytes);
}

function freest(): DigestThread {
  let found: DigestThread | undefined;
  for (const thread of threads) if (found === undefined || thread.bodies < found.bodies) found = thread;
  return found === undefined || (found.bodies > 0 && threads.size < THREADS_MAX) ? newThread() : found;
}

function newThread(): DigestThread {
  const thread = new DigestThread(() => threads.delete(thread));
  threads.add(thread);
  return thread;
}
