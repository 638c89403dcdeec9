/** A thread that works out sums, as those who send it bodies see it. */
import { Worker } from "node:worker_threads";
import type { BodyDigest, DigestAlgorithm } from "../../kernel/digest.ts";
import { newRing, RingFiller } from "./ring.ts";
import type { Answer } from "./worker.ts";

/** Bundled, this file and the thread's lie beside each other. */
const CODE = import.meta.url.endsWith(".ts")
  ? new URL("./worker.ts", import.meta.url)
  : new URL("digest-worker.js", import.meta.url);

type Sums = ReadonlyMap<DigestAlgorithm, string>;

type Ending = PromiseWithResolvers<Sums>;

/** Each serves many bodies at a time. */
export class DigestThread {
  readonly #worker: Worker;
  readonly #ring: RingFiller;
  /** By the numbers of bodies whose sums are waited for. */
  readonly #endings = new Map<number, Ending>();
  #begun = 0;
  /** How many bodies it has to do with. */
  bodies = 0;

  /** `onDeath` hears when it can serve no more. */
  constructor(onDeath: () => void) {
    const workerData = newRing();
    this.#ring = new RingFiller(workerData);
    this.#worker = new Worker(CODE, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 2 } });
    this.#worker.unref();
    this.#worker.on("message", ({ body, sums }: Answer) => {
      this.#endings.get(body)?.resolve(new Map(sums));
      this.#endings.delete(body);
    });
    this.#worker.once("error", (error) => {
      this.#ring.fail(error);
      for (const ending of this.#endings.values()) ending.reject(error);
      this.#endings.clear();
      onDeath();
    });
  }

  async begin(algorithms: readonly DigestAlgorithm[]): Promise<BodyDigest> {
    const body = this.#begun++;
    // Waiting for shared memory keeps no process alive, and one that is stopping has nothing else that would.
    if (this.bodies++ === 0) this.#worker.ref();
    let isOpen = true;
    const close = (): boolean => {
      const wasOpen = isOpen;
      isOpen = false;
      return wasOpen;
    };
    await this.#ring.begin(body, algorithms).catch((error: unknown) => {
      this.#leave();
      throw error;
    });
    return {
      update: (piece) => this.#ring.add(body, piece),
      end: () => {
        close();
        return this.#end(body);
      },
      // a body whose sums turn out wrong is ended, and then abandoned as well
      abandon: () => {
        if (close()) this.#drop(body);
      },
    };
  }

  async #end(body: number): Promise<Sums> {
    const ending: Ending = Promise.withResolvers();
    ending.promise.catch(() => {});
    this.#endings.set(body, ending);
    try {
      await this.#ring.end(body);
      return await ending.promise;
    } finally {
      this.#endings.delete(body);
      this.#leave();
    }
  }

  #drop(body: number): void {
    const leave = (): void => this.#leave();
    this.#ring.drop(body).then(leave, leave);
  }

  #leave(): void {
    if (--this.bodies === 0) this.#worker.unref();
  }
}
