/** What a script can tell from the exit code. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  taken: 4,
  interrupted: 130,
} as const;

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "done",
  failed: "the command, or a lab's check, failed",
  usage: "the command line is wrong",
  notRunning: "no Kumobako answers at the endpoint",
  taken: "the port is in use, or a server of this directory already runs",
  interrupted: "interrupted twice with Ctrl-C",
};

/** A failure that the person is meant to see: what is wrong, and apart from it what to do. */
export class Failure extends Error {
  readonly exit: keyof typeof EXIT;
  readonly remedy: string | undefined;

  constructor(exit: Exclude<keyof typeof EXIT, "ok">, message: string, remedy?: string) {
    super(message);
    this.name = "Failure";
    this.exit = exit;
    this.remedy = remedy;
  }
}
