/** What a command may touch of the process it runs in: given to it, so that tests give another. */
export interface Sink {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** How many characters fit on a line. */
  readonly columns: number;
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Aborted when the person or the system asks the command to end. */
  readonly stop: AbortSignal;
  /** Asks a question that is answered with yes or no. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const asked = new AbortController();
  let isHeeded = false;
  const heed = () => {
    if (isHeeded) return;
    isHeeded = true;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        asked.abort(signal);
        // Asked a second time, there is no waiting for what is under way.
        process.once(signal, () => process.exit(130));
      });
    }
  };
  // Who reads has gone, as `head` does when it has enough: that is no failure, and there is nothing left to say.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      asked.abort("EPIPE");
    });
  }
  return {
    env: process.env,
    directory: process.cwd(),
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    // a command that does not ask ends at once
    get stop() {
      heed();
      return asked.signal;
    },
    confirm,
  };
}

/** Where nothing is known of the width; and beyond which lines are hard to read. */
const COLUMNS = 100;
const COLUMNS_MAX = 120;

const sink = (stream: NodeJS.WriteStream): Sink => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY,
  columns: stream.isTTY ? Math.min(stream.columns, COLUMNS_MAX) : COLUMNS,
});

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
