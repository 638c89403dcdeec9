import type { ProcessHost, ProcessHostOptions } from "./compute/host.ts";
import { once } from "./kernel/once.ts";
import type { FunctionHost, InvocationOrder, Invoked } from "./service/function-host.ts";

/** Processes are hosted from the first function on that runs. */
export class LazyFunctions implements FunctionHost {
  readonly #load: () => Promise<ProcessHost>;
  #host: ProcessHost | undefined;
  #change = Promise.withResolvers<void>();
  #endpoint: (() => Promise<string>) | undefined;

  constructor(options: Omit<ProcessHostOptions, "endpoint" | "changed">) {
    const endpoint = (): Promise<string> => this.#endpoint?.() ?? Promise.resolve("http://127.0.0.1:4566");
    const changed = (): void => {
      this.#change.resolve();
      this.#change = Promise.withResolvers();
    };
    this.#load = once(async () => {
      const { ProcessHost } = await import("./compute/host.ts");
      return (this.#host = new ProcessHost({ ...options, endpoint, changed }));
    });
  }

  /** Where functions reach the cloud; the last that is said. */
  reachAt(endpoint: () => Promise<string>): void {
    this.#endpoint = endpoint;
  }

  async invoke(order: InvocationOrder): Promise<Invoked> {
    const host = this.#host ?? (await this.#load());
    return host.invoke(order);
  }

  async warm(order: Parameters<FunctionHost["warm"]>[0]): Promise<boolean> {
    return (await this.#load()).warm(order);
  }

  running(of: string): number {
    return this.#host?.running(of) ?? 0;
  }

  retire(group: string): void {
    this.#host?.retire(group);
  }

  /** Whether lines of functions are on their way into their logs. */
  get busy(): boolean {
    return this.#host?.isWriting ?? false;
  }

  /** Ends when one more write has. */
  change(): Promise<void> {
    return this.#change.promise;
  }

  /** Ends all processes; others begin when they are wanted. */
  async reset(): Promise<void> {
    await this.#host?.reset();
  }

  async close(): Promise<void> {
    await this.#host?.close();
  }
}
