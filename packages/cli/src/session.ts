import { ControlClient } from "./control.ts";
import { Output } from "./output.ts";
import { readNote, stateDirectory, type StateDirectory } from "./state-directory.ts";
import type { Terminal } from "./terminal.ts";

export const DEFAULT_PORT = 4566;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly endpoint?: string;
  readonly port?: number;
  readonly data?: string;
}

/** One command as it runs: who asks, how to answer, which server is meant. */
export class Session {
  readonly terminal: Terminal;
  readonly output: Output;
  readonly directory: StateDirectory;
  readonly endpoint: string;
  readonly control: ControlClient;
  /** `undefined`: the root users' secret is `test`. */
  readonly rootSecret: string | undefined;

  constructor(terminal: Terminal, options: GlobalOptions) {
    this.terminal = terminal;
    this.output = new Output(terminal, options.json === true);
    this.directory = stateDirectory(terminal, options.data);
    this.endpoint = endpointOf(terminal, options, this.directory);
    // set to nothing is not set
    this.rootSecret = terminal.env["KUMOBAKO_ROOT_SECRET"] || undefined;
    this.control = new ControlClient({ endpoint: this.endpoint, secret: this.rootSecret });
  }
}

/** What was said on the command line, then what the AWS tools of this shell use, then this directory's server. */
function endpointOf(terminal: Terminal, { endpoint, port }: GlobalOptions, directory: StateDirectory): string {
  const { KUMOBAKO_ENDPOINT, AWS_ENDPOINT_URL } = terminal.env;
  if (endpoint !== undefined) return endpoint;
  if (port !== undefined) return `http://localhost:${port}`;
  return KUMOBAKO_ENDPOINT ?? AWS_ENDPOINT_URL ?? readNote(directory)?.endpoint ?? `http://localhost:${DEFAULT_PORT}`;
}
