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
  readonly #lookers = new Set<() => void>();
  readonly #end = new AbortController();

  constructor({ env = {}, directory = "/nowhere", isTTY = false, answer = false }: RecordingOptions = {}) {
    this.env = env;
    this.directory = directory;
    this.stdout = {
      isTTY,
      columns: 100,
      write: (text) => {
        this.out += text;
        for (const look of this.#lookers) look();
      },
    };
    this.stderr = { isTTY, columns: 100, write: (text) => (this.err += text) };
    this.stop = this.#end.signal;
    this.confirm = async () => answer;
  }

  /** The first match of `pattern` in what is written to standard output, as soon as it is. */
  async shown(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve) => {
      const look = () => {
        const match = pattern.exec(this.out);
        if (match === null) return;
        this.#lookers.delete(look);
        resolve(match);
      };
      this.#lookers.add(look);
      look();
    });
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#end.abort();
  }
}
