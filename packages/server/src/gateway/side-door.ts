/** A port for functions, where the cloud itself has none: it is opened for the first that asks. */
import { InvariantError } from "../kernel/assert.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import type { Arrival } from "./arrival.ts";
import { DRAIN_SECONDS_MAX, HEAD_SECONDS_MAX } from "./limits.ts";
import { listen, type Listening } from "./listener/listener.ts";

export class SideDoor {
  readonly #answer: (arrival: Arrival) => Promise<WireResponse>;
  #listening: Promise<Listening> | undefined;

  constructor(answer: (arrival: Arrival) => Promise<WireResponse>) {
    this.#answer = answer;
  }

  /** `http://127.0.0.1:49152` */
  async endpoint(): Promise<string> {
    const { port } = await (this.#listening ??= listen({
      hosts: ["127.0.0.1"],
      port: 0,
      answer: this.#answer,
      certificate: () => Promise.reject(new InvariantError("functions call without TLS")),
      drainSecondsMax: DRAIN_SECONDS_MAX,
      headSecondsMax: HEAD_SECONDS_MAX,
    }));
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    await (await this.#listening)?.close();
  }
}
