import type { Sink, Terminal } from "../src/terminal.ts";

export interface RecordingOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly isTTY?: boolean;
  /** What is answered when something is asked. */
  readonly answer?: boolean;
}

/** A terminal that keeps what was written to it. */
export class RecordingTerminal implements Terminal {
  out = "";
  err = "";
  readonly env: Terminal["env"];
  readonly directory: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stop: AbortSignal;
  readonly confirm: Terminal["confirm"];
  readonly #end = new AbortController();

  constructor({ env = {}, directory = "/nowhere", isTTY = false, answer = false }: RecordingOptions = {}) {
    this.env = env;
    this.directory = directory;
    this.stdout = { isTTY, columns: 100, write: (text) => (this.out += text) };
    this.stderr = { isTTY, columns: 100, write: (text) => (this.err += text) };
    this.stop = this.#end.signal;
    this.confirm = async () => answer;
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#end.abort();
  }
}
